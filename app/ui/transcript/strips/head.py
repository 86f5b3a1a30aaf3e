"""Line above an answer: the model's name, and its figures while the message is attended to."""

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QFontMetrics, QPainter

from app.ui.theme.fading import paint_fading
from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.hover import Attention, HoverStrip

#: Least height of the line and the space below it, in pixels.
_LINE = 20
_BELOW = 4
#: Space between the name and the figures, in pixels.
_GAP = 12


class HeadStrip(HoverStrip):
    """Label of a message. Its figures have the rest of the line, and fade where it ends."""

    def __init__(self, look: Look, label: str, figures: str) -> None:
        self._look = look
        self.label = label
        self.figures = figures
        self._metrics = QFontMetrics(look.small)
        self._width = 0

    def lay_out(self, width: int) -> int:
        self._width = width
        return max(_LINE, self._metrics.height()) + _BELOW

    def paint_for(self, painter: QPainter, place: QPointF, attention: Attention) -> None:
        height = self.lay_out(self._width) - _BELOW
        left, top = round(place.x()), round(place.y())
        painter.setFont(self._look.small)
        painter.setPen(self._look.muted)
        paint_fading(painter, QRect(left, top, self._width, height), self.label)
        if attention.active and (room := self._room()) > 0:
            place_left = left + self._width - room
            paint_fading(painter, QRect(place_left, top, room, height), self.figures)

    def painted_for(self, *, active: bool) -> list[tuple[str, QRectF]]:
        height, label = self.lay_out(self._width) - _BELOW, self._width - self._room() - _GAP
        found = [("text", QRectF(0, 0, min(label, self._width), height))]
        if active and self.figures and (room := self._room()) > 0:
            width = min(room, self._metrics.horizontalAdvance(self.figures))
            found.append(("figures", QRectF(self._width - room, 0, width, height)))
        return found

    def tip(self) -> str:
        """Return the text that the line has no room for; empty if it is shown whole."""
        if self._metrics.horizontalAdvance(self.label) > self._width:
            return f"{self.label}\n{self.figures}".strip()
        return "" if self._metrics.horizontalAdvance(self.figures) <= self._room() else self.figures

    def _room(self) -> int:
        """Return the width that the figures have, in pixels."""
        return self._width - self._metrics.horizontalAdvance(self.label) - _GAP
