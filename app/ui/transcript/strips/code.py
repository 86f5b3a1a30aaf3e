"""Code blocks: a head with language and buttons, and strips of code that are highlighted later."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QPainter, QTextLine

from app.domain.text.invisible_characters import mark_invisible
from app.domain.text.translation import _, ngettext
from app.ui.transcript.painting.code_ground import paint_bottom, paint_slice, paint_top
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks
from app.ui.transcript.strips.code_colours import CodeColours
from app.ui.transcript.strips.edge_fade import fade_sides
from app.ui.transcript.strips.rules_and_gaps import GapStrip
from app.ui.transcript.strips.show_more import more_strip, size
from app.ui.transcript.strips.sideways import SidewaysScroll
from app.ui.transcript.strips.sideways_bar import SidewaysBar
from app.ui.transcript.strips.strip import FormattedRange, Hit, Margins, Strip, TextStrip
from app.ui.transcript.strips.text_pieces import CHUNK, pieces

#: A block with more lines than FOLDED_LINES is folded to SHOWN_LINES lines, unless the reader saw
#: it arrive or opened it.
FOLDED_LINES = 200
SHOWN_LINES = 100
#: Largest number of characters that a folded block shows, however few its lines are.
FOLDED_CHARACTERS = 20_000
#: Wrapped lines go on below the words of their first line, this number of characters further to the
#: right, but at most MOST_HANGING pixels from the left.
HANGING = 2
MOST_HANGING = 240
#: Space above a block, least height of its head, and height of its end, in pixels.
ABOVE, BAR, END = 8, 30, 12
#: Line width for unwrapped code, in pixels: practically unlimited.
UNWRAPPED = 1_000_000


@dataclass
class CodeBlock:
    """State of one code block that outlives its strips: highlighting, folded, wrapped, scrolled."""

    colours: CodeColours
    strips: list["CodeStrip"] = field(default_factory=list)
    folded: bool = True
    #: None until a line is so long that it is wrapped, or the person has chosen.
    wrapping: bool | None = None
    sideways: SidewaysScroll = field(default_factory=SidewaysScroll)
    _shown: str = ""

    def show(self, text: str, look: Look, left: int) -> None:
        """Make the strips of the text. If it has only grown, all strips but the last are kept.

        `left` is the block's indent in pixels.
        """
        if not (self.strips and self.strips[0].is_for(look) and text.startswith(self._shown)):
            self.strips = []
        begin = self.strips[-1].start if self.strips else 0
        if self.wrapping is None and any(len(line) > CHUNK for line in text[begin:].split("\n")):
            # A line that is laid out in pieces would not be a line.
            self.wrapping, self.strips = True, []
        start = self.strips.pop().start if self.strips else 0
        self._shown = text
        for piece, separator in pieces(text, start):
            strip = CodeStrip(look, piece, start, self, left)
            strip.separator = separator
            self.strips.append(strip)
            start += len(piece) + len(separator)
        self.strips[-1].separator = "\n"

    @property
    def wrapped(self) -> bool:
        """Whether long lines are wrapped, rather than scrolled sideways."""
        return self.wrapping is True

    def turn_wrapping(self) -> None:
        """Switch between wrapping long lines and scrolling them sideways."""
        self.wrapping = not self.wrapped
        self.sideways = SidewaysScroll()
        self.strips = []

    def colour(self, seconds: float) -> list["CodeStrip"] | None:
        """Highlight for about `seconds`; return the strips whose colours changed, or None if
        nothing is left to do."""
        done = self.colours.step(seconds)
        if done is None:
            return None
        return [strip for strip in self.strips if strip.colour()] if done else []


class CodeStrip(TextStrip):
    """Strip with some lines of a code block; `start` is their offset in the block's text."""

    def __init__(self, look: Look, text: str, start: int, block: CodeBlock, left: int) -> None:
        super().__init__(
            look,
            text,
            look.code,
            margins=Margins(left),
            line=look.code_line,
            in_code=True,
            # Code is aligned to the left even if its first letters are Hebrew or Arabic.
            align=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute,
            # Invisible characters are shown as visible ones, but copied as they are.
            shown=mark_invisible(text),
        )
        self.start = start
        self.block = block
        self.sideways = None if block.wrapped else block.sideways
        self._ranges = self._coloured()

    def lay_out(self, width: int) -> int:
        if self.sideways is None or width == self._width:
            return super().lay_out(width)
        height = super().lay_out(width)
        self.sideways.hold(self.natural_width(), super()._room(width))
        return height

    def estimate(self, width: int) -> int:
        # Lines that aren't wrapped have a known height.
        if self.sideways is None:
            return super().estimate(width)
        return self._height if width == self._width else self._lines() * self._line

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        if self.sideways is None:
            super().paint(painter, place, clip, marks)
            return
        box = QRectF(place.x() + self._margins.left, place.y(), self._width, self._height)
        inner = box.adjusted(self._padding(), 0, -self._margins.left - self._padding(), 0)
        paint_slice(painter, box.adjusted(0, 0, -self._margins.left, 0), self._look)
        painter.save()
        painter.setClipRect(inner, Qt.ClipOperation.IntersectClip)
        super().paint(painter, place, clip, marks)
        left, right = self.sideways.cut_sides
        fade_sides(painter, inner, self._look.code_background, left=left, right=right)
        painter.restore()

    def painted(self) -> list[tuple[str, QRectF]]:
        if self.sideways is None:
            return super().painted()
        seen = QRectF(
            self._margins.left + self._padding(), 0, super()._room(self._width), self._height
        )
        return [(name, box.intersected(seen)) for name, box in super().painted()]

    def _lines(self) -> int:
        return 1 + self.text.count("\u2028")

    def _indent_of(self, line: QTextLine) -> int:
        if self.sideways is not None or line.lineNumber() == 0:
            return 0
        start = self._units.from_qt(line.textStart())
        begin = self._shown.rfind("\u2028", 0, start) + 1
        if begin == start:
            return 0
        first = self._shown[begin:start]
        columns = len(first.expandtabs(4)) - len(first.expandtabs(4).lstrip()) + HANGING
        advance = QFontMetricsF(self._font).horizontalAdvance(" ")
        return min(MOST_HANGING, round(columns * advance), self._room(self._width) // 2)

    def _room(self, width: int) -> int:
        return super()._room(width) if self.sideways is None else UNWRAPPED

    def _origin(self, place: QPointF) -> QPointF:
        moved = self.sideways.offset if self.sideways is not None else 0
        return super()._origin(place) - QPointF(moved, 0)

    def colour(self) -> bool:
        """Apply the block's current highlighting; return whether it changed.

        Heights stay the same, since only colours change.
        """
        ranges = self._coloured()
        if ranges == self._ranges:
            return False
        self._ranges = ranges
        self.lay_out_anew()
        return True

    def _coloured(self) -> tuple[FormattedRange, ...]:
        runs = self.block.colours.runs_in(self.start, self.start + len(self.text))
        syntax_formats = self._look.syntax_formats
        return tuple(
            FormattedRange(run.start, run.end - run.start, syntax_formats[run.syntax])
            for run in runs
        )


class CodeHead(Strip):
    """The line above a code block: its language and number of lines, and buttons such as Copy."""

    separator = ""
    COPY = "loquat:copy-code"
    FOLD = "loquat:fold-code"
    WRAP = "loquat:wrap-code"

    def __init__(self, look: Look, block: CodeBlock, left: int, text: str, label: str = "") -> None:
        self._look = look
        self.block = block
        self._left = left
        self.code = text
        lines = text.count("\n") + 1
        count = ngettext("{n} line", "{n} lines", lines).format(n=f"{lines:,}") if lines > 1 else ""
        self._label = label or " · ".join(filter(None, (block.colours.language, count)))
        self._words = [(self.COPY, _("Copy"))]
        self._bar = max(BAR, QFontMetrics(look.small).height() + 8)
        self._wrap = (self.WRAP, _("Don't wrap") if block.wrapped else _("Wrap"))
        if lines > FOLDED_LINES or len(text) > FOLDED_CHARACTERS:
            self._words.insert(0, (self.FOLD, _("Show all") if block.folded else _("Fold")))
        self._width = 0

    @property
    def _buttons(self) -> list[tuple[str, str]]:
        """Address and words of each button. Wrapping is offered if a line is too long."""
        long = self.block.wrapped or self.block.sideways.furthest > 0
        return [self._wrap, *self._words] if long else self._words

    def lay_out(self, width: int) -> int:
        self._width = width
        return ABOVE + self._bar

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        look = self._look
        box = QRectF(place.x() + self._left, place.y() + ABOVE, self._width - self._left, self._bar)
        paint_top(painter, box, look)
        painter.setFont(look.small)
        painter.setPen(look.muted)
        inner = box.adjusted(12, 2, -12, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, self._label)
        for _href, words, room in self._boxes():
            painter.drawText(room.translated(place), Qt.AlignmentFlag.AlignCenter, words)

    def painted(self) -> list[tuple[str, QRectF]]:
        label = QFontMetricsF(self._look.small).horizontalAdvance(self._label)
        found = [("label", QRectF(self._left + 12, ABOVE, label, self._bar))] if self._label else []
        return [*found, *((f"button {words}", box) for _href, words, box in self._boxes())]

    def hit(self, point: QPointF) -> Hit:
        for href, _words, room in self._boxes():
            if room.contains(point):
                return Hit(0, href)
        return Hit(0)

    def _boxes(self) -> list[tuple[str, str, QRectF]]:
        metrics = QFontMetrics(self._look.small)
        right, boxes = self._width - 4.0, []
        for href, words in reversed(self._buttons):
            width = metrics.horizontalAdvance(words) + 16
            boxes.append((href, words, QRectF(right - width, ABOVE + 1, width, self._bar - 1)))
            right -= width
        return boxes


class CodeEnd(Strip):
    """The lower end of a code block with wrapped lines."""

    separator = ""

    def __init__(self, look: Look, left: int) -> None:
        self._look = look
        self._left = left
        self._width = 0

    def lay_out(self, width: int) -> int:
        self._width = width
        return END

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        box = QRectF(place.x() + self._left, place.y(), self._width - self._left, END)
        paint_bottom(painter, box, self._look)


def code_strips(
    text: str, block: CodeBlock, look: Look, left: int, gap: int, *, label: str = ""
) -> list[Strip]:
    """Return the strips of a code block; strips in `block` are used again for unchanged pieces.

    `left` is the indent and `gap` the space below, in pixels. The head shows `label`, or the
    language and number of lines if that is empty.
    """
    lines = text.count("\n") + 1
    shown = folded_text(text) if block.folded else text
    block.show(shown, look, left)
    strips: list[Strip] = [CodeHead(look, block, left, text, label), *block.strips]
    if len(shown) < len(text):
        words = ngettext("Show all {n} line", "Show all {n} lines", lines).format(n=f"{lines:,}")
        if len(text) > FOLDED_CHARACTERS:
            words = f"{words} · {size(len(text))}"
        strips.append(more_strip(words, look, CodeHead.FOLD, left, in_code=True))
    if block.wrapped:
        strips.append(CodeEnd(look, left))
    else:
        strips.append(SidewaysBar(look, block.sideways, left, ends_code=True))
    strips.append(GapStrip(gap + 4))
    return strips


def block_above(strips: Sequence[Strip], strip: Strip) -> CodeBlock:
    """Return the code block that a strip belongs to, found by the nearest head above it."""
    above = strips[strips.index(strip) :: -1]
    return next(each.block for each in above if isinstance(each, CodeHead))


def folded_text(text: str) -> str:
    """Return the part of the code that a folded block shows; short code is returned whole."""
    lines = text.split("\n", FOLDED_LINES)
    if len(lines) > FOLDED_LINES:
        text = "\n".join(lines[:SHOWN_LINES])
    return text[:FOLDED_CHARACTERS]
