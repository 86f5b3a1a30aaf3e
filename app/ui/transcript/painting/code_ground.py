"""The ground of a code block, painted slice by slice: a fill with a hairline and round corners."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.ui.transcript.painting.look import Look

#: Radius of the corners, in pixels.
RADIUS = 8


def paint_slice(painter: QPainter, box: QRectF, look: Look) -> None:
    """Paint a slice between the top and the bottom of a block."""
    painter.fillRect(box, look.code_background)
    painter.fillRect(QRectF(box.left(), box.top(), 1, box.height()), look.code_edge)
    painter.fillRect(QRectF(box.right() - 1, box.top(), 1, box.height()), look.code_edge)


def paint_top(painter: QPainter, box: QRectF, look: Look) -> None:
    """Paint the slice at the top of a block, with round corners."""
    _paint_end(painter, box, box.adjusted(0, 0, 0, 2 * RADIUS), look)


def paint_bottom(painter: QPainter, box: QRectF, look: Look) -> None:
    """Paint the slice at the bottom of a block, with round corners."""
    _paint_end(painter, box, box.adjusted(0, -2 * RADIUS, 0, 0), look)


def _paint_end(painter: QPainter, box: QRectF, whole: QRectF, look: Look) -> None:
    """Paint the part in `box` of a rounded rectangle that is larger at one side."""
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.code_edge, 1))
    painter.setBrush(look.code_background)
    painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    painter.restore()
