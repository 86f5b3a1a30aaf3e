"""A small line chart of a sweep: a measure over the columns, with a line for each row."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.sweep.axis_ticks import ticks_between
from app.domain.sweep.results import Series
from app.domain.text.translation import _
from app.ui.theme.theme import Theme

#: Margins of the plot at 100 % text, and the radius of a dot, in pixels.
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 28, 44
DOT = 3.5
#: Height of the legend and of a line of text at 100 % text, and the length of a sample in the
#: legend, in pixels.
LEGEND, LINE, SAMPLE = 26, 18, 18
#: Dash patterns of the lines, so that colour alone does not tell them apart.
DASHES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
)


class LineChart(QWidget):
    """Paints lines with their least and greatest values; its accessible description has the same
    numbers."""

    def __init__(self, theme: Theme, title: str, across: str = "") -> None:
        """`title` is the name of the measure, `across` that of the columns' axis, both with their
        units."""
        super().__init__()
        self._theme = theme
        self._title = title
        self._across = across
        self._series: Sequence[Series] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._left, self._top = theme.scaled(LEFT), theme.scaled(TOP)
        self._line = theme.scaled(LINE)
        self.setMinimumSize(200, theme.scaled(180))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self.update)
        self.show_series(())

    def sizeHint(self) -> QSize:
        return QSize(360, self._theme.scaled(220))

    def show_series(self, series: Sequence[Series]) -> None:
        """Show these series as lines, a point for each column; a point without a value leaves a
        gap."""
        self._series = series
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self.words())
        self.update()

    def words(self) -> str:
        """Return all numbers of the chart as text."""
        lines = []
        for line in self._series:
            points = [
                f"{point.label}: {tick(point.mean)}"
                for point in line.points
                if point.mean is not None
            ]
            if points:
                lines.append(f"{line.name} {', '.join(points)}".strip())
        return "; ".join(lines) or _("No results yet")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), self._theme.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.small_font())
        painter.setPen(QColor(colours.text))
        flags = Qt.AlignmentFlag
        title = QRectF(8, 4, self.width() - 16, self._top - 8)
        elided = painter.fontMetrics().elidedText(
            self._title, Qt.TextElideMode.ElideRight, int(title.width())
        )
        painter.drawText(title, flags.AlignLeft | flags.AlignVCenter, elided)
        scaled, left = self._theme.scaled, self._left
        top = self._top + (scaled(LEGEND) if any(line.name for line in self._series) else 0)
        height = self.height() - top - scaled(BOTTOM)
        plot = QRectF(left, top, max(1, self.width() - left - RIGHT), max(1, height))
        bounds = _bounds(self._series)
        if bounds is None:
            painter.setPen(QColor(colours.muted))
            painter.drawText(plot, flags.AlignCenter, _("No results yet"))
            return
        ticks = ticks_between(*bounds)
        self._paint_axes(painter, plot, ticks)
        if top > self._top:
            self._paint_legend(painter)
        for number, line in enumerate(self._series):
            self._paint_line(painter, plot, line, number, (ticks[0], ticks[-1]))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _paint_axes(self, painter: QPainter, plot: QRectF, ticks: Sequence[float]) -> None:
        colours, flags = self._theme.colours, Qt.AlignmentFlag
        for number, value in enumerate(ticks):
            y = plot.bottom() - number / (len(ticks) - 1) * plot.height()
            painter.setPen(QColor(colours.line))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(colours.muted))
            box = QRectF(0, y - self._line / 2, self._left - 8, self._line)
            painter.drawText(box, flags.AlignRight | flags.AlignVCenter, tick(value))
        labels = [point.label for point in self._series[0].points]
        room = plot.width() / max(1, len(labels))
        for number, label in enumerate(labels):
            x = _across(plot, number, len(labels))
            words = painter.fontMetrics().elidedText(
                label, Qt.TextElideMode.ElideRight, int(room) - 4
            )
            box = QRectF(x - room / 2, plot.bottom() + 4, room, self._line)
            painter.drawText(box, flags.AlignCenter, words)
        below = QRectF(plot.left(), plot.bottom() + 4 + self._line, plot.width(), self._line)
        across = painter.fontMetrics().elidedText(
            self._across, Qt.TextElideMode.ElideRight, int(below.width())
        )
        painter.drawText(below, flags.AlignCenter, across)

    def _paint_legend(self, painter: QPainter) -> None:
        """Paint a sample of each line with its name, from left to right, as many as fit."""
        left, middle = 8.0, self._top + self._line / 3
        for number, line in enumerate(self._series):
            width = painter.fontMetrics().horizontalAdvance(line.name)
            if number and left + SAMPLE + 4 + width > self.width() - 8:
                painter.setPen(QColor(self._theme.colours.muted))
                painter.drawText(QPointF(left, middle + 4), "…")
                return
            painter.setPen(self._pen(number))
            painter.drawLine(QPointF(left, middle), QPointF(left + SAMPLE, middle))
            box = QRectF(left + SAMPLE + 4, middle - self._line / 2, width + 2, self._line)
            painter.setPen(QColor(self._theme.colours.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, line.name)
            left = box.right() + 12

    def _pen(self, number: int) -> QPen:
        """Return the pen of a line by its number, from 0."""
        colours = self._theme.colours
        inks = (colours.accent, *colours.cuts)
        return QPen(QColor(inks[number % len(inks)]), 1.6, DASHES[number % len(DASHES)])

    def _paint_line(
        self,
        painter: QPainter,
        plot: QRectF,
        line: Series,
        number: int,
        bounds: tuple[float, float],
    ) -> None:
        pen = self._pen(number)
        ink = pen.color()
        low, high = bounds

        def up(value: float) -> float:
            return plot.bottom() - (value - low) / (high - low) * plot.height()

        before: QPointF | None = None
        for place, point in enumerate(line.points):
            if point.mean is None:
                before = None
                continue
            here = QPointF(_across(plot, place, len(line.points)), up(point.mean))
            painter.setPen(pen)
            if before is not None:
                painter.drawLine(before, here)
            if point.low is not None and point.high is not None and point.high > point.low:
                painter.setPen(QPen(ink, 1))
                painter.drawLine(
                    QPointF(here.x(), up(point.low)), QPointF(here.x(), up(point.high))
                )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawEllipse(here, DOT, DOT)
            before = here


def tick(value: float | None) -> str:
    """Format a number with as many digits as an axis label needs; empty for None."""
    if value is None:
        return ""
    size = abs(value)
    digits = (
        0 if size >= 100 or value == int(value) else 1 if size >= 10 else 2 if size >= 0.1 else 5
    )
    text = f"{value:,.{digits}f}".replace("-", "−")
    # No trailing zeros: 0.5, not 0.50.
    return text.rstrip("0").rstrip(".") if "." in text else text


def _across(plot: QRectF, place: int, count: int) -> float:
    """Return the x coordinate of a column, in pixels."""
    return plot.left() + plot.width() * (place + 0.5) / max(1, count)


def _bounds(series: Sequence[Series]) -> tuple[float, float] | None:
    """Return the lowest and highest value of all points, with 0 between them; None without any
    value."""
    values = [
        value
        for line in series
        for point in line.points
        for value in (point.mean, point.low, point.high)
        if value is not None and math.isfinite(value)
    ]
    if not values:
        return None
    return min(0.0, *values), max(0.0, *values)
