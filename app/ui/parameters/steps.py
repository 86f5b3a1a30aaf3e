"""How far a key or a notch of the wheel moves a number: a step, a fine one, or ten."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent

#: What one notch of a wheel reports; smooth ones report it in pieces.
NOTCH = 120
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


def key_step(event: QKeyEvent, *, sideways: bool) -> tuple[int, StepSize] | None:
    """The direction and size that a key asks for; None for a key that steps nothing. `sideways`
    takes the arrows to the left and right, too, which a field needs for its cursor."""
    key = Qt.Key(event.key())
    up = {Qt.Key.Key_Up, *({Qt.Key.Key_Right} if sideways else ())}
    down = {Qt.Key.Key_Down, *({Qt.Key.Key_Left} if sideways else ())}
    if key in up:
        return 1, size_for(event.modifiers())
    if key in down:
        return -1, size_for(event.modifiers())
    if key == Qt.Key.Key_PageUp:
        return 1, StepSize.COARSE
    return (-1, StepSize.COARSE) if key == Qt.Key.Key_PageDown else None


class WheelNotches:
    """Adds up what a wheel reports until it is a whole notch."""

    def __init__(self) -> None:
        self._rest = 0

    def add(self, event: QWheelEvent) -> int:
        """How many notches a report completes, upwards positive."""
        # With Alt or Shift some systems turn the wheel sideways.
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned * self._rest < 0:
            self._rest = 0
        self._rest += turned
        whole = int(self._rest / NOTCH)
        self._rest -= whole * NOTCH
        return whole

    def step(self, event: QWheelEvent, *, focused: bool) -> tuple[int, StepSize] | None:
        """Handle a wheel event of a control; return the steps to take and their size, or None.

        Without keyboard focus the event is ignored, so that the panel scrolls instead and no value
        changes by accident."""
        if not focused:
            event.ignore()
            return None
        event.accept()
        notches = self.add(event)
        return (notches, size_for(event.modifiers())) if notches else None
