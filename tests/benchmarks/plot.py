"""Figures over a length, as a picture: both axes logarithmic, so that what is flat looks flat."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF

WIDTH, HEIGHT = 640, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 24, 64, 56
COLOURS = ("#8a3b12", "#3b6ea5", "#777777")
INK, GRID = QColor("#222222"), QColor("#e4e2dd")


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a name and points of length and figure, both above 0."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Panel:
    """What is measured in which units, and its lines."""

    title: str
    across: str
    up: str
    series: Sequence[Series]


def draw(panels: Sequence[Panel], path: Path) -> None:
    """Write panels side by side as a PNG. Raises OSError."""
    image = QImage(WIDTH * len(panels), HEIGHT, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number, panel in enumerate(panels):
        painter.save()
        painter.translate(number * WIDTH, 0)
        _draw(painter, panel)
        painter.restore()
    painter.end()
    if not image.save(str(path)):
        raise OSError(f"{path} can't be written")


def _draw(painter: QPainter, panel: Panel) -> None:
    points = [point for one in panel.series for point in one.points]
    across, up = _Axis([x for x, _y in points]), _Axis([y for _x, y in points])
    area = QRectF(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM)

    def place(x: float, y: float) -> QPointF:
        return QPointF(
            area.left() + across.share(x) * area.width(),
            area.bottom() - up.share(y) * area.height(),
        )

    font = QFont(painter.font())
    font.setPixelSize(13)
    painter.setFont(font)
    for x in across.decades():
        painter.setPen(GRID)
        painter.drawLine(place(x, up.low), place(x, up.high))
        painter.setPen(INK)
        box = QRectF(place(x, up.low).x() - 40, area.bottom() + 4, 80, 18)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _written(x))
    for y in up.decades():
        painter.setPen(GRID)
        painter.drawLine(place(across.low, y), place(across.high, y))
        painter.setPen(INK)
        box = QRectF(0, place(across.low, y).y() - 9, LEFT - 8, 18)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, _written(y))
    painter.setPen(INK)
    low = QRectF(LEFT, HEIGHT - 28, area.width(), 20)
    painter.drawText(low, Qt.AlignmentFlag.AlignCenter, panel.across)
    painter.drawText(QRectF(LEFT, 30, area.width(), 18), Qt.AlignmentFlag.AlignLeft, panel.up)
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(QRectF(LEFT, 8, area.width(), 20), Qt.AlignmentFlag.AlignLeft, panel.title)
    for one, colour in zip(panel.series, COLOURS, strict=False):
        painter.setPen(QPen(QColor(colour), 2.5))
        painter.drawPolyline(QPolygonF([place(x, y) for x, y in one.points]))
        for x, y in one.points:
            painter.setBrush(QColor(colour))
            painter.drawEllipse(place(x, y), 2.5, 2.5)
        end = place(*one.points[-1])
        name = QRectF(end.x() - 300, end.y() - 26, 296, 18)
        painter.drawText(name, Qt.AlignmentFlag.AlignRight, one.name)


class _Axis:
    """A logarithmic axis that holds some figures, from a power of ten to another."""

    def __init__(self, figures: Sequence[float]) -> None:
        self._first = math.floor(math.log10(min(figures)))
        self._last = max(self._first + 1, math.ceil(math.log10(max(figures))))
        self.low, self.high = 10.0**self._first, 10.0**self._last

    def share(self, figure: float) -> float:
        """How far along the axis a figure stands, from 0 to 1."""
        return (math.log10(figure) - self._first) / (self._last - self._first)

    def decades(self) -> list[float]:
        """The powers of ten on it."""
        return [10.0**power for power in range(self._first, self._last + 1)]


def _written(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 1 else f"{figure:g}"
