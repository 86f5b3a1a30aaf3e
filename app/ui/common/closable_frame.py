"""A frame that Esc closes while the keyboard is in it: the find bar, the heat map's bar, a token's
alternatives."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from app.ui.common.actions import ActionId, Scope
from app.ui.common.keys import action_for


class ClosableFrame(QFrame):
    """Hides on Esc, and tells so. The window's own action on Esc (stop the answer) does not run
    then."""

    closed = Signal()

    def dismiss(self) -> None:
        """Hide the frame, as a person does with Esc or its close button."""
        self.hide()
        self.closed.emit()

    def event(self, event: QEvent) -> bool:
        # Qt asks with this event whether a key is wanted here, before the window's shortcuts.
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
