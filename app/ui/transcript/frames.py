"""When a growing reply is drawn: at once, but no oftener than the eye needs and the machine can."""

import time

from PySide6.QtCore import QObject, QTimer, Signal

#: Seconds from one frame to the next at least: 30 a second.
SHORTEST = 0.033
#: After a frame that took long the next one waits so many times as long.
REST = 4


class Frames(QObject):
    """Tells when a frame is due."""

    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._next = self._began = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.due)

    def want(self) -> None:
        """There is something to draw."""
        if not self._timer.isActive():
            self._timer.start(max(0, round((self._next - time.monotonic()) * 1000)))

    def begin(self) -> None:
        """A frame is being drawn."""
        self._began = time.monotonic()
        self._timer.stop()

    def end(self) -> None:
        """It is drawn."""
        now = time.monotonic()
        self._next = max(self._began + SHORTEST, now + (now - self._began) * REST)

    def stop(self) -> None:
        """There is nothing to draw any more."""
        self._timer.stop()
