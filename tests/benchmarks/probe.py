"""Runs a program in its own process as `python -m` does, and says when its first frame is there.

    python -m tests.benchmarks.probe MODULE [ARGUMENT…]

When the frame is painted, a line with the moment (CLOCK_MONOTONIC, which all processes share)
and the processor time so far goes to standard output; when standard input ends, its windows are
closed, as a person would. Little is imported here, since what is counts for the program.
"""

import os
import runpy
import sys
import time

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSocketNotifier, Qt
from PySide6.QtWidgets import QApplication, QWidget

_PAINTED = QEvent.Type(QEvent.registerEventType())


class _FirstFrame(QObject):
    """Watches the first window to be shown, and nothing else, lest watching cost time.

    Its paint event comes before those of the widgets inside it. An event posted at that moment
    comes when all are done: window-system events go before posted ones, and those before timers.
    """

    def watch(self, window: QWidget) -> None:
        """Wait for this window's first paint event."""
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            painted, priority = QEvent(_PAINTED), Qt.EventPriority.HighEventPriority
            QCoreApplication.postEvent(self, painted, priority.value)
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() != _PAINTED:
            return super().event(event)
        frame, spent = time.clock_gettime(time.CLOCK_MONOTONIC), time.process_time()
        os.write(1, f"{frame} {spent}\n".encode())
        self._end = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._end.activated.connect(QApplication.closeAllWindows)
        return True


def main() -> None:
    """Run the program that the arguments name."""
    frame = _FirstFrame()
    set_visible, show = QWidget.setVisible, QWidget.show

    def watch(window: QWidget) -> None:
        if window.isWindow():
            QWidget.setVisible, QWidget.show = set_visible, show  # type: ignore[method-assign]
            frame.watch(window)

    def watched_show(window: QWidget) -> None:
        watch(window)
        show(window)

    def watched_set_visible(window: QWidget, visible: bool) -> None:
        if visible:
            watch(window)
        set_visible(window, visible)

    QWidget.setVisible = watched_set_visible  # type: ignore[method-assign]
    QWidget.show = watched_show  # type: ignore[method-assign]
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
