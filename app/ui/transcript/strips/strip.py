"""Strips: the horizontal pieces that a message is laid out and painted in.

A strip lays itself out for a width, paints a part of itself, says what lies under a point, and
holds its text, of which selections take a range. Painting changes nothing. Every block of
Markdown becomes one or more strips, flat: nesting is an indent and a few bars.
"""

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from app.markup.typesetting import FormulaRequest
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.mark_boxes import MarkBoxes, boxes_of, is_inked, touched
from app.ui.transcript.painting.marks import Mark, Marks
from app.ui.transcript.painting.utf16_offsets import Utf16Offsets
from app.ui.transcript.strips.sideways import SidewaysScroll

#: A word longer than this makes Qt's search for a place to wrap quadratic, so that any place
#: must do (100,000 characters without a space took 0.5 s, and 0.04 s this way).
LONGEST_WORD = 2_000

_WRAP = QTextOption.WrapMode


@dataclass(frozen=True, slots=True)
class FormattedRange:
    """Characters of a strip in a format of their own; `href` is where a click leads."""

    start: int
    length: int
    format: QTextCharFormat
    href: str = ""


@dataclass(frozen=True, slots=True)
class Margins:
    """What stands around a strip's text, in pixels."""

    left: int = 0
    top: int = 0
    bottom: int = 0
    #: The left edges of the bars of the quotes around it.
    bars: tuple[int, ...] = ()
    #: A bullet or number, which ends just left of the text.
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under a point: an offset into the strip's text, a link, a formula."""

    offset: int
    href: str = ""
    #: The source of the formula there.
    latex: str = ""


class Strip:
    """The contract. `text` is what is selected and read aloud; it may be empty."""

    text = ""
    #: What stands between this strip's text and the next one's, when copied.
    separator = "\n"
    #: How far it is moved sideways, where it can be.
    sideways: SidewaysScroll | None = None
    #: The formulas in it, set or not.
    formulas: tuple[FormulaRequest, ...] = ()
    #: Grounds that stay for a while and are many: those of a heat map.
    backgrounds: Marks = ()

    def lay_out(self, width: int) -> int:
        """Fit into `width` pixels; return the height. Laying out twice costs nothing."""
        raise TypeError("each kind of strip has its own layout")

    def estimate(self, width: int) -> int:
        """About what `lay_out` would return, at once."""
        return self.lay_out(width)

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        """Draw what lies in `clip`, on the grounds that `marks` give to characters."""
        raise TypeError("each kind of strip paints itself")

    def forget(self) -> None:
        """Let go of what only painting needs, since it is far out of sight; the height stays."""

    def lay_out_formulas(self) -> bool:
        """Lay out again if formulas can be painted that couldn't be; return whether so."""
        return False

    def hit(self, point: QPointF) -> Hit:
        """What lies at a point, relative to the strip's top left corner."""
        return Hit(0)

    def rectangle_of(self, offset: int) -> QRectF:
        """Where a character stands, relative to the strip's top left corner."""
        return QRectF()


