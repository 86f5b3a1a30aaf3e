"""Strips: the horizontal slices that a message is laid out and painted in.

A strip lays itself out for a width, paints itself, answers hit tests, and has a text, which can be
selected. Painting never changes heights, texts or positions. Each Markdown block becomes a flat
list of strips; nesting is shown by indents and bars. All measures are in pixels, all offsets into
a strip's text in Python's characters (not UTF-16 units).
"""

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
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
from app.ui.transcript.painting.code_ground import paint_slice
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.mark_boxes import MarkBoxes, boxes_of, has_own_colour, overlapping
from app.ui.transcript.painting.marks import Mark, Marks
from app.ui.transcript.painting.utf16_offsets import Utf16Offsets
from app.ui.transcript.strips.sideways import SidewaysScroll
from app.ui.transcript.strips.text_pieces import longest_word

#: Text with a longer word than this, in characters, may be wrapped anywhere. Qt takes quadratic
#: time to find a place between words (100,000 characters without a space: 0.5 s, now 0.04 s).
LONGEST_WORD = 2_000

_WRAP = QTextOption.WrapMode


@dataclass(frozen=True, slots=True)
class FormattedRange:
    """Range of a strip's text with its own format. `href` is the address that a click opens."""

    start: int
    length: int
    format: QTextCharFormat
    href: str = ""


@dataclass(frozen=True, slots=True)
class Margins:
    """Space around a strip's text in pixels, with the quote bars and list marker in it."""

    left: int = 0
    top: int = 0
    bottom: int = 0
    #: Left edges of the bars of the quotes around the text.
    bars: tuple[int, ...] = ()
    #: Bullet or number, painted just left of the text.
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """Result of a hit test: an offset into the strip's text, and the link's address there."""

    offset: int
    href: str = ""
    #: LaTeX source of the formula at the point.
    latex: str = ""


class Strip:
    """Base class of all strips. `text` is the text that can be selected and is read aloud; it is
    empty for strips without text."""

    text = ""
    #: Text between this strip's text and the next strip's, when both are copied.
    separator = "\n"
    #: Horizontal scroll position, shared by the strips of a block; None if it can't be scrolled.
    sideways: SidewaysScroll | None = None
    #: The formulas in the text, whether typeset yet or not.
    formulas: tuple[FormulaRequest, ...] = ()
    #: Long-lived backgrounds of ranges of the text, as a heat map's. Their boxes are cached.
    backgrounds: Marks = ()

    def lay_out(self, width: int) -> int:
        """Lay out for a width; return the height. A second call with the same width is O(1)."""
        raise TypeError("each kind of strip has its own layout")

    def estimate(self, width: int) -> int:
        """Return the approximate height for a width, without laying out."""
        return self.lay_out(width)

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        """Draw the part in `clip`, with the strip's top left corner at `place`.

        `marks` are background colours of ranges of the text. May not change any measure.
        """
        raise TypeError("each kind of strip paints itself")

    def forget(self) -> None:
        """Free the layout, since the strip is far out of sight. Its height stays known."""

    def lay_out_formulas(self) -> bool:
        """Lay out again if more formulas have been typeset; return whether that was so."""
        return False

    def painted(self) -> list[tuple[str, QRectF]]:
        """Return name and rectangle of each text, button and mark that is painted, relative to the
        top left corner."""
        return []

    def hit(self, point: QPointF) -> Hit:
        """Return the text offset and link nearest to a point relative to the top left corner."""
        return Hit(0)

    def rectangle_of(self, offset: int) -> QRectF:
        """Return a character's rectangle relative to the top left corner; null without text."""
        return QRectF()


