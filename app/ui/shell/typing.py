"""Typed text goes to the message field wherever the focus is, unless a text field has it."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.ui.common.focus_follower import FocusFollower, is_text_field
from app.ui.common.keys import is_paste, is_typed


class Typing(FocusFollower):
    """Event filter of the focused widget of the main window while that is no text field.

    A key that types a character, a paste, and text from an input method give the focus to the
    message field, which gets the event. Space, Enter, arrows and shortcuts stay where they are.

    Input methods compose only for a widget that accepts text, and the first letter must be
    composed, too. So the focused widget answers the questions of the input method (font, place of
    the cursor, …) as the message field would, and the focus moves with the first composed text.
    """

    def __init__(self, window: QWidget, field: QPlainTextEdit) -> None:
        self._window = window
        self._field = field
        # Whether the focus is on its way to the field with a composition that goes on there.
        self._moving = False
        super().__init__(window)

    def watches(self, widget: QWidget) -> bool:
        """Return whether a widget is in the main window and takes no text itself."""
        return widget.window() is self._window and not is_text_field(widget)

    def follow(self, before: QWidget | None, now: QWidget | None) -> None:
        """Move to another widget. Qt asks whether a widget accepts composed text before it tells of
        the new focus, so the first time that is to be said by the attribute, which asks again."""
        super().follow(before, now)
        if self._followed is not None:
            self._followed.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Send what is typed to the message field; see the class."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return (is_typed(event) or is_paste(event)) and self._pass_on(event)
        if event.type() is QEvent.Type.InputMethodQuery:
            # Unanswered while the composition moves: IBus would begin anew in another widget.
            return self._moving or (
                self._can_write() and QCoreApplication.sendEvent(self._field, event)
            )
        return isinstance(event, QInputMethodEvent) and self._compose(event)

    def _compose(self, event: QInputMethodEvent) -> bool:
        # Input methods send events without any text whenever the focus changes.
        if not event.preeditString() and not event.commitString():
            return True
        if not self._can_write():
            return False
        self._moving = True
        self._field.installEventFilter(self)
        # For any other reason Qt would have the input method end the composition.
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)
        self._field.removeEventFilter(self)
        self._moving = False
        QGuiApplication.inputMethod().update(Qt.InputMethodQuery.ImEnabled)
        return QCoreApplication.sendEvent(self._field, event)

    def _pass_on(self, event: QEvent) -> bool:
        if not self._can_write():
            return False
        self._field.setFocus()
        return QCoreApplication.sendEvent(self._field, event)

    def _can_write(self) -> bool:
        return self._field.isVisible() and self._field.isEnabled()
