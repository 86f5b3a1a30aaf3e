"""When a growing reply is drawn: at once, but no oftener than the eye needs and the machine can."""

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

#: Seconds from one frame to the next at least: 30 a second.
SHORTEST = 0.033
#: What a frame costs this thread, painting and all, may be this share of the time until the next,
SHARE = 0.05
#: unless that were more seconds than what flows may stand still.
LONGEST = 0.1
#: A frame that takes long by itself is followed by a rest of so many times as long all the same.
REST = 4


class FramePacing(QObject):
    """Tells when a frame is due."""

    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._next = self._began = self._spent = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.due)

    def want(self) -> None:
        """There is something to draw."""
        if not self._timer.isActive():
            self._timer.start(max(0, round((self._next - time.monotonic()) * 1000)))

    def begin(self) -> None:
        """A frame is being drawn."""
        now, spent = time.monotonic(), time.thread_time()
        # What was spent since the last one began is its measuring, its painting and the rest.
        known = now - self._began < 2 * LONGEST
        cost = spent - self._spent if known else 0.0
        self._next = now + max(SHORTEST, min(cost / SHARE, LONGEST))
        self._began, self._spent = now, spent
        self._timer.stop()

    def end(self) -> None:
        """It is drawn."""
        now = time.monotonic()
        self._next = max(self._next, now + (now - self._began) * REST)

    def stop(self) -> None:
        """There is nothing to draw any more."""
        self._timer.stop()
