"""Tells the repeated presses of a held key from presses of their own."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

#: Most milliseconds between a release and the next press of a key that is held. An X server gives
#: both the same time; nobody presses a key twice within so short a time.
HELD_MS = 5


class HeldKey(QObject):
    """Event filter of the widget that has an action's keys.

    Qt's `isAutoRepeat` is not enough: with an X server it is False for a held key whose release and
    next press are read one after the other (Qt 6, seen with Xvfb). Qt sends a ShortcutOverride
    before it triggers a shortcut, so that `is_repeated` holds for the action that is triggered.
    """

    def __init__(self, widget: QWidget, *, swallow: bool = False) -> None:
        """`swallow` keeps repeated presses from the widget."""
        super().__init__(widget)
        self._swallow = swallow
        #: Whether the latest press was a repeated press of a held key.
        self.is_repeated = False
        self._released = (0, 0)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of a press or release, and keep a repeated press from the widget if that is
        wanted."""
        if isinstance(event, QKeyEvent):
            self.note(event)
            is_press = event.type() is QEvent.Type.KeyPress
            return self._swallow and is_press and self.is_repeated
        return False

    def note(self, event: QKeyEvent) -> None:
        """Take note of a key event."""
        if event.type() is QEvent.Type.KeyRelease:
            self._released = event.key(), event.timestamp()
        elif event.type() is QEvent.Type.ShortcutOverride:
            key, time = self._released
            # Events that a program made have no time.
            soon = 0 < time <= event.timestamp() <= time + HELD_MS
            self.is_repeated = event.isAutoRepeat() or (key == event.key() and soon)


def ignore_held_keys(*buttons: QPushButton) -> None:
    """Have a held Space or Enter key press buttons that delete something only once."""
    for button in buttons:
        button.setAutoDefault(False)
        HeldKey(button, swallow=True)
