"""When a growing reply is drawn: at once, but no oftener than the eye needs and the machine can."""

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

#: Seconds from one frame to the next at least: 30 a second.
SHORTEST = 0.033
#: What a frame costs this thread may take up this share of the time until the next one,
SHARE = 0.05
#: unless that would be more seconds than a reader takes for a flow,
LONGEST = 0.1
#: and frames that cost more than that may take up this share.
MOST = 0.2


class Frames(QObject):
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
        # What was spent since the last one began is its measuring, its painting, and the rest.
        cost = min(spent - self._spent, now - self._began)
        interval = max(SHORTEST, min(cost / SHARE, LONGEST), cost / MOST)
        self._next = now + interval
        self._began, self._spent = now, spent
        self._timer.stop()

    def stop(self) -> None:
        """There is nothing to draw any more."""
        self._timer.stop()
