"""How far a key or a notch of the wheel moves a number: a step, a fine one, or ten."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent

from app.ui.common.actions import ActionId, Scope
from app.ui.common.keys import action_for

#: What one notch of a wheel reports; smooth ones report it in pieces.
NOTCH = 120
COARSE = 10


class Size(StrEnum):
    """How large a step is: Shift makes it fine, Ctrl and the page keys coarse."""

    FINE = "fine"
    PLAIN = "plain"
    COARSE = "coarse"


def size_for(modifiers: Qt.KeyboardModifier) -> Size:
    """The size that the keys held down ask for."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return Size.FINE
    return Size.COARSE if modifiers & Qt.KeyboardModifier.ControlModifier else Size.PLAIN


#: Actions on a value → direction and size of the step.
_STEPS = {
    ActionId.DECREASE: (-1, Size.PLAIN),
    ActionId.INCREASE: (1, Size.PLAIN),
    ActionId.DECREASE_FINELY: (-1, Size.FINE),
    ActionId.INCREASE_FINELY: (1, Size.FINE),
    ActionId.DECREASE_COARSELY: (-1, Size.COARSE),
    ActionId.INCREASE_COARSELY: (1, Size.COARSE),
}
_SIDEWAYS = {Qt.Key.Key_Left, Qt.Key.Key_Right}


def key_step(event: QKeyEvent, *, sideways: bool) -> tuple[int, Size] | None:
    """Return the direction and size of the step that a key asks for, or None for a key that steps
    nothing. `sideways` takes the arrows to the left and right, too, which a field needs for its
    cursor."""
    if not sideways and event.key() in _SIDEWAYS:
        return None
    action = action_for(event, Scope.VALUE)
    return None if action is None else _STEPS[action]


class Notches:
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
