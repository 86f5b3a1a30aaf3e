"""Code blocks: a head with what can be done, and the code in pieces that are coloured later."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QPainter

from app.domain.text.invisible_characters import mark_invisible
from app.domain.text.translation import _, ngettext
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks
from app.ui.transcript.strips.code_colours import Colouring
from app.ui.transcript.strips.show_more import more_strip, size
from app.ui.transcript.strips.sideways import Sideways
from app.ui.transcript.strips.sideways_bar import SidewaysBar
from app.ui.transcript.strips.strip import Frame, GapStrip, Hit, Range, Strip, TextStrip
from app.ui.transcript.strips.text_pieces import pieces

#: A longer block is folded to SHOWN_LINES, unless it was seen as it came.
FOLDED_LINES = 30
SHOWN_LINES = 20
#: Characters past which a folded block is cut, however few its lines are.
FOLDED_CHARACTERS = 20_000
#: A line may be too wide for the column when it has more characters than this; so much of a code
#: block is looked at for that.
WIDE = 72
LOOKED_AT = 100_000
#: As good as no end of a line, in pixels.
UNWRAPPED = 1_000_000


@dataclass
class CodeBlock:
    """What a message remembers of one of its code blocks while its strips come and go."""

    colouring: Colouring
    strips: list["CodeStrip"] = field(default_factory=list)
    folded: bool = True
    wrapped: bool = True
    sideways: Sideways = field(default_factory=Sideways)
    _shown: str = ""

    def show(self, text: str, look: Look, left: int) -> None:
        """Make the strips of this text; where it has only grown, all but the last one stay."""
        if not (self.strips and self.strips[0].is_for(look) and text.startswith(self._shown)):
            self.strips = []
        start = self.strips.pop().start if self.strips else 0
        self._shown = text
        for piece, separator in pieces(text, start):
            strip = CodeStrip(look, piece, start, self, left)
            strip.separator = separator
            self.strips.append(strip)
            start += len(piece) + len(separator)
        self.strips[-1].separator = "\n"

    def turn_wrapping(self) -> None:
        """Wrap long lines, or let them go on."""
        self.wrapped = not self.wrapped
        self.sideways = Sideways()
        self.strips = []

    def colour(self, seconds: float) -> list["CodeStrip"] | None:
        """Go on with the colours; return the strips that have others now, or None if nothing is
        left to do."""
        done = self.colouring.step(seconds)
        if done is None:
            return None
        return [strip for strip in self.strips if strip.colour()] if done else []


class CodeStrip(TextStrip):
    """Some lines of code."""

    def __init__(self, look: Look, text: str, start: int, block: CodeBlock, left: int) -> None:
        super().__init__(
            look,
            text,
            look.code,
            frame=Frame(left),
            line=look.code_line,
            ground=look.code_ground,
            # Code begins at the left, whatever language its first letters are in.
            align=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute,
            # Copied is what was written, even what can't be seen.
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

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        if self.sideways is None:
            super().paint(painter, place, clip, marks)
            return
        box = QRectF(place.x() + self._frame.left, place.y(), self._width, self._height)
        inner = box.adjusted(self._padding(), 0, -self._frame.left - self._padding(), 0)
        painter.fillRect(box.adjusted(0, 0, -self._frame.left, 0), self._look.code_ground)
        painter.save()
        painter.setClipRect(inner, Qt.ClipOperation.IntersectClip)
        super().paint(painter, place, clip, marks)
        painter.restore()

    def _room(self, width: int) -> int:
        return super()._room(width) if self.sideways is None else UNWRAPPED

    def _origin(self, place: QPointF) -> QPointF:
        moved = self.sideways.offset if self.sideways is not None else 0
        return super()._origin(place) - QPointF(moved, 0)

    def colour(self) -> bool:
        """Take the colours as they are now; return whether they are others. Heights stay, since
        only colours change."""
        ranges = self._coloured()
        if ranges == self._ranges:
            return False
        self._ranges = ranges
        self.lay_out_anew()
        return True

    def _coloured(self) -> tuple[Range, ...]:
        runs = self.block.colouring.runs_in(self.start, self.start + len(self.text))
        inks = self._look.inks
        return tuple(Range(run.start, run.end - run.start, inks[run.ink]) for run in runs)


class CodeHead(Strip):
    """The line above a code block: its language and length, and words that can be clicked."""

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
        self._label = label or " · ".join(filter(None, (block.colouring.language, count)))
        self._words = [(self.COPY, _("Copy"))]
        if not block.wrapped or any(len(line) > WIDE for line in text[:LOOKED_AT].split("\n")):
            self._words.insert(0, (self.WRAP, _("Don't wrap") if block.wrapped else _("Wrap")))
        if lines > FOLDED_LINES or len(text) > FOLDED_CHARACTERS:
            self._words.insert(0, (self.FOLD, _("Show all") if block.folded else _("Fold")))
        self._width = 0

    def lay_out(self, width: int) -> int:
        self._width = width
        return 38

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        look = self._look
        box = QRectF(place.x() + self._left, place.y() + 8, self._width - self._left, 30)
        painter.fillRect(box, look.code_ground)
        painter.setFont(look.small)
        painter.setPen(look.muted)
        inner = box.adjusted(12, 2, -12, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, self._label)
        for _href, words, room in self._boxes():
            painter.drawText(room.translated(place), Qt.AlignmentFlag.AlignCenter, words)

    def hit(self, point: QPointF) -> Hit:
        for href, _words, room in self._boxes():
            if room.contains(point):
                return Hit(0, href)
        return Hit(0)

    def _boxes(self) -> list[tuple[str, str, QRectF]]:
        metrics = QFontMetrics(self._look.small)
        right, boxes = self._width - 4.0, []
        for href, words in reversed(self._words):
            width = metrics.horizontalAdvance(words) + 16
            boxes.append((href, words, QRectF(right - width, 9, width, 29)))
            right -= width
        return boxes


def code_strips(
    text: str, block: CodeBlock, look: Look, left: int, gap: int, *, label: str = ""
) -> list[Strip]:
    """The strips of a code block. Those of pieces that are as they were are kept. Its head says
    its language and length, or what it is a `label` for."""
    lines = text.count("\n") + 1
    shown = folded_text(text) if block.folded else text
    block.show(shown, look, left)
    found: list[Strip] = [CodeHead(look, block, left, text, label), *block.strips]
    if len(shown) < len(text):
        words = ngettext("Show all {n} line", "Show all {n} lines", lines).format(n=f"{lines:,}")
        if len(text) > FOLDED_CHARACTERS:
            words = f"{words} · {size(len(text))}"
        found.append(more_strip(words, look, CodeHead.FOLD, left, look.code_ground))
    if block.wrapped:
        found.append(GapStrip(10, QBrush(look.code_ground), left))
    else:
        found.append(SidewaysBar(look, block.sideways, left, look.code_ground))
    found.append(GapStrip(gap + 4))
    return found


def block_above(strips: Sequence[Strip], strip: Strip) -> CodeBlock:
    """The code block that a strip belongs to."""
    above = strips[strips.index(strip) :: -1]
    return next(one.block for one in above if isinstance(one, CodeHead))


def folded_text(text: str) -> str:
    """What a folded block shows of its code."""
    lines = text.split("\n", FOLDED_LINES)
    if len(lines) > FOLDED_LINES:
        text = "\n".join(lines[:SHOWN_LINES])
    return text[:FOLDED_CHARACTERS]
