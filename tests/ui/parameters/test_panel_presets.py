"""Keys and double clicks at the panel, what differs, and presets put on and taken back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider, QWidget
from pytestqt.qtbot import QtBot

from app.domain.parameters.presets import Preset, neutral
from app.ui.common.in_view import InView
from app.ui.parameters.panel import ParameterPanel
from app.ui.parameters.row import ParameterRow
from tests.ui.conftest import keep

NO, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def panel(qtbot: QtBot, in_view: InView) -> ParameterPanel:
    panel = ParameterPanel(in_view)
    keep(qtbot, panel)
    return panel


def row(panel: ParameterPanel, name: str) -> ParameterRow:
    return panel.rows.row(name)


def slider(panel: ParameterPanel, name: str) -> QSlider:
    found = row(panel, name).findChild(QSlider)
    assert found is not None
    return found


@pytest.mark.parametrize(("modifier", "value"), [(NO, 1.05), (SHIFT, 1.01), (CONTROL, 1.5)])
def test_shift_steps_finely_and_control_coarsely(
    qtbot: QtBot,
    panel: ParameterPanel,
    in_view: InView,
    modifier: Qt.KeyboardModifier,
    value: float,
) -> None:
    field: QWidget = row(panel, "temperature").editor.control()
    qtbot.keyClick(field, Qt.Key.Key_Up, modifier)
    assert in_view.values.get("temperature") == value
    in_view.set_value("temperature", None)
    qtbot.keyClick(slider(panel, "temperature"), Qt.Key.Key_Right, modifier)
    assert in_view.values.get("temperature") == value


def test_a_double_click_goes_back_to_the_default(
    qtbot: QtBot, panel: ParameterPanel, in_view: InView
) -> None:
    for target in (slider(panel, "min_p"), row(panel, "min_p").head):
        in_view.set_value("min_p", 0.1)
        qtbot.mouseDClick(target, Qt.MouseButton.LeftButton)
        assert in_view.values.get("min_p") is None


def test_top_k_ends_in_all(qtbot: QtBot, panel: ParameterPanel, in_view: InView) -> None:
    in_view.set_value("top_k", 1)
    qtbot.keyClick(slider(panel, "top_k"), Qt.Key.Key_Left)
    assert in_view.values.get("top_k") == 1
    slider(panel, "top_k").setValue(slider(panel, "top_k").maximum())
    assert in_view.values.get("top_k") == 0


def test_an_edit_holds_at_once(panel: ParameterPanel, in_view: InView) -> None:
    told: list[dict[str, object]] = []
    in_view.values_changed.connect(lambda: told.append(in_view.values))
    slider(panel, "temperature").setValue(14)
    assert told == [{"temperature": 0.7}]


def test_what_differs_is_said_in_words_and_to_a_screen_reader(
    panel: ParameterPanel, in_view: InView
) -> None:
    in_view.set_values({"temperature": 0.5})
    panel.show_preset(Preset("c", "Calm", "", {"temperature": 0.3}))
    panel.show_last({"temperature": 0.7})
    one = row(panel, "temperature")
    assert "preset: 0.3 there" in one.head.toolTip()
    assert "last answer: 0.7 before" in one.head.toolTip()
    assert one.head.marked
    assert "last answer: 0.7 before" in one.editor.control().accessibleDescription()
    in_view.set_value("temperature", 0.3)
    assert one.head.toolTip() == "Changed since the last answer: 0.7 before"
    assert one.head.marked


def test_all_is_reset_in_two_ways(panel: ParameterPanel, in_view: InView) -> None:
    told: list[tuple[dict[str, object], str]] = []
    panel.replace_wanted.connect(lambda values, words: told.append((values, words)))
    in_view.set_values({"temperature": 0.5, "max_tokens": 9})
    panel.rows.neutral_wanted.emit()
    assert told[-1][0] == {**neutral(), "max_tokens": 9}
    panel.rows.unset_wanted.emit()
    assert told[-1][0] == {}
