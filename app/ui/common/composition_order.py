"""Holds a key back until the composition before it has come.

Fcitx 5.0 answers through its IBus frontend first "this key is not mine" and then sends the text
that the key has ended (seen with hangul: "하", Enter). Qt would give the field Enter first: the
message would be sent without its last syllable, which would stand in the next one.
"""

from collections import deque

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from app.ui.common.focus_follower import FocusFollower, is_text_field

#: Longest time that a key is held back, in milliseconds; the text follows it within one.
LONGEST_MS = 100
#: Keys that end no composition.
_MODIFIERS = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
}


class CompositionOrder(FocusFollower):
    """Event filter of the focused text field. Needed with Qt's plugin for IBus alone."""

    def __init__(self, parent: QObject) -> None:
        self._composing = False
        self._held: deque[QEvent] = deque()
        self._field: QWidget | None = None
        super().__init__(parent)
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(LONGEST_MS)
        self._limit.timeout.connect(self._release)

    def watches(self, widget: QWidget) -> bool:
        """Return whether a widget takes composed text."""
        return is_text_field(widget)

    def follow(self, before: QWidget | None, now: QWidget | None) -> None:
        """Move to another field, which has no composition yet. Keys that are still held belong to
        the one before."""
        self._release()
        self._composing = False
        super().follow(before, now)
        self._field = self._followed

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold a key press back while a composition is under way, until that has ended."""
        if event.type() is QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self._composing = bool(event.preeditString())
            if not self._composing and self._held:
                # After the field has taken this event.
                QTimer.singleShot(0, self, self._release)
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() not in _MODIFIERS
            and (self._composing or self._held)
        ):
            self._held.append(event.clone())
            self._limit.start()
            return True
        return False

    def _release(self) -> None:
        """Give the held keys to their field."""
        held, self._held = self._held, deque()
        self._composing = False
        for event in held:
            if self._field is not None:
                QCoreApplication.sendEvent(self._field, event)
