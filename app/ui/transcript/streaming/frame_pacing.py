"""Decides when the next frame of a growing reply is drawn: at most 30 times a second, and less
often if drawing takes long."""

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

#: Shortest time from one frame to the next, in seconds: 30 frames a second.
SHORTEST = 0.033
#: Largest share of this thread's time (0 to 1) that drawing a growing reply may take, painting
#: included. The time to the next frame is stretched for it, up to LONGEST.
SHARE = 0.05
#: Longest time in seconds that the text may stand still because of SHARE.
LONGEST = 0.1
#: A frame is followed by a pause of at least this number of times its own duration, even if that
#: is longer than LONGEST.
REST = 4


class FramePacing(QObject):
    """Timer for the frames of a growing reply.

    Whoever draws calls `want` when there is something new, and `begin` and `end` around drawing.
    """

    #: The next frame is to be drawn now.
    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._next = self._began = self._spent = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.due)

    def want(self) -> None:
        """Request a frame; `due` is emitted at the earliest time allowed."""
        if not self._timer.isActive():
            self._timer.start(max(0, round((self._next - time.monotonic()) * 1000)))

    def begin(self) -> None:
        """Record that drawing a frame begins, and work out when the next frame may be due."""
        now, spent = time.monotonic(), time.thread_time()
        # This thread's time since the last frame began covers its layout, painting and all else.
        known = now - self._began < 2 * LONGEST
        cost = spent - self._spent if known else 0.0
        self._next = now + max(SHORTEST, min(cost / SHARE, LONGEST))
        self._began, self._spent = now, spent
        self._timer.stop()

    def end(self) -> None:
        """Record that the frame is laid out; Qt paints it later."""
        now = time.monotonic()
        self._next = max(self._next, now + (now - self._began) * REST)

    def stop(self) -> None:
        """Cancel a requested frame."""
        self._timer.stop()
