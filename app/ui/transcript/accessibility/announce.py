"""News for screen readers: announcements, and the focus inside the conversation."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from app.ui.transcript.view import TranscriptView


def announce(widget: QWidget, words: str) -> None:
    """Have the screen reader say `words` after its current sentence, if a screen reader runs."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


def tell_focus(view: TranscriptView) -> None:
    """Tell the screen reader, if one runs, which message or button has the focus."""
    if not (QAccessible.isActive() and view.hasFocus() and view.focus.message >= 0):
        return
    message = QAccessible.queryAccessibleInterface(view).child(view.focus.message)
    if message is None:
        return
    hrefs = [action.href for action in view.items()[view.focus.message].actions()]
    button = view.focus.button
    place = message.child(hrefs.index(button)) if button in hrefs else None
    QAccessible.updateAccessibility(QAccessibleEvent(place or message, QAccessible.Event.Focus))
