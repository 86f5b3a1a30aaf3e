"""The slider and the field of a number: wheel and keys alike, and no news without a change."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from app.domain.parameters.kinds import Json
from app.domain.parameters.table import BY_NAME
from app.ui.parameters.number_editor import NumberEditor
from tests.ui.conftest import keep

#: What a wheel reports for one notch.
NOTCH = 120
CONTROLS = (QSlider, QLineEdit)

Made = tuple[NumberEditor, list[Json | None]]


@pytest.fixture
def made(qtbot: QtBot) -> Made:
    """The editor of the temperature (0 to 2 in steps of 0.05) on the screen, and its edits."""
    return editor_of(qtbot, "temperature")


def editor_of(qtbot: QtBot, name: str) -> Made:
    editor = NumberEditor(BY_NAME[name])
    keep(qtbot, editor)
    edits: list[Json | None] = []
    editor.edited.connect(edits.append)
    editor.resize(400, 40)
    editor.show()
    editor.activateWindow()
    QTest.qWaitForWindowActive(editor)
    return editor, edits


def part(editor: NumberEditor, kind: type[QWidget]) -> QWidget:
    found = editor.findChild(kind)
    assert isinstance(found, QWidget)
    return found


def turn(
    widget: QWidget,
    angle: int,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> bool:
    """Turn the wheel above a widget; whether the widget took it."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


@pytest.mark.parametrize("kind", CONTROLS)
def test_the_wheel_steps_once_a_notch_where_the_keyboard_is(
    made: Made, kind: type[QWidget]
) -> None:
    editor, edits = made
    widget = part(editor, kind)
    widget.setFocus()
    editor.show_value(1.0)
    assert turn(widget, NOTCH)
    assert turn(widget, NOTCH // 2)
    assert edits == [1.05]
    assert turn(widget, NOTCH // 2)
    assert turn(widget, -NOTCH, Qt.KeyboardModifier.ControlModifier)
    assert edits == [1.05, 1.1, 0.6]


@pytest.mark.parametrize("kind", CONTROLS)
def test_the_wheel_scrolls_the_panel_where_the_keyboard_is_elsewhere(
    made: Made, kind: type[QWidget]
) -> None:
    editor, edits = made
    editor.show_value(1.0)
    (other,) = (one for one in CONTROLS if one is not kind)
    part(editor, other).setFocus()
    assert not turn(part(editor, kind), NOTCH)
    assert edits == []


@pytest.mark.parametrize("kind", CONTROLS)
def test_keys_step_finely_plainly_and_coarsely(made: Made, kind: type[QWidget]) -> None:
    editor, edits = made
    widget = part(editor, kind)
    editor.show_value(1.0)
    QTest.keyClick(widget, Qt.Key.Key_Up)
    QTest.keyClick(widget, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(widget, Qt.Key.Key_PageDown)
    assert edits == [1.05, 1.04, 0.54]


def test_sideways_arrows_step_the_slider_and_move_the_cursor_of_the_field(made: Made) -> None:
    editor, edits = made
    editor.show_value(1.0)
    QTest.keyClick(part(editor, QLineEdit), Qt.Key.Key_Left)
    assert edits == []
    QTest.keyClick(part(editor, QSlider), Qt.Key.Key_Left)
    assert edits == [0.95]


def test_a_value_that_is_shown_is_not_told_as_an_edit(made: Made) -> None:
    editor, edits = made
    for value in (0.5, 2.0, None):
        editor.show_value(value)
    assert edits == []


@pytest.mark.parametrize("kind", CONTROLS)
def test_a_step_beyond_the_end_of_the_range_tells_nothing(made: Made, kind: type[QWidget]) -> None:
    editor, edits = made
    editor.show_value(2.0)
    QTest.keyClick(part(editor, kind), Qt.Key.Key_Up)
    assert edits == []


def test_a_click_where_the_knob_stands_tells_nothing(made: Made) -> None:
    editor, edits = made
    slider = part(editor, QSlider)
    assert isinstance(slider, QSlider)
    told = QSignalSpy(slider.valueChanged)
    place = QPoint(slider.width() // 4, slider.height() // 2)
    for _click in range(2):
        QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=place)
        assert (told.count(), len(edits)) == (1, 1)


def test_places_of_the_slider_between_two_values_tell_nothing(qtbot: QtBot) -> None:
    scaled = next(name for name, one in BY_NAME.items() if one.scale is not None)
    editor, edits = editor_of(qtbot, scaled)
    slider = editor.findChild(QSlider)
    assert slider is not None
    for place in range(slider.maximum() + 1):
        slider.setValue(place)
    assert len(edits) > 1
    assert all(before != after for before, after in pairwise(edits))
