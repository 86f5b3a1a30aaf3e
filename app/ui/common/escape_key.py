"""Lets bars and popovers use Escape to close, although the window uses it to stop an answer."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent


def claims_escape(event: QEvent) -> bool:
    """Accept the ShortcutOverride event of the Escape key; return whether `event` was that event.

    Qt sends a ShortcutOverride to the focused widget before it looks for a shortcut of the window.
    Once the event is accepted, Qt sends Escape to the widget as a key press and leaves the
    window's Stop shortcut alone. Call this from `event`.
    """
    if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() != Qt.Key.Key_Escape:
        return False
    event.accept()
    return True