class TextStrip(Strip):
    """Wrapped text with formats: a paragraph, a heading, a list's item or some lines of code."""

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
        in_code: bool = False,
        align: Qt.AlignmentFlag | None = None,
        shown: str = "",
        label: bool = False,
    ) -> None:
        """`line` is the least line height in pixels, 0 for the look's. `shown` is painted instead
        of `text` and has to be as long. A `label` is text of the program that can't be selected.
        With `in_code`, the strip has the ground of a code block."""
        self._look = look
        self.text = "" if label else text
        if label:
            self.separator = ""
        #: The painted text, as long as `text` and nearly always the same.
        self._shown = shown or text
        self._units = Utf16Offsets(text)
        self._font = font
        self._ranges = ranges
        self._margins = margins
        self._line = line or look.line
        self._colour = colour or look.text
        self._in_code = in_code
        self._align = align
        self._layout: QTextLayout | None = None
        # Cached boxes of `backgrounds`, for one layout.
        self._mark_boxes: MarkBoxes | None = None
        self._width = -1
        self._height = 0

    def lay_out(self, width: int) -> int:
        if width == self._width and self._layout is not None:
            return self._height
        self._width = width
        self._mark_boxes = None
        layout = self._new_layout()
        inner = self._room(width)
        y = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            indent = self._indent_of(line)
            line.setLineWidth(inner - indent)
            above, below = self._reach(line)
            extra = max(0.0, self._line - above - below)
            line.setPosition(QPointF(indent, y + extra / 2 + above - line.ascent()))
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
        """Lay out again for the same width, because formats changed."""
        width, self._width, self._layout = self._width, -1, None
        if width >= 0:
            self.lay_out(width)

    def is_for(self, look: Look) -> bool:
        """Return whether the strip was made with this look."""
        return self._look is look

    def line_starts(self) -> list[int]:
        """Return the offset in the text at which each line begins; empty before the layout."""
        layout = self._current_layout()
        if layout is None:
            return []
        lines = (layout.lineAt(number) for number in range(layout.lineCount()))
        return [self._units.from_qt(line.textStart()) for line in lines]

    def natural_width(self) -> int:
        """Return the width of the widest line in pixels; 0 before the first layout."""
        layout = self._current_layout()
        return ceil(layout.maximumWidth()) if layout is not None else 0

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        margins, look = self._margins, self._look
        if self._in_code:
            width = self._width - margins.left
            box = QRectF(place.x() + margins.left, place.y(), width, self._height)
            paint_slice(painter, box, look)
        for bar in margins.bars:
            painter.fillRect(
                QRectF(place.x() + bar, place.y(), 3, self._height), look.hairline.color()
            )
        if margins.marker:
            painter.setFont(self._font)
            painter.setPen(look.muted)
            painter.drawText(
                self._marker_box(place),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                margins.marker,
            )
        layout = self._current_layout()
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

    def painted(self) -> list[tuple[str, QRectF]]:
        layout = self._current_layout()
        if layout is None:
            return []
        box = QRectF()
        for number in range(layout.lineCount()):
            box = box.united(layout.lineAt(number).naturalTextRect())
        found = [("text", box.translated(self._origin(QPointF(0, 0))))] if box.width() > 0 else []
        if self._margins.marker:
            found.append(("marker", self._marker_box(QPointF(0, 0))))
        return found

    def hit(self, point: QPointF) -> Hit:
        layout = self._current_layout()
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
        seen = line.naturalTextRect()
        over = seen.left() <= inside.x() <= seen.right()
        character = line.xToCursor(inside.x(), line.CursorPosition.CursorOnCharacter)
        href = self._href_at(self._units.from_qt(character)) if over else ""
        offset = self._units.from_qt(line.xToCursor(inside.x()))
        return Hit(min(offset, len(self.text)), href)

    def rectangle_of(self, offset: int) -> QRectF:
        layout = self._current_layout()
        if layout is None:
            return QRectF()
        offset = self._units.to_qt(min(offset, len(self.text)))
        line = layout.lineForTextPosition(offset)
        if not line.isValid():
            return QRectF()
        # PySide returns a tuple (x, offset), though its stub says float.
        x = float(line.cursorToX(offset)[0])  # type: ignore[index]
        origin = self._origin(QPointF(0, 0))
        width = QFontMetrics(self._font).averageCharWidth()
        return QRectF(origin.x() + x, origin.y() + line.y(), width, line.height())

    def _marker_box(self, place: QPointF) -> QRectF:
        width = QFontMetrics(self._font).horizontalAdvance(self._margins.marker) + 2
        right = place.x() + self._margins.left - 8
        return QRectF(right - width, place.y() + self._margins.top, width, self._line)

    def _href_at(self, offset: int) -> str:
        for each in self._ranges:
            if each.href and each.start <= offset < each.start + each.length:
                return each.href
        return ""

    def _padding(self) -> int:
        return 12 if self._in_code else 0

    def _origin(self, place: QPointF) -> QPointF:
        return place + QPointF(self._margins.left + self._padding(), self._margins.top)

    def _room(self, width: int) -> int:
        """Return the width available for a line, in pixels."""
        return max(40, width - self._margins.left - self._padding() * 2)

    def _indent_of(self, line: QTextLine) -> int:
        """Return the space in pixels at the left of a line, in addition to the margin."""
        return 0

    def _content(self) -> tuple[str, tuple[FormattedRange, ...]]:
        """Return the painted text, as long as `text`, and its formats."""
        return self._shown, self._ranges

    def _reach(self, line: QTextLine) -> tuple[float, float]:
        """Return how far a line extends above and below its baseline, in pixels."""
        return line.ascent(), line.height() - line.ascent()

    def _current_layout(self) -> QTextLayout | None:
        """Return the layout, made again if it was freed; None before the first `lay_out`."""
        if self._layout is None and self._width >= 0:
            self.lay_out(self._width)
        return self._layout

    def _new_layout(self) -> QTextLayout:
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
        """Return the boxes of `backgrounds` in this layout, from the cache if they are current."""
        known = self._mark_boxes
        if known is None or known.marks is not self.backgrounds or known.layout is not layout:
            known = self._mark_boxes = MarkBoxes(
                self.backgrounds,
                layout,
                boxes_of(layout, self._units, self.backgrounds),
                [
                    self._format_range(*offsets, self._look.plain)
                    for offsets in self._coloured_ranges()
                ],
            )
        return known

    def _coloured_ranges(self) -> list[tuple[int, int]]:
        """Return the ranges that have a colour of their own and a background behind them.

        They are painted in the plain text colour, so that they stay readable.
        """
        ranges = [
            (each.start, each.start + each.length)
            for each in self._ranges
            if has_own_colour(each.format)
        ]
        if self._in_code and ranges:
            # The whole of code is painted plain: it has very many such ranges, and highlighting
            # on a heat map would be unreadable.
            return [(0, len(self.text))]
        return overlapping(self.backgrounds, ranges)

    def _format_range(
        self, start: int, end: int, format_: QTextCharFormat
    ) -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start = self._units.to_qt(start)
        made.length = self._units.to_qt(end) - made.start
        made.format = format_
        return made
