"""The keyboard focus goes back to where it was when the widget that has it goes away."""

from collections import deque

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

#: Widgets that are remembered: more than can be open over one another.
REMEMBERED = 16


class FocusReturn(QObject):
    """Watches the focus in the main window.

    If the focused widget is hidden, disabled or deleted (a bar, a popover or a drawer closes), the
    focus goes to the widget that had it before, and not to the next one in the Tab order, as Qt
    has it. A button that the mouse presses doesn't keep the focus: after a click on it, or in the
    window that it opened, Space would press it again.
    """

    def __init__(self, window: QWidget, last: QWidget) -> None:
        """`last` gets the focus if no widget that had it can have it again."""
        super().__init__(window)
        self._window = window
        self._last = last
        self._had: deque[QWidget] = deque(maxlen=REMEMBERED)
        application = QApplication.instance()
        assert isinstance(application, QApplication)  # noqa: S101 - widgets need one
        application.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None and self._is_here(before) and before is not now:
            if before in self._had:
                self._had.remove(before)
            self._had.append(before)
        if now is None:
            # Nothing has the focus, or another program has it; that shows only later.
            QTimer.singleShot(0, self, self._give_to_somebody)
        elif self._is_here(now) and (_is_pressed(now) or self._was_taken_from(before)):
            self._give_back(now)

    def _give_to_somebody(self) -> None:
        if QApplication.activeWindow() is self._window and QApplication.focusWidget() is None:
            self._give_back(None)

    def _give_back(self, now: QWidget | None) -> None:
        """Give the focus to the last widget that can have it, other than `now`. While the mouse is
        pressed no button can: it would give it back at once, and so on without end."""
        fitting = [
            each
            for each in self._had
            if each is not now and self._can_have(each) and not _is_pressed(each)
        ]
        (fitting[-1] if fitting else self._last).setFocus()

    def _was_taken_from(self, before: QWidget | None) -> bool:
        """Return whether a widget lost the focus because it went away."""
        return before is not None and self._is_here(before) and not self._can_have(before)

    def _can_have(self, widget: QWidget) -> bool:
        here = self._is_here(widget)
        return here and widget.isEnabled() and widget.isVisibleTo(self._window)

    def _is_here(self, widget: QWidget) -> bool:
        return shiboken6.isValid(widget) and widget.window() is self._window


def _is_pressed(widget: QWidget) -> bool:
    """Return whether a widget is a button that may be the one that the mouse presses just now."""
    return isinstance(widget, QAbstractButton) and bool(QGuiApplication.mouseButtons().value)
