"""The horizontal scroll bar under a wide table or unwrapped code, painted as a strip."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.ui.transcript.painting.code_ground import paint_bottom
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks
from app.ui.transcript.strips.sideways import SidewaysScroll
from app.ui.transcript.strips.strip import Strip

#: Heights of the bar and its thumb, in pixels.
BAR = 12
THUMB = 4


class SidewaysBar(Strip):
    """Horizontal scroll bar of one block. It has a height always, but its thumb is painted only
    while the block is wider than the column. With `ends_code` it is the lower end of a code
    block."""

    separator = ""

    def __init__(
        self, look: Look, sideways: SidewaysScroll, left: int, *, ends_code: bool = False
    ) -> None:
        self._look = look
        self.sideways = self._moved = sideways
        self._left = left
        self._ends_code = ends_code
        self._width = 0

    @property
    def is_needed(self) -> bool:
        """Whether the block is wider than the column."""
        return self._moved.furthest > 0

    def lay_out(self, width: int) -> int:
        self._width = width
        return BAR

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        length = self._width - self._left
        box = QRectF(place.x() + self._left, place.y(), length, BAR)
        if self._ends_code:
            paint_bottom(painter, box, self._look)
        if self.is_needed:
            start, size = self._moved.thumb(length)
            thumb = QRectF(box.left() + start, box.top() + (BAR - THUMB) / 2, size, THUMB)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.scroll)
            painter.drawRoundedRect(thumb, THUMB / 2, THUMB / 2)
            painter.restore()

    def painted(self) -> list[tuple[str, QRectF]]:
        if not self.is_needed:
            return []
        start, size = self._moved.thumb(self._width - self._left)
        return [("scroll bar", QRectF(self._left + start, (BAR - THUMB) / 2, size, THUMB))]

    def drag(self, x: float) -> None:
        """Scroll so that the thumb's middle is at `x` (pixels from the strip's left edge)."""
        length = self._width - self._left
        size = self._moved.thumb(length)[1]
        share = (x - self._left - size / 2) / max(1.0, length - size)
        self._moved.move(round(share * self._moved.furthest) - self._moved.offset)
