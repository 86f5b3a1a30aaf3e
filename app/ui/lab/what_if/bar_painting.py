"""Pens, words and shapes for painting the bars.

Words are cached as pixmaps: shaping the text of every row at each move of a slider would take
longer than all other painting.
"""

import math

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
)

from app.domain.text.translation import _
from app.ui.lab.what_if.bar_layout import CutLine
from app.ui.theme.fading import paint_fading
from app.ui.theme.theme import TextSize, Theme

#: Least height of a row, and of the room above a row for cut lines, in pixels; larger text needs
#: more.
ROW, CUT = 28, 16
#: Least width of the longest bar in pixels, and a token of 24 characters that has room beside it.
BAR, SAMPLE = 180, "INTERNATIONALIZATION_KEY"
#: Space between the columns of a row, and the room for the mark of the token that came.
GAP, MARK = 8, 8
#: In a row too narrow for both, the tokens' share of what ranks and results leave.
NARROW_SHARE = 0.4
#: Most entries in a cache of words, since a slider produces ever new percentages.
MOST_WORDS = 800

_Words = tuple[str, bool, bool, float, float]


class BarInk:
    """Pens, brushes and cached words in the theme's colours, shared by all rows."""

    def __init__(self, theme: Theme) -> None:
        colours = theme.colours
        self.ground = QColor(colours.side)
        self._text, self._muted = QColor(colours.text), QColor(colours.muted)
        self._raw, self._raw_line = QBrush(QColor(colours.raw)), QPen(QColor(colours.raw_line))
        self._dropped = QPen(QColor(colours.control))
        self._dropped.setStyle(Qt.PenStyle.DotLine)
        self._now = QBrush(QColor(colours.accent))
        self._mark = QBrush(QColor(colours.accent))
        self._whisker = QPen(QColor(colours.text), 1.4)
        self._focus = QPen(QColor(colours.accent), 2)
        self._cut = QPen(QColor(colours.line), 1)
        self._font = theme.small_font()
        self._strong = QFont(self._font)
        self._strong.setWeight(QFont.Weight.DemiBold)
        self._cut_font = theme.font(TextSize.CAPTION)
        self._metrics = QFontMetricsF(self._strong)
        self._cut_metrics = QFontMetricsF(self._cut_font)
        #: Height of a row and of the room for cut lines above it, in pixels.
        self.row = max(ROW, math.ceil(self._metrics.height()) + 8)
        self.cut = max(CUT, math.ceil(self._cut_metrics.height()))
        #: Widths of the columns of ranks and of results.
        self.rank = MARK + math.ceil(self.width("00"))
        self.result = math.ceil(
            max(map(self.width, ("≈99.9 %", ">99.9 %", "<0.01 %", _("greedy"))))
        )
        self._words: dict[_Words, QPixmap] = {}
        self._widths: dict[str, float] = {}

    @property
    def wanted_width(self) -> int:
        """Width of a row in pixels in which tokens as wide as SAMPLE and bars have room."""
        token = math.ceil(self.width(SAMPLE)) + 2
        return self.rank + self.result + token + BAR + 3 * GAP

    def columns(self, width: float, widest: float) -> tuple[float, float]:
        """Return the width of the tokens' column and that of the longest bar, in pixels, in a row
        of `width`; `widest` is the width of the widest token. Only where bars would be shorter
        than `BAR` are wide tokens cut."""
        room = width - self.rank - self.result - 3 * GAP
        token = min(widest, max(room - BAR, room * NARROW_SHARE))
        return token, max(0.0, room - token)

    def forget(self) -> None:
        """Empty the caches of words: another token comes, with other words."""
        self._words.clear()
        self._widths.clear()

    def width(self, words: str) -> float:
        """Return the width of words in the widest font that they may have."""
        return self._metrics.horizontalAdvance(words)

    def paint_words(
        self,
        painter: QPainter,
        words: str,
        left: float,
        top: float,
        room: float,
        *,
        right: bool = False,
        quiet: bool = False,
        strong: bool = False,
    ) -> None:
        """Write words on one line of a row; they fade out if they are wider than `room`."""
        scale = painter.device().devicePixelRatioF()
        key = (words, quiet, strong, room, scale)
        picture = self._words.get(key)
        if picture is None:
            if len(self._words) > MOST_WORDS:
                self._words.clear()
            picture = self._words[key] = self._written(
                words, room, scale, quiet=quiet, strong=strong
            )
        if right:
            left += room - picture.width() / picture.devicePixelRatio()
        painter.drawPixmap(QPointF(round(left), top), picture)

    def _written(
        self, words: str, room: float, scale: float, *, quiet: bool, strong: bool
    ) -> QPixmap:
        font = self._strong if strong else self._font
        metrics = QFontMetricsF(font)
        full = metrics.horizontalAdvance(words) + 1
        width = math.ceil(min(full, room))
        picture = QPixmap(math.ceil(width * scale), math.ceil(self.row * scale))
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setFont(font)
        painter.setPen(self._muted if quiet else self._text)
        place = QRect(0, 0, width, self.row)
        if full > room:
            paint_fading(painter, place, words)
        else:
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
            painter.drawText(place, flags, words)
        painter.end()
        return picture

    def paint_raw(self, painter: QPainter, place: QRectF, *, dropped: bool) -> None:
        """Paint the raw probability: a pale bar with an outline; if dropped, the outline alone."""
        if place.width() < 1:
            place.setWidth(1)
        painter.setPen(self._dropped if dropped else self._raw_line)
        painter.setBrush(Qt.BrushStyle.NoBrush if dropped else self._raw)
        painter.drawRect(QRectF(int(place.x()), int(place.y()), int(place.width()), place.height()))

    def paint_now(self, painter: QPainter, place: QRectF) -> None:
        """Paint the resulting probability."""
        painter.fillRect(place, self._now)

    def paint_whisker(self, painter: QPainter, low: float, high: float, middle: float) -> None:
        """Paint the bounds of the resulting probability."""
        painter.setPen(self._whisker)
        painter.drawLines(
            [
                QLineF(low, middle, high, middle),
                QLineF(low, middle - 4, low, middle + 4),
                QLineF(high, middle - 4, high, middle + 4),
            ]
        )

    def paint_mark(self, painter: QPainter, at: QPointF) -> None:
        """Paint a triangle at the token that came."""
        x, y = at.x(), at.y()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._mark)
        painter.drawPolygon(QPolygonF([QPointF(x, y - 5), QPointF(x + 6, y), QPointF(x, y + 5)]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def paint_focus(self, painter: QPainter, place: QRectF) -> None:
        """Paint the frame of the row that has the keyboard focus."""
        painter.setPen(self._focus)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place, 4, 4)

    # Cuts.

    def cut_width(self, line: CutLine, *, short: bool) -> float:
        """Return the width of the name of a cut with its margins."""
        words = _cut_words(line, short=short)
        if words not in self._widths:
            if len(self._widths) > MOST_WORDS:
                self._widths.clear()
            self._widths[words] = self._cut_metrics.horizontalAdvance(words)
        return self._widths[words] + 12

    def paint_cut(
        self,
        painter: QPainter,
        line: CutLine,
        y: float,
        left: float,
        right: float,
        *,
        short: bool,
    ) -> None:
        """Write the name of a cut on its line."""
        height = self._cut_metrics.height() - 2
        place = QRectF(left, y - height / 2, right - left, height)
        painter.fillRect(place, self.ground)
        painter.setFont(self._cut_font)
        painter.setPen(self._muted)
        painter.drawText(
            QPointF(left + 6, y + self._cut_metrics.ascent() / 2 - 1),
            _cut_words(line, short=short),
        )

    def paint_cut_line(self, painter: QPainter, y: float, right: float) -> None:
        """Draw the line of all cuts at the same row."""
        painter.setPen(self._cut)
        painter.drawLine(QLineF(0, y, right, y))


def _cut_words(line: CutLine, *, short: bool) -> str:
    return line.name if short or not line.more else f"{line.name} · {line.more}"
