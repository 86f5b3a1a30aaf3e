"""News for screen readers: announcements, and the focus inside the conversation."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from app.ui.transcript.actions import MENU_BUTTON, Button
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.view import TranscriptView


def announce(widget: QWidget, words: str) -> None:
    """Have the screen reader say `words` after its current sentence, if a screen reader runs."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


def tell_focus(view: TranscriptView) -> None:
    """Tell the screen reader, if one runs, which message or button has the focus."""
    index = view.focus.message
    if not (QAccessible.isActive() and view.hasFocus() and 0 <= index < len(view.items())):
        return
    place = QAccessible.queryAccessibleInterface(view).child(index)
    hrefs = [action.href for action in spoken_actions(view.items()[index])]
    if view.focus.button in hrefs:
        place = place.child(hrefs.index(view.focus.button))
    QAccessible.updateAccessibility(QAccessibleEvent(place, QAccessible.Event.Focus))


def spoken_actions(item: MessageItem) -> list[Button]:
    """Return the actions of a message as a screen reader finds them: those of its menu, and the
    button that opens it."""
    actions = item.actions()
    return [*actions, MENU_BUTTON] if actions else []
