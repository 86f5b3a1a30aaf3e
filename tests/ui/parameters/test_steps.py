"""Keys and the mouse wheel step a value by the size that the modifiers ask for; the wheel does so
only while its control has keyboard focus."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent

from app.ui.parameters.steps import Stepping, StepSize

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def wheel(
    turned: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> QWheelEvent:
    """A wheel event with a vertical angle delta, in eighths of a degree."""
    return QWheelEvent(
        QPointF(),
        QPointF(),
        QPoint(),
        QPoint(0, turned),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def test_a_notch_is_a_step_while_the_control_has_focus() -> None:
    event = wheel(120)
    assert Stepping(sideways=True).of_wheel(event, focused=True) == (1, StepSize.PLAIN)
    assert event.isAccepted()


def test_without_focus_the_wheel_is_left_to_the_panel() -> None:
    event = wheel(120)
    assert Stepping(sideways=True).of_wheel(event, focused=False) is None
    assert not event.isAccepted()


def test_parts_of_a_notch_add_up() -> None:
    notches = Stepping(sideways=True)
    assert notches.of_wheel(wheel(-80), focused=True) is None
    assert notches.of_wheel(wheel(-80), focused=True) == (-1, StepSize.PLAIN)


@pytest.mark.parametrize(
    ("modifier", "size"),
    [
        (Qt.KeyboardModifier.ShiftModifier, StepSize.FINE),
        (Qt.KeyboardModifier.ControlModifier, StepSize.COARSE),
    ],
)
def test_modifiers_choose_the_size_of_a_step(modifier: Qt.KeyboardModifier, size: StepSize) -> None:
    assert Stepping(sideways=True).of_wheel(wheel(120, modifier), focused=True) == (1, size)


def step(
    key: Qt.Key, modifiers: Qt.KeyboardModifier = Modifier.NoModifier, *, sideways: bool = True
) -> tuple[int, StepSize] | None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers)
    return Stepping(sideways=sideways).of_key(event)


@pytest.mark.parametrize(
    ("up", "down"), [(Key.Key_Up, Key.Key_Down), (Key.Key_Right, Key.Key_Left)]
)
def test_arrows_step_by_the_size_of_their_modifier(up: Qt.Key, down: Qt.Key) -> None:
    for modifiers, size in (
        (Modifier.NoModifier, StepSize.PLAIN),
        (Modifier.ShiftModifier, StepSize.FINE),
        (Modifier.ControlModifier, StepSize.COARSE),
        (Modifier.ShiftModifier | Modifier.ControlModifier, StepSize.FINE),
    ):
        assert step(up, modifiers) == (1, size)
        assert step(down, modifiers) == (-1, size)


def test_the_page_keys_step_coarsely() -> None:
    assert step(Key.Key_PageUp) == (1, StepSize.COARSE)
    assert step(Key.Key_PageDown, Modifier.ShiftModifier) == (-1, StepSize.COARSE)


def test_a_field_keeps_the_arrows_of_its_cursor() -> None:
    assert step(Key.Key_Left, sideways=False) is None
    assert step(Key.Key_Right, Modifier.ShiftModifier, sideways=False) is None
    assert step(Key.Key_Up, sideways=False) == (1, StepSize.PLAIN)


def test_other_keys_step_nothing() -> None:
    assert step(Key.Key_A) is None
