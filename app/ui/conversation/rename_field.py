"""The text field in which a title is edited in its place."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from app.domain.text.translation import _
from app.ui.common.actions import ActionId, Scope
from app.ui.common.keys import action_for, is_enter

#: Most characters of a title; `Conversations.rename` cuts longer ones.
LONGEST = 200

#: Reasons for which the focus leaves only for a while.
_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class RenameField(QLineEdit):
    """Edits a title: Enter keeps it, and so does a click elsewhere; Esc leaves it as it was."""

    #: The editing has ended. True if the text should be kept.
    ended = Signal(bool)

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.setMaxLength(LONGEST)
        self.setAccessibleName(_("Title"))
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        """Claim Esc, which else would stop the answer; see `ClosableFrame`."""
        override = event.type() is QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and _leaves(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _leaves(event):
            self.ended.emit(False)
        elif is_enter(event):
            self.ended.emit(True)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _PASSING:
            self.ended.emit(True)


def _leaves(event: QKeyEvent) -> bool:
    return action_for(event, Scope.FRAME) is ActionId.CLOSE
