"""How far a key or a notch of the mouse wheel moves a number: by a step, a fine step, or
ten steps."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent

from app.ui.common.actions import ActionId, Scope
from app.ui.common.keys import action_for

#: Angle delta of one notch of a wheel, in eighths of a degree (QWheelEvent).
NOTCH = 120
#: A coarse step is this many plain steps.
COARSE = 10


class StepSize(StrEnum):
    """Size of a step: Shift makes it fine, Ctrl and the page keys coarse."""

    FINE = "fine"
    PLAIN = "plain"
    COARSE = "coarse"


def size_for(modifiers: Qt.KeyboardModifier) -> StepSize:
    """Return the step size for the modifier keys that are held down."""
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


def key_step(event: QKeyEvent, *, sideways: bool) -> tuple[int, StepSize] | None:
    """Return the direction (1 or −1) and step size of a key press; None for other keys. With
    `sideways` the left and right arrow keys step too, which a text field needs for its cursor."""
    if not sideways and event.key() in _SIDEWAYS:
        return None
    action = action_for(event, Scope.VALUE)
    return None if action is None else _STEPS[action]


class WheelNotches:
    """Adds up wheel events until they make whole notches: a smooth wheel or touch pad reports small
    parts of a notch."""

    def __init__(self) -> None:
        self._rest = 0

    def add(self, event: QWheelEvent) -> int:
        """Add an event; return the whole notches that it completes, upwards positive. A change of
        direction drops the unfinished part."""
        # Some systems report a vertical wheel as horizontal while Alt or Shift is held.
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned * self._rest < 0:
            self._rest = 0
        self._rest += turned
        whole = int(self._rest / NOTCH)
        self._rest -= whole * NOTCH
        return whole

    def step(self, event: QWheelEvent, *, focused: bool) -> tuple[int, StepSize] | None:
        """Handle a wheel event of a control; return the steps to take and their size, or None. If
        the control is not `focused`, the event is ignored, so that the panel scrolls instead and no
        value changes by accident."""
        if not focused:
            event.ignore()
            return None
        event.accept()
        notches = self.add(event)
        return (notches, size_for(event.modifiers())) if notches else None
