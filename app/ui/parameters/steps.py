"""Keys and the wheel as steps of a number: plain, fine or coarse. Shared by slider and field."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent

#: Angle (eighths of a degree) of one notch of a wheel; smooth wheels report it in pieces.
NOTCH = 120
#: Plain steps in a coarse one.
COARSE = 10


class StepSize(StrEnum):
    """How large a step is: Shift makes it fine, Ctrl and the page keys coarse."""

    FINE = "fine"
    PLAIN = "plain"
    COARSE = "coarse"


def size_for(modifiers: Qt.KeyboardModifier) -> StepSize:
    """The size that the keys held down ask for."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return StepSize.FINE
    return StepSize.COARSE if modifiers & Qt.KeyboardModifier.ControlModifier else StepSize.PLAIN


class Stepping:
    """Keys and wheel of one control that holds a number, as steps of that number."""

    def __init__(self, *, sideways: bool) -> None:
        """`sideways` takes the arrows to the left and right, too, which a text field needs for
        its cursor."""
        key = Qt.Key
        self._up = {key.Key_Up, key.Key_Right} if sideways else {key.Key_Up}
        self._down = {key.Key_Down, key.Key_Left} if sideways else {key.Key_Down}
        # Part of a notch that the wheel has turned so far.
        self._rest = 0

    def of_key(self, event: QKeyEvent) -> tuple[int, StepSize] | None:
        """The steps that a key asks for, upwards positive, and their size; None for another
        key."""
        key = Qt.Key(event.key())
        if key in self._up:
            return 1, size_for(event.modifiers())
        if key in self._down:
            return -1, size_for(event.modifiers())
        if key == Qt.Key.Key_PageUp:
            return 1, StepSize.COARSE
        return (-1, StepSize.COARSE) if key == Qt.Key.Key_PageDown else None

    def of_wheel(self, event: QWheelEvent, *, focused: bool) -> tuple[int, StepSize] | None:
        """The steps that the wheel asks for, upwards positive, and their size; None until a
        notch is whole. A control without the keyboard's focus leaves the event to the panel,
        which scrolls."""
        if not focused:
            event.ignore()
            return None
        event.accept()
        # With Alt or Shift some systems turn the wheel sideways.
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned * self._rest < 0:
            self._rest = 0
        self._rest += turned
        notches = int(self._rest / NOTCH)
        self._rest -= notches * NOTCH
        return (notches, size_for(event.modifiers())) if notches else None
