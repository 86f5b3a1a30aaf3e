"""Keys and the wheel as steps of a number: plain, fine or coarse. Shared by slider and field."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent

from app.ui.common.actions import ActionId, Scope
from app.ui.common.keys import action_for

#: Angle (eighths of a degree) of one notch of a wheel; smooth wheels report it in pieces.
NOTCH = 120
#: Plain steps in a coarse one.
COARSE = 10


class StepSize(StrEnum):
    """The size of a step: Shift makes it fine, Ctrl and the page keys coarse."""

    FINE = "fine"
    PLAIN = "plain"
    COARSE = "coarse"


def size_for(modifiers: Qt.KeyboardModifier) -> StepSize:
    """Return the step size for the modifier keys that are held down while the wheel turns."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return StepSize.FINE
    return StepSize.COARSE if modifiers & Qt.KeyboardModifier.ControlModifier else StepSize.PLAIN


#: Actions on a value → direction and size of the step.
_STEPS = {
    ActionId.DECREASE: (-1, StepSize.PLAIN),
    ActionId.INCREASE: (1, StepSize.PLAIN),
    ActionId.DECREASE_FINELY: (-1, StepSize.FINE),
    ActionId.INCREASE_FINELY: (1, StepSize.FINE),
    ActionId.DECREASE_COARSELY: (-1, StepSize.COARSE),
    ActionId.INCREASE_COARSELY: (1, StepSize.COARSE),
}
_SIDEWAYS = {Qt.Key.Key_Left, Qt.Key.Key_Right}


class Stepping:
    """Translates key presses and wheel turns of one numeric control into steps of its number."""

    def __init__(self, *, sideways: bool) -> None:
        """With `sideways` the left and right arrow keys step too, which a text field needs for its
        cursor."""
        self._sideways = sideways
        # Part of a notch that the wheel has turned so far.
        self._rest = 0

    def of_key(self, event: QKeyEvent) -> tuple[int, StepSize] | None:
        """Return the direction (1 or −1) and step size of a key press; None for other keys."""
        if not self._sideways and event.key() in _SIDEWAYS:
            return None
        action = action_for(event, Scope.VALUE)
        return None if action is None else _STEPS[action]

    def of_wheel(self, event: QWheelEvent, *, focused: bool) -> tuple[int, StepSize] | None:
        """Return the number of steps for a turn of the wheel, upwards positive, and their size;
        None until a whole notch was turned. Without keyboard focus (`focused`), the event is
        ignored, so that the panel scrolls."""
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
