"""A model's reasoning: a line with its duration that folds it, and the words below.

While the reasoning arrives, its last lines are shown in a window of a fixed height.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.domain.text import figures
from app.domain.text.translation import _
from app.ui.theme.icons import paint_glyph
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks
from app.ui.transcript.strips.compose import plain_strips
from app.ui.transcript.strips.edge_fade import fade_top
from app.ui.transcript.strips.folds import Folds
from app.ui.transcript.strips.rules_and_gaps import GapStrip
from app.ui.transcript.strips.strip import FormattedRange, Hit, Margins, Strip, TextStrip

#: Most lines of the window on reasoning that is arriving.
LINES = 6
#: Characters of reasoning that are laid out for the window; earlier ones are left out. Six lines of
#: the widest column have about 700.
LAID_OUT = 2_000
#: Indent of the reasoning, and the space below it, in pixels.
LEFT, BELOW = 16, 8
#: Side of the chevron behind the line that folds, in pixels.
CHEVRON = 12


@dataclass(frozen=True, slots=True)
class ReasoningState:
    """Whether reasoning is still arriving, whether it is folded, and how many seconds it took."""

    live: bool
    folded: bool
    seconds: float | None


class ReasoningTail:
    """Makes the strips of reasoning, and knows where the window on its end begins.

    That is the start of a line, so that lines don't wrap anew when the beginning is left out.
    """

    def __init__(self) -> None:
        self._start = 0
        self._strip: TailStrip | None = None

    def strips(
        self,
        state: ReasoningState,
        since: Callable[[int], str],
        look: Look,
        before: Sequence[Strip] = (),
    ) -> list[Strip]:
        """Return the strips; `since(n)` is the reasoning from character n.

        Strips in `before`, of the reasoning as it was, are used again where it is unchanged.
        """
        strips: list[Strip] = [_head(state, look)]
        if not state.folded:
            font, line = look.small, look.small_line
            strips += plain_strips(
                since(0), look, font, line=line, muted=True, left=LEFT, before=before
            )
        elif state.live:
            strips.append(self._window(since, look))
        return strips if len(strips) == 1 else [*strips, GapStrip(BELOW)]

    def _window(self, since: Callable[[int], str], look: Look) -> "TailStrip":
        text = since(self._start)
        if len(text) > LAID_OUT:
            cut = self._strip.first_line() if self._strip is not None else 0
            if len(text) - cut > LAID_OUT:
                end = len(text) - LAID_OUT // 2
                cut = max(cut, text.rfind("\n", 0, end) + 1, text.rfind(" ", 0, end) + 1)
            self._start += cut
            text = text[cut:]
        strip = self._strip
        if strip is None or strip.source != text or not strip.is_for(look):
            strip = self._strip = TailStrip(look, text, more=self._start > 0)
        return strip


def _head(state: ReasoningState, look: Look) -> Strip:
    """Return the line above the reasoning. A click on it folds the reasoning."""
    if state.live:
        words = _("Thinking…")
    elif state.seconds is not None:
        words = _("Thought for {time}").format(time=figures.whole_duration(state.seconds))
    else:
        words = _("Reasoning")
    # While the model thinks, the last lines are shown also where the rest is folded.
    return FoldHead(look, words, Folds.REASONING, opened=state.live or not state.folded)


class FoldHead(TextStrip):
    """Line with a chevron that folds what is below it: down where that is shown, else right."""

    def __init__(self, look: Look, words: str, href: str, *, opened: bool) -> None:
        ranges = (FormattedRange(0, len(words), look.quiet_format(), href),)
        super().__init__(look, words, look.small, ranges, line=28, colour=look.muted, label=True)
        self._href = href
        self._glyph = "down" if opened else "right"

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        super().paint(painter, place, clip, marks)
        paint_glyph(painter, self._glyph, self._chevron().translated(place), self._look.muted)

    def painted(self) -> list[tuple[str, QRectF]]:
        return [*super().painted(), (f"chevron {self._glyph}", self._chevron())]

    def hit(self, point: QPointF) -> Hit:
        over = 0 <= point.x() <= self._chevron().right() and 0 <= point.y() <= self._height
        return Hit(0, self._href) if over else super().hit(point)

    def _chevron(self) -> QRectF:
        return QRectF(self.natural_width() + 4, (self._line - CHEVRON) / 2, CHEVRON, CHEVRON)


class TailStrip(TextStrip):
    """Window on the last lines of a text, at most LINES of them; fades at its top if there are
    more. `more` says that there is text before."""

    def __init__(self, look: Look, text: str, *, more: bool) -> None:
        super().__init__(
            look,
            text.replace("\n", "\u2028"),
            look.small,
            margins=Margins(LEFT, bars=(0,)),
            line=look.small_line,
            colour=look.muted,
        )
        self.source = text
        self._more = more
        # Pixels of the text above the window, and the first line in the window.
        self._hidden = 0
        self._first = 0

    def lay_out(self, width: int) -> int:
        if width == self._width and self._layout is not None:
            return self._height
        height = super().lay_out(width)
        layout = self._new_layout()
        self._first = max(0, layout.lineCount() - LINES)
        self._hidden = 0
        if self._first:
            line = layout.lineAt(self._first)
            above = max(0.0, (self._line - line.height()) / 2)
            self._hidden = round(line.y() - above)
        self._height = height - self._hidden
        return self._height

    def first_line(self) -> int:
        """Return the offset of the window's first line in the text; 0 before the first layout."""
        layout = self._current_layout()
        if layout is None or not self._first:
            return 0
        return self._units.from_qt(layout.lineAt(self._first).textStart())

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        box = QRectF(place.x(), place.y(), self._width, self._height)
        painter.save()
        painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
        super().paint(painter, place, clip.intersected(box), marks)
        painter.restore()
        if self._first or self._more:
            inner = QRectF(place.x() + LEFT, place.y(), self._width - LEFT, self._line)
            fade_top(painter, inner, self._look.window)

    def painted(self) -> list[tuple[str, QRectF]]:
        seen = QRectF(0, 0, self._width, self._height)
        return [(name, box.intersected(seen)) for name, box in super().painted()]

    def _origin(self, place: QPointF) -> QPointF:
        return super()._origin(place) - QPointF(0, self._hidden)
