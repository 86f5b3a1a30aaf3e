"""Strips without text: horizontal rules, and vertical gaps between other strips."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks
from app.ui.transcript.strips.strip import Margins, Strip


class RuleStrip(Strip):
    """Horizontal rule."""

    def __init__(self, look: Look, margins: Margins) -> None:
        self._look = look
        self._margins = margins
        self._width = 0

    def lay_out(self, width: int) -> int:
        self._width = width
        return 24

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        painter.setPen(self._look.hairline)
        y = place.y() + 12
        painter.drawLine(
            QPointF(place.x() + self._margins.left, y), QPointF(place.x() + self._width, y)
        )


class GapStrip(Strip):
    """Vertical space, with a height in pixels."""

    separator = ""

    def __init__(self, height: int) -> None:
        self._height = height

    def lay_out(self, width: int) -> int:
        return self._height

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        """Paint nothing."""
