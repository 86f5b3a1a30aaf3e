"""Explanations of parameters: how they open and close, what they say, and what they leave free."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollBar
from pytestqt.qtbot import QtBot

from app.domain.parameters.kinds import ParameterGroup
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.providers import OPENROUTER
from app.ui.common.in_view import InView
from app.ui.parameters.explanation import WIDTH, Explanation, place_beside
from app.ui.parameters.panel import ParameterPanel
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep

ROOM = QRect(0, 0, 1280, 800)


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, in_view: InView) -> ParameterPanel:
    in_view.choose_model(OPENROUTER.id, OPENROUTER.model)
    panel = ParameterPanel(in_view)
    keep(qtbot, panel)
    panel.resize(300, 700)
    panel.show()
    panel.rows.groups[ParameterGroup.SAMPLING].head.setChecked(True)
    panel.activateWindow()
    return panel


def shown(panel: ParameterPanel) -> Explanation | None:
    found = panel.window().findChild(Explanation)
    return found if isinstance(found, Explanation) and found.isVisible() else None


def words(explanation: Explanation) -> str:
    return "\n".join(label.text() for label in explanation.findChildren(QLabel))


def test_it_opens_by_mouse_and_escape_closes_it(qtbot: QtBot, panel: ParameterPanel) -> None:
    row = panel.rows.row("min_p")
    qtbot.mouseClick(row.info, Qt.MouseButton.LeftButton)
    explanation = shown(panel)
    assert explanation is not None
    assert row.parameter.help in words(explanation)
    assert "min_p · 0 to 1" in words(explanation)
    assert explanation.width() <= WIDTH == 320
    # A second press of the button closes it as well.
    qtbot.mouseClick(row.info, Qt.MouseButton.LeftButton)
    assert shown(panel) is None
    qtbot.mouseClick(row.info, Qt.MouseButton.LeftButton)
    assert shown(panel) is explanation
    qtbot.keyClick(explanation, Qt.Key.Key_Escape)
    assert shown(panel) is None


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_it_opens_by_keyboard(qtbot: QtBot, panel: ParameterPanel, key: Qt.Key) -> None:
    info = panel.rows.row("min_p").info
    info.setFocus()
    qtbot.keyClick(info, key)
    explanation = shown(panel)
    assert explanation is not None
    qtbot.keyClick(explanation, Qt.Key.Key_Escape)
    assert panel.focusWidget() is info


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda one: one.name)
def test_it_covers_no_part_of_its_row_and_no_text_is_cut(
    qtbot: QtBot, panel: ParameterPanel, parameter: object
) -> None:
    name = parameter.name  # type: ignore[attr-defined]
    panel.rows.groups[panel.rows.row(name).parameter.group].head.setChecked(True)
    row = panel.rows.row(name)
    row.info.click()
    explanation = shown(panel)
    assert explanation is not None
    there = QRect(row.mapTo(panel, QPoint(0, 0)), row.size())
    assert panel.rect().contains(explanation.geometry())
    assert not explanation.geometry().intersects(there)
    assert not any(bar.isVisible() for bar in explanation.findChildren(QScrollBar))
    for label in explanation.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width()), label.text()
    explanation.dismiss()


@pytest.mark.parametrize(
    "row",
    [
        QRect(980, 100, 268, 44),
        QRect(980, 750, 268, 44),
        QRect(0, 0, 268, 44),
        QRect(10, 300, 260, 44),
        QRect(1000, 380, 260, 44),
    ],
)
@pytest.mark.parametrize("high", [100, 380, 600])
def test_its_place_leaves_the_row_free_and_is_on_the_screen(row: QRect, high: int) -> None:
    place = place_beside(row, QSize(320, high), ROOM)
    assert not place.intersects(row)
    assert ROOM.contains(place)
    assert (place.width(), place.height() <= high) == (320, True)
    assert place.height() == min(high, max(row.top() - 4, ROOM.bottom() - row.bottom() - 4))


def test_a_press_elsewhere_closes_it(qtbot: QtBot, panel: ParameterPanel) -> None:
    panel.rows.row("min_p").info.click()
    assert shown(panel) is not None
    qtbot.mouseClick(panel.rows.groups[ParameterGroup.TOOLS].head, Qt.MouseButton.LeftButton)
    assert shown(panel) is None


def test_a_conflict_is_settled_there(panel: ParameterPanel, in_view: InView) -> None:
    in_view.set_values({"top_logprobs": 3})
    row = panel.rows.row("top_logprobs")
    row.info.click()
    explanation = shown(panel)
    assert explanation is not None
    assert "need Log probabilities to be on" in words(explanation)
    button = next(
        one
        for one in explanation.findChildren(QPushButton)
        if one.text() == "Turn on Log probabilities"
    )
    button.click()
    assert in_view.values == {"top_logprobs": 3, "logprobs": True}
    assert shown(panel) is None


def test_it_says_what_the_row_has_no_room_for(panel: ParameterPanel, in_view: InView) -> None:
    in_view.set_values({"top_k": 40})
    panel.show_last({"top_k": 20})
    panel.show_readings({"top_k": "≈3 of 49,152 tokens stay."})
    panel.show_defaults({"top_k": 64})
    panel.rows.row("top_k").info.click()
    explanation = shown(panel)
    assert explanation is not None
    said = words(explanation)
    for line in ("last answer: 20 before", "≈3 of 49,152 tokens stay.", "Server's default: 64"):
        assert line in said


def test_a_screen_reader_is_told_what_it_says(panel: ParameterPanel) -> None:
    row = panel.rows.row("top_p")
    assert row.info.accessibleName() == "About Top P"
    assert row.parameter.help in row.info.accessibleDescription()
    assert row.parameter.help in row.editor.control().accessibleDescription()
