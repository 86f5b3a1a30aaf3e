"""The mouse wheel changes a number only while its control has keyboard focus."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from app.ui.parameters.steps import StepSize, WheelNotches


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
    assert WheelNotches().step(event, focused=True) == (1, StepSize.PLAIN)
    assert event.isAccepted()


def test_without_focus_the_wheel_is_left_to_the_panel() -> None:
    event = wheel(120)
    assert WheelNotches().step(event, focused=False) is None
    assert not event.isAccepted()


def test_parts_of_a_notch_add_up() -> None:
    notches = WheelNotches()
    assert notches.step(wheel(-80), focused=True) is None
    assert notches.step(wheel(-80), focused=True) == (-1, StepSize.PLAIN)


@pytest.mark.parametrize(
    ("modifier", "size"),
    [
        (Qt.KeyboardModifier.ShiftModifier, StepSize.FINE),
        (Qt.KeyboardModifier.ControlModifier, StepSize.COARSE),
    ],
)
def test_modifiers_choose_the_size_of_a_step(modifier: Qt.KeyboardModifier, size: StepSize) -> None:
    assert WheelNotches().step(wheel(120, modifier), focused=True) == (1, size)
