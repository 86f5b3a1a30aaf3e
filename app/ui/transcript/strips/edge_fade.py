"""Fade at an edge where text is cut off, which shows that it goes on."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QLinearGradient, QPainter

#: Width of the fade at a left or right edge, in pixels.
WIDTH = 28
#: Height of the fade at an upper or lower edge, in pixels.
HEIGHT = 16


def fade_sides(
    painter: QPainter, box: QRectF, background: QColor, *, left: bool, right: bool
) -> None:
    """Fade what is painted in `box` into the background, at its left or right edge or both."""
    width = min(float(WIDTH), box.width() / 2)
    if left:
        edge = QRectF(box.left(), box.top(), width, box.height())
        _fill(painter, edge, background, QLinearGradient(edge.topLeft(), edge.topRight()))
    if right:
        edge = QRectF(box.right() - width, box.top(), width, box.height())
        _fill(painter, edge, background, QLinearGradient(edge.topRight(), edge.topLeft()))


def fade_top(painter: QPainter, box: QRectF, background: QColor) -> None:
    """Fade what is painted in `box` into the background, from its top edge down."""
    _fill(painter, box, background, QLinearGradient(box.topLeft(), box.bottomLeft()))


def fade_ends(
    painter: QPainter, box: QRectF, background: QColor, *, top: bool, bottom: bool
) -> None:
    """Fade what is painted in `box` into the background, at its upper or lower edge or both."""
    if top:
        fade_top(painter, QRectF(box.left(), box.top(), box.width(), HEIGHT), background)
    if bottom:
        edge = QRectF(box.left(), box.bottom() - HEIGHT, box.width(), HEIGHT)
        _fill(painter, edge, background, QLinearGradient(edge.bottomLeft(), edge.topLeft()))


def _fill(painter: QPainter, box: QRectF, background: QColor, gradient: QLinearGradient) -> None:
    clear = QColor(background)
    clear.setAlpha(0)
    gradient.setColorAt(0, background)
    gradient.setColorAt(1, clear)
    painter.fillRect(box, gradient)