class TextStrip(Strip):
    """Text that wraps: a paragraph, a heading, a list's item, a piece of code."""

    def __init__(
        self,
        look: Look,
        text: str,
        font: QFont,
        ranges: tuple[FormattedRange, ...] = (),
        margins: Margins = Margins(),
        *,
        line: int = 0,
        colour: QColor | None = None,
        background: QColor | None = None,
        align: Qt.AlignmentFlag | None = None,
        shown: str = "",
        label: bool = False,
    ) -> None:
        """A `label` is the program's words, not the answer's: neither selected nor copied."""
        self._look = look
        self.text = "" if label else text
        if label:
            self.separator = ""
        #: What is painted: as long as the text, and nearly always the text.
        self._shown = shown or text
        self._units = Utf16Offsets(text)
        self._font = font
        self._ranges = ranges
        self._margins = margins
        self._line = line or look.line
        self._colour = colour or look.text
        self._background = background
        self._align = align
        self._layout: QTextLayout | None = None
        # Where the grounds are, for one layout.
        self._mark_boxes: MarkBoxes | None = None
        self._width = -1
        self._height = 0

    def lay_out(self, width: int) -> int:
        if width == self._width and self._layout is not None:
            return self._height
        self._width = width
        self._mark_boxes = None
        layout = self._made()
        inner = self._room(width)
        y = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(inner)
            above, below = self._reach(line)
            extra = max(0.0, self._line - above - below)
            line.setPosition(QPointF(0, y + extra / 2 + above - line.ascent()))
            y += max(above + below, self._line)
        layout.endLayout()
        self._height = round(y) + self._margins.top + self._margins.bottom
        return self._height

    def estimate(self, width: int) -> int:
        if width == self._width:
            return self._height
        inner = max(40, width - self._margins.left - self._padding() * 2)
        shown = self._shown
        lines = 1 + len(shown) * self._look.character // inner + shown.count("\u2028")
        return lines * self._line + self._margins.top + self._margins.bottom

    def forget(self) -> None:
        self._layout = self._mark_boxes = None

    def lay_out_anew(self) -> None:
        """Lay out for the same width again, since formats changed."""
        width, self._width, self._layout = self._width, -1, None
        if width >= 0:
            self.lay_out(width)

    def is_for(self, look: Look) -> bool:
        """Whether it draws with this look."""
        return self._look is look

    def natural_width(self) -> int:
        """How wide the widest line is, once laid out."""
        layout = self._there()
        return ceil(layout.maximumWidth()) if layout is not None else 0

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        margins, look = self._margins, self._look
        top = place.y() + margins.top
        if self._background is not None:
            width = self._width - margins.left
            painter.fillRect(
                QRectF(place.x() + margins.left, place.y(), width, self._height), self._background
            )
        for bar in margins.bars:
            painter.fillRect(
                QRectF(place.x() + bar, place.y(), 3, self._height), look.hairline.color()
            )
        if margins.marker:
            painter.setFont(self._font)
            painter.setPen(look.muted)
            room = QRectF(place.x() + margins.left - 60, top, 52, self._line)
            painter.drawText(
                room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, margins.marker
            )
        layout = self._there()
        if layout is None:
            return
        origin = self._origin(place)
        backgrounds = [self._background_of(mark) for mark in marks]
        if self.backgrounds:
            mark_boxes = self._backgrounds_in(layout)
            for box, colour in mark_boxes.boxes:
                painter.fillRect(box.translated(origin), colour)
            backgrounds = [*mark_boxes.plain, *backgrounds]
        painter.setPen(self._colour)
        layout.draw(painter, origin, backgrounds, clip)

    def hit(self, point: QPointF) -> Hit:
        layout = self._there()
        if layout is None or not layout.lineCount():
            return Hit(0)
        inside = point - self._origin(QPointF(0, 0))
        low, high = 0, layout.lineCount() - 1
        while low < high:
            middle = (low + high + 1) // 2
            if layout.lineAt(middle).y() <= inside.y():
                low = middle
            else:
                high = middle - 1
        line = layout.lineAt(low)
        over = 0 <= inside.x() <= line.naturalTextWidth()
        character = line.xToCursor(inside.x(), line.CursorPosition.CursorOnCharacter)
        href = self._href_at(self._units.from_qt(character)) if over else ""
        offset = self._units.from_qt(line.xToCursor(inside.x()))
        return Hit(min(offset, len(self.text)), href)

    def rectangle_of(self, offset: int) -> QRectF:
        layout = self._there()
        if layout is None:
            return QRectF()
        offset = self._units.to_qt(min(offset, len(self.text)))
        line = layout.lineForTextPosition(offset)
        if not line.isValid():
            return QRectF()
        # The binding returns the offset beside the place, though its stub says otherwise.
        x = float(line.cursorToX(offset)[0])  # type: ignore[index]
        origin = self._origin(QPointF(0, 0))
        width = QFontMetrics(self._font).averageCharWidth()
        return QRectF(origin.x() + x, origin.y() + line.y(), width, line.height())

    def _href_at(self, offset: int) -> str:
        for each in self._ranges:
            if each.href and each.start <= offset < each.start + each.length:
                return each.href
        return ""

    def _padding(self) -> int:
        return 12 if self._background is not None else 0

    def _origin(self, place: QPointF) -> QPointF:
        return place + QPointF(self._margins.left + self._padding(), self._margins.top)

    def _room(self, width: int) -> int:
        """How wide a line may be."""
        return max(40, width - self._margins.left - self._padding() * 2)

    def _content(self) -> tuple[str, tuple[FormattedRange, ...]]:
        """What is painted, as long as the text, and its formats."""
        return self._shown, self._ranges

    def _reach(self, line: QTextLine) -> tuple[float, float]:
        """How far a line reaches above and below its baseline."""
        return line.ascent(), line.height() - line.ascent()

    def _there(self) -> QTextLayout | None:
        """The layout, made again if it was forgotten; None before the first one."""
        if self._layout is None and self._width >= 0:
            self.lay_out(self._width)
        return self._layout

    def _made(self) -> QTextLayout:
        if self._layout is None:
            shown, ranges = self._content()
            layout = QTextLayout(shown, self._font)
            option = QTextOption()
            long = len(shown) > LONGEST_WORD and longest_word(shown) > LONGEST_WORD
            option.setWrapMode(_WRAP.WrapAnywhere if long else _WRAP.WrapAtWordBoundaryOrAnywhere)
            if self._align is not None:
                option.setAlignment(self._align)
            option.setTabStopDistance(QFontMetrics(self._font).horizontalAdvance(" ") * 4)
            layout.setTextOption(option)
            layout.setCacheEnabled(True)
            layout.setFormats(
                [
                    self._format_range(each.start, each.start + each.length, each.format)
                    for each in ranges
                ]
            )
            self._layout = layout
        return self._layout

    def _background_of(self, mark: Mark) -> QTextLayout.FormatRange:
        background = QTextCharFormat()
        background.setBackground(mark.colour)
        return self._format_range(mark.start, mark.end, background)

    def _backgrounds_in(self, layout: QTextLayout) -> MarkBoxes:
        """The grounds as boxes, and what is drawn in the text's own ink on them."""
        known = self._mark_boxes
        if known is None or known.marks is not self.backgrounds or known.layout is not layout:
            known = self._mark_boxes = MarkBoxes(
                self.backgrounds,
                layout,
                boxes_of(layout, self._units, self.backgrounds),
                [self._format_range(*offsets, self._look.plain) for offsets in self._inked()],
            )
        return known

    def _inked(self) -> list[tuple[int, int]]:
        """What has an ink or a ground of its own, and a mark's ground behind it."""
        ranges = [
            (each.start, each.start + each.length) for each in self._ranges if is_inked(each.format)
        ]
        if self._background is not None and ranges:
            # All of it at once: code has very many, and two sets of colours can't be read.
            return [(0, len(self.text))]
        return touched(self.backgrounds, ranges)

    def _format_range(
        self, start: int, end: int, format_: QTextCharFormat
    ) -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start = self._units.to_qt(start)
        made.length = self._units.to_qt(end) - made.start
        made.format = format_
        return made


class RuleStrip(Strip):
    """A line across."""

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
    """Space, with a code block's ground where it belongs to one."""

    separator = ""

    def __init__(self, height: int, background: QBrush | None = None, left: int = 0) -> None:
        self._height = height
        self._background = background
        self._left = left
        self._width = 0

    def lay_out(self, width: int) -> int:
        self._width = width
        return self._height

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        if self._background is not None:
            box = QRectF(place.x() + self._left, place.y(), self._width - self._left, self._height)
            painter.fillRect(box, self._background)


def longest_word(text: str) -> int:
    """How long the longest run without white space is."""
    return max(map(len, text.split()), default=0)
