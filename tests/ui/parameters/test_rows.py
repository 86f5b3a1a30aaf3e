"""Rows of the panel: their height, and that nothing that appears moves them."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.parameters.kinds import FoundConflict, ParameterGroup
from app.domain.parameters.presets import Preset
from app.domain.parameters.table import BY_NAME, PARAMETERS
from app.domain.providers.providers import OPENROUTER
from app.ui.common.in_view import InView
from app.ui.parameters.number_editor import NumberEditor
from app.ui.parameters.panel import ParameterPanel
from app.ui.parameters.row import Notes, ParameterRow
from app.ui.parameters.rows import GROUPS
from app.ui.parameters.slider import ValueSlider
from app.ui.theme.theme import Theme
from tests.domain.parameters.test_table import GOOD
from tests.ui.conftest import keep

#: Widths of the panel: at the least, in a window of 900 pixels, at first, and wide.
WIDTHS = (260, 300, 339, 384, 480)


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, in_view: InView) -> ParameterPanel:
    """A panel on the screen with every group open and a model that supports everything."""
    in_view.choose_model(OPENROUTER.id, OPENROUTER.model)
    panel = ParameterPanel(in_view)
    keep(qtbot, panel)
    panel.resize(384, 900)
    panel.show()
    for group in ParameterGroup:
        panel.rows.groups[group].head.setChecked(True)
    QApplication.sendPostedEvents()
    return panel


def slider_of(row: ParameterRow) -> ValueSlider:
    assert isinstance(row.editor, NumberEditor)
    slider = row.editor.slider
    assert slider is not None
    return slider


def places(panel: ParameterPanel, *, controls: bool) -> dict[str, tuple[int, int, int, int]]:
    """Where each row, its label and its button are in the panel, and also its control if
    `controls`."""
    QApplication.sendPostedEvents()
    found = {}
    for name in BY_NAME:
        row = panel.rows.row(name)
        parts: dict[str, QWidget] = {"row": row, "label": row.head, "info": row.info}
        if controls:
            parts["control"] = row.editor.control()
        for part, widget in parts.items():
            at = widget.mapTo(panel, QPoint(0, 0))
            found[f"{name} {part}"] = (at.x(), at.y(), widget.width(), widget.height())
    return found


def set_values(panel: ParameterPanel, in_view: InView) -> None:
    in_view.set_values({name: value for name, (_text, value) in GOOD.items()})


def clear_values(panel: ParameterPanel, in_view: InView) -> None:
    in_view.set_values({})


def show_readings(panel: ParameterPanel, in_view: InView) -> None:
    panel.show_readings(dict.fromkeys(BY_NAME, "≈3 of 49,152 tokens stay in the median step."))


def show_differences(panel: ParameterPanel, in_view: InView) -> None:
    panel.show_preset(Preset("p", "Preset", "", {"temperature": 0.1}))
    panel.show_last(dict.fromkeys(BY_NAME))


def refuse(panel: ParameterPanel, in_view: InView) -> None:
    reasons = dict.fromkeys(BY_NAME, "DeepSeek V4 Pro doesn't support this parameter at all.")
    panel.rows.show_support(reasons, frozenset())
    panel.rows.show_state(in_view.values, [])


def contradict(panel: ParameterPanel, in_view: InView) -> None:
    conflicts = [FoundConflict(name, "This contradicts another parameter.") for name in BY_NAME]
    panel.rows.show_state(in_view.values, conflicts)


def mistype(panel: ParameterPanel, in_view: InView) -> None:
    for name in ("temperature", "seed", "tools", "logit_bias"):
        field = panel.rows.row(name).editor.control()
        assert isinstance(field, QLineEdit)
        field.setText("{x")


CHANGES = (set_values, clear_values, show_readings, show_differences, refuse, contradict, mistype)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_row_takes_at_most_44_pixels_in_every_state(
    panel: ParameterPanel, in_view: InView, width: int
) -> None:
    panel.resize(width, 900)
    for change in CHANGES:
        change(panel, in_view)
        QApplication.sendPostedEvents()
        heights = {name: panel.rows.row(name).height() for name in BY_NAME}
        # In a narrow panel the label stands above the editor, with a gap above it.
        most = 44 if width >= 339 else 48
        assert {name: high for name, high in heights.items() if high > most} == {}, change.__name__
        tops = [panel.rows.row(name).y() for name in GROUPS[ParameterGroup.SAMPLING]]
        assert max(below - top for top, below in pairwise(tops)) <= most


@pytest.mark.parametrize("width", WIDTHS)
def test_a_reason_is_read_whole_or_in_two_words(
    panel: ParameterPanel, in_view: InView, width: int
) -> None:
    panel.resize(width, 900)
    refuse(panel, in_view)
    QApplication.sendPostedEvents()
    row = panel.rows.row("min_p")
    said = {row.reason.text(), row.message.text()} - {""}
    reason = "DeepSeek V4 Pro doesn't support this parameter at all."
    assert said == ({"Not supported", reason} if width >= 339 else {reason})
    assert row.reason.toolTip() == reason


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_nothing_that_appears_moves_a_row(
    panel: ParameterPanel, in_view: InView, change: Callable[[ParameterPanel, InView], None]
) -> None:
    for are_set in (True, False):
        (set_values if are_set else clear_values)(panel, in_view)
        # Where a parameter is neither supported nor set, the reason stands in the control's place.
        controls = are_set or change is not refuse
        before = places(panel, controls=controls)
        change(panel, in_view)
        after = places(panel, controls=controls)
        moved = {name: (before[name], at) for name, at in after.items() if at != before[name]}
        assert moved == {}
        panel.rows.show_support({}, frozenset())
        panel.rows.show_state(in_view.values, [])


def test_a_row_of_large_text_keeps_its_height(
    qtbot: QtBot, qapp: QApplication, in_view: InView
) -> None:
    before = qapp.font()
    try:
        Theme(qapp, "light", 2.0)
        row = ParameterRow(BY_NAME["include_reasoning"])
        keep(qtbot, row)
        row.resize(260, 10)
        row.show()
        high = row.sizeHint().height()
        row.show_notes(Notes(reason="The model on this computer doesn't reason at all. " * 3))
        QApplication.sendPostedEvents()
        assert row.sizeHint().height() == high
    finally:
        Theme(qapp, "light")
        qapp.setFont(before)


@pytest.mark.parametrize("name", [one.name for one in PARAMETERS if one.neutral is not None])
def test_an_unset_slider_has_no_thumb(panel: ParameterPanel, in_view: InView, name: str) -> None:
    slider = slider_of(panel.rows.row(name))
    assert accents(slider) == 0
    in_view.set_value(name, GOOD[name][1])
    assert accents(slider) > 50
    in_view.set_value(name, None)
    assert accents(slider) == 0


def test_the_coloured_part_says_how_much(panel: ParameterPanel, in_view: InView) -> None:
    in_view.set_values({"top_p": 0.9, "presence_penalty": -0.5})
    most = slider_of(panel.rows.row("top_p"))
    in_view.set_value("top_p", 0.3)
    image, accent = picture(most), most.palette().highlight().color()
    middle = image.height() // 2
    assert image.pixelColor(8, middle) == accent  # from the left end
    assert image.pixelColor(image.width() - 12, middle) != accent
    # Where values may be negative it begins at 0.
    signed = picture(slider_of(panel.rows.row("presence_penalty")))
    assert signed.pixelColor(8, middle) != accent


def test_a_click_on_an_unset_slider_sets_the_value_under_it(
    qtbot: QtBot, panel: ParameterPanel, in_view: InView
) -> None:
    slider = slider_of(panel.rows.row("temperature"))
    # The middle is the position of an unset slider as well.
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=middle)
    assert in_view.values == {"temperature": 1.0}


def test_a_key_on_an_unset_slider_sets_a_value(
    qtbot: QtBot, panel: ParameterPanel, in_view: InView
) -> None:
    slider = slider_of(panel.rows.row("top_p"))
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert in_view.values == {"top_p": 0.99}


def test_a_known_default_is_a_tick_and_no_value(panel: ParameterPanel, in_view: InView) -> None:
    row = panel.rows.row("temperature")
    bare = picture(slider_of(row))
    panel.show_defaults({"temperature": 0.4})
    assert picture(slider_of(row)) != bare
    assert slider_of(row).toolTip() == "Server's default: 0.4"
    assert "Server's default: 0.4" in row.editor.control().accessibleDescription()
    assert not slider_of(row).has_thumb
    panel.show_defaults({})
    assert picture(slider_of(row)) == bare


def test_what_is_set_but_not_supported_says_that_it_is_not_sent(
    panel: ParameterPanel, in_view: InView
) -> None:
    in_view.set_value("top_k", 40)
    refuse(panel, in_view)
    row = panel.rows.row("top_k")
    assert row.message.text() == "Not sent: not supported"
    assert row.editor.isVisibleTo(row)
    assert row.reset.isVisibleTo(row)
    assert panel.rows.row("min_p").message.text().startswith("DeepSeek V4 Pro doesn't support")


def test_a_refused_parameter_can_be_tried_again(panel: ParameterPanel, in_view: InView) -> None:
    row = panel.rows.row("seed")
    assert not row.retry.isVisibleTo(row)
    panel.rows.show_support({"seed": "It doesn't support seed."}, frozenset({"seed"}))
    panel.rows.show_state({}, [])
    told: list[str] = []
    panel.retry_wanted.connect(told.append)
    assert row.retry.isVisibleTo(row)
    row.retry.click()
    assert told == ["seed"]


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def accents(widget: QWidget) -> int:
    """How many pixels of a widget have the accent colour."""
    accent, image = widget.palette().highlight().color(), picture(widget)
    return sum(image.pixelColor(x, y) == accent for x, y in pixels(image))


def pixels(image: QImage) -> Iterator[tuple[int, int]]:
    return ((x, y) for x in range(image.width()) for y in range(image.height()))


def test_the_colour_of_a_value_is_the_accent(theme: Theme, panel: ParameterPanel) -> None:
    assert panel.palette().highlight().color() == QColor(theme.colours.accent)
