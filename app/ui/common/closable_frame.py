"""Base class of the frames that Esc closes: the find bar, the heat map's bar, the popover with a
token's alternatives."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from app.ui.common.actions import ActionId, Scope
from app.ui.common.keys import action_for


class ClosableFrame(QFrame):
    """Frame that Esc hides while keyboard focus is in it.

    Qt sends a ShortcutOverride to the focused widget before it looks for a shortcut of the window.
    Once the event is accepted, Qt sends Esc as a key press and leaves the window's Stop action
    alone.
    """

    #: The frame was closed, by Esc or its close button.
    closed = Signal()

    def dismiss(self) -> None:
        """Hide the frame and emit `closed`."""
        self.hide()
        self.closed.emit()

    def event(self, event: QEvent) -> bool:
        override = event.type() is QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and _closes(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _closes(event):
            self.dismiss()
        else:
            super().keyPressEvent(event)


def _closes(event: QKeyEvent) -> bool:
    return action_for(event, Scope.FRAME) is ActionId.CLOSE
