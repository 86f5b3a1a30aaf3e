"""Paints typeset formulas. Apart from `formulas`, since it imports QtSvg, which isn't needed at
start."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtSvg import QSvgRenderer

from app.markup.typesetting import PLACEHOLDER_COLOUR, Formula


def paint(painter: QPainter, formula: Formula, at: QPointF, colour: QColor, scale: float) -> None:
    """Draw a formula in a colour, with the left end of its baseline at `at`."""
    box = QRectF(
        at.x() + formula.left * scale,
        at.y() + formula.top * scale,
        formula.width * scale,
        formula.height * scale,
    )
    _renderer(formula, colour.name()).render(painter, box)


@lru_cache(1_000)
def _renderer(formula: Formula, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(formula.svg.replace(PLACEHOLDER_COLOUR, colour).encode()))
