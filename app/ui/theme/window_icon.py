"""The icon of the program: a loquat with its leaf, drawn for each size that a desktop asks for."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

#: Sides of the icon in pixels, as taskbars, window lists and switchers use them.
SIZES = (16, 22, 24, 32, 48, 64, 128, 256)

_FRUIT, _SHADE, _LEAF, _VEIN, _CALYX = "#f39a1e", "#d97a0a", "#3f7d2c", "#2b5a1e", "#6b3d10"
#: Smallest size in pixels at which details are drawn; below, they would be specks.
_DETAILED = 32


def window_icon() -> QIcon:
    """Return the program's icon in all SIZES."""
    icon = QIcon()
    for size in SIZES:
        icon.addPixmap(_drawn(size))
    return icon


def _drawn(size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # The paths below are in a square of 64 units.
    painter.scale(size / 64, size / 64)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_FRUIT))
    painter.drawPath(_fruit())
    if size >= _DETAILED:
        painter.setBrush(QColor(_SHADE))
        painter.drawPath(_fruit().subtracted(_fruit().translated(-5, -4)))
        painter.setBrush(QColor(_CALYX))
        painter.drawEllipse(QPointF(30, 56), 4.5, 3)
    painter.setBrush(QColor(_LEAF))
    painter.drawPath(_leaf())
    if size >= _DETAILED:
        painter.setPen(QPen(QColor(_VEIN), 1.6))
        painter.drawLine(QPointF(33, 18), QPointF(53, 7))
    painter.end()
    return pixmap


def _fruit() -> QPainterPath:
    """Return the outline of the fruit: an egg, narrower at its stalk."""
    path = QPainterPath(QPointF(30, 15))
    path.cubicTo(42, 15, 52, 25, 52, 38)
    path.cubicTo(52, 51, 43, 60, 30, 60)
    path.cubicTo(17, 60, 8, 51, 8, 38)
    path.cubicTo(8, 25, 18, 15, 30, 15)
    return path


def _leaf() -> QPainterPath:
    """Return the outline of the leaf, pointed at both ends."""
    path = QPainterPath(QPointF(29, 20))
    path.cubicTo(30, 6, 44, 1, 60, 3)
    path.cubicTo(58, 17, 46, 25, 29, 20)
    return path
