"""One message on the screen: a list of strips, of which only what changed is made again."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.domain.conversation import Message, Role, Status
from app.domain.reply import Reply
from app.domain.texts import _
from app.markup.blocks import Block
from app.markup.growth import Growing, growing
from app.ui.transcript.code import CodeBlock, CodeBlocks, CodeHead, CodeStrip
from app.ui.transcript.composition import plain_strips, strips_of
from app.ui.transcript.framing import (
    HEAD,
    RETRY,
    Action,
    ActionsStrip,
    Surroundings,
    actions_of,
    can_retry,
    ending_of,
    foot_strips,
    head_strips,
    reasoning_head,
    user_head,
)
from app.ui.transcript.look import Look
from app.ui.transcript.marks import Marks, found_in, within
from app.ui.transcript.strips import GapStrip, Hit, Strip

#: Space around the text in the person's bubble, and how much of the column it takes at most.
BUBBLE = 12
WIDEST_BUBBLE = 0.86


class MessageItem:
    """A message laid out for one width. Until `lay_out` is called its height is an estimate."""

    def __init__(self, message: Message, look: Look, surroundings: Surroundings) -> None:
        self.message = message
        self.surroundings = surroundings
        self.folded = True
        self._look = look
        self._codes = CodeBlocks()
        self._growing: Growing | None = None
        self._fed = 0
        self._reasoning_shown = 0
        # Whether something of the answer has been shown.
        self._begun = bool(message.text)
        self._strips: list[Strip] = []
        self._tops: list[int] = [0]
        self._offsets: list[int] = [0]
        self._block_starts: list[int] = []
        self._width = -1
        self._bubble = 0
        # The strips of the message's own words: from the first of these to before the other.
        self._words_start = 0
        self._foot_start = 0
        self.reply: Reply | None = None

    @property
    def id(self) -> str:
        """The message's id."""
        return self.message.id

    @property
    def is_user(self) -> bool:
        """Whether the person wrote it."""
        return self.message.role is Role.USER

    def lay_out(self, width: int) -> int:
        """Fit into `width`; return the height. Costs nothing when nothing changed."""
        if not self._strips:
            self._compose(width)
        elif width != self._width:
            self._width = width
            if self.is_user:
                self._compose(width)
            self._measure(0)
        return self._tops[-1]

    def show_message(self, message: Message, surroundings: Surroundings) -> None:
        """Show a newer state of the same message."""
        self.message = message
        self.surroundings = surroundings
        self.reply = None
        self._begun = bool(message.text)
        self._strips = []

    def show_look(self, look: Look) -> None:
        """Draw in other colours from now on."""
        if look is not self._look:
            self._look = look
            self._strips = []

    def grow(self, reply: Reply) -> None:
        """Show what a reply has become: parse what is new, lay out what that changed."""
        self.reply = reply
        # What was seen as it came isn't folded under the reader's eyes.
        self._codes.folding = False
        begins = bool(reply.text_length) != self._begun
        self._begun = bool(reply.text_length)
        if not self._strips or self._width < 0:
            return
        if begins or (reply.reasoning_length and not self._begun):
            self._compose(self._width)
            return
        self._feed()
        change = self._parser.update()
        self._recompose_blocks(min((change.first, *change.reopened)))

    def fold(self, folded: bool) -> None:
        """Fold the reasoning away, or open it."""
        self.folded = folded
        self._strips = []

    def fold_code(self, strip: Strip) -> None:
        """Fold the code block that a strip belongs to, or open it."""
        for above in reversed(self._strips[: self._strips.index(strip) + 1]):
            if isinstance(above, CodeHead):
                above.block.folded = not above.block.folded
                self._strips = []
                return

    def unfold(self, *, reasoning: bool) -> None:
        """Open every code block, and the reasoning where that is wanted."""
        opened = self._codes.unfold()
        if opened or (reasoning and self.folded):
            self.folded = self.folded and not reasoning
            self._strips = []

    def code_between(self, top: float, bottom: float) -> list[CodeBlock]:
        """The code blocks between two places, in pixels from the message's top."""
        first = max(0, bisect_right(self._tops, top) - 1)
        last = bisect_right(self._tops, bottom)
        strips = (one for one in self._strips[first:last] if isinstance(one, CodeStrip))
        return list({id(one.block): one.block for one in strips}.values())

    def invalidate(self, surroundings: Surroundings) -> None:
        """Show other surroundings."""
        if surroundings != self.surroundings:
            self.surroundings = surroundings
            self._strips = []

    def paint(
        self,
        painter: QPainter,
        place: QPointF,
        clip: QRectF,
        marks: Marks = (),
        pattern: re.Pattern[str] | None = None,
        *,
        actions: bool,
    ) -> None:
        """Draw the strips that `clip` touches, marking ranges of the message's text and what
        `pattern` finds in its words."""
        if self.is_user:
            self._paint_bubble(painter, place)
        first = max(0, bisect_right(self._tops, clip.top() - place.y()) - 1)
        for number in range(first, len(self._strips)):
            top = place.y() + self._tops[number]
            if top > clip.bottom():
                break
            strip = self._strips[number]
            if isinstance(strip, ActionsStrip) and not actions:
                continue
            inner = within(marks, self._offsets[number], len(strip.text))
            if self._words_start <= number < self._foot_start:
                inner = found_in(strip.text, pattern, self._look.found) + inner
            strip.paint(painter, QPointF(place.x() + self._inset(), top), clip, inner)

    def hit(self, point: QPointF) -> tuple[Hit, Strip | None]:
        """What lies at a point of the message; the offset is one into its whole text."""
        if not self._strips:
            return Hit(0), None
        number = min(max(0, bisect_right(self._tops, point.y()) - 1), len(self._strips) - 1)
        strip = self._strips[number]
        found = strip.hit(point - QPointF(self._inset(), self._tops[number]))
        return Hit(self._offsets[number] + found.offset, found.href), strip

    def rectangle_of(self, offset: int) -> QRectF:
        """Where a character of the message's text stands, relative to the message."""
        if not self._strips:
            return QRectF()
        number = max(0, bisect_right(self._offsets, offset, hi=len(self._strips)) - 1)
        inner = self._strips[number].rectangle_of(offset - self._offsets[number])
        return inner.translated(self._inset(), self._tops[number])

    def text(self, start: int = 0, end: int | None = None) -> str:
        """The text as it is read, or a range of it."""
        whole = "".join(
            strip.text.replace("\u2028", "\n") + strip.separator for strip in self._strips
        )
        return whole[start:end]

    def words_from(self) -> tuple[int, int]:
        """Where the message's own words begin and end in its text, head and foot apart."""
        return self._offsets[self._words_start], self._offsets[self._foot_start]

    def paragraph_at(self, offset: int) -> tuple[int, int]:
        """Where the line of text around an offset begins and ends."""
        text = self.text()
        end = text.find("\n", offset)
        return text.rfind("\n", 0, offset) + 1, end if end >= 0 else len(text)

    def all_blocks(self) -> list[Block]:
        """The blocks of the whole answer."""
        if not self._strips:
            self._parse()
        return list(self._parser.blocks)

    def blocks_in(self, start: int, end: int, *, whole: bool = False) -> list[Block]:
        """The blocks that a range of the text touches, or with `whole` those it covers."""
        found = []
        bounds = [*self._block_starts, self._foot_start]
        for number, (first, after) in enumerate(pairwise(bounds)):
            low, high = self._offsets[first], self._offsets[after]
            covers = start <= low and high - 1 <= end
            if covers if whole else low < end and start < high:
                found.append(self._parser.blocks[number])
        return found

    def reasoning(self) -> str:
        """What the model thought, shown or folded."""
        return self.reply.reasoning if self.reply else self.message.reasoning

    def has_reasoning(self) -> bool:
        """Whether the model thought aloud."""
        return bool(self.reply.reasoning_length if self.reply else self.message.reasoning)

    def spoken(self) -> str:
        """What a screen reader reads: the answer as it is by now."""
        return self.reply.text if self.reply else self.message.text

    def actions(self) -> list[Action]:
        """What can be done with it now, each with a name."""
        if self.message.status is Status.STREAMING:
            return []
        retry = [Action(RETRY, _("Retry"))] if can_retry(self.message) else []
        return retry + [one for one in actions_of(self.message, self.surroundings) if one.href]

    def ending(self) -> str:
        """How the answer ended, if not well."""
        return ending_of(self.message)

    def text_length(self) -> int:
        """Characters of the text as it is read."""
        return self._offsets[-1]

    # What follows makes strips.

    def _inset(self) -> int:
        return self._width - self._bubble + BUBBLE if self.is_user else 0

    def _put_bubble(self) -> None:
        """The person's words, in a bubble as wide as they need."""
        look = self._look
        strips = plain_strips(self.spoken(), look, look.body, line=look.line)
        widest = int(self._width * WIDEST_BUBBLE)
        self._bubble = widest
        natural = 0
        for strip in strips:
            strip.lay_out(widest - 2 * BUBBLE)
            natural = max(natural, strip.natural_width())
        self._bubble = min(widest, natural + 2 * BUBBLE)
        self._put([*strips, GapStrip(BUBBLE)])

    def _compose(self, width: int) -> None:
        self._width = width
        self._strips, self._tops, self._offsets = [], [0], [0]
        self._block_starts = []
        look = self._look
        if self.is_user:
            self._put(user_head())
            self._words_start = len(self._strips)
            self._put_bubble()
            self._put_foot()
            return
        self._put(head_strips(self.message, look))
        self._words_start = len(self._strips)
        self._put_reasoning()
        if self._begun:
            self._parse()
            self._put_blocks(0)
        self._put_foot()

    def _put_reasoning(self) -> None:
        reasoning = self.reasoning()
        if not reasoning:
            return
        look = self._look
        live = not self._begun and self.message.status is Status.STREAMING
        began = self.reply.answer_began if self.reply else self.message.timings.first_token
        self._put(reasoning_head(look, live=live, folded=self.folded, seconds=began))
        if live or not self.folded:
            self._put(
                plain_strips(reasoning, look, look.small, line=look.small_line, muted=True, left=16)
            )

    def _parse(self) -> None:
        if self.reply is None and self._fed > len(self.message.text):
            self._growing, self._fed = growing(), 0
        self._feed()
        if self.reply is None and self.message.status is not Status.STREAMING:
            self._parser.finish()
        self._parser.update()

    def _feed(self) -> None:
        new = self.reply.text_since(self._fed) if self.reply else self.message.text[self._fed :]
        self._parser.feed(new)
        self._fed += len(new)

    @property
    def _parser(self) -> Growing:
        if self._growing is None:
            self._growing = growing()
        return self._growing

    def _recompose_blocks(self, first: int) -> None:
        """Make the strips of the blocks from `first` on again; those before stay."""
        start = self._block_starts[first] if first < len(self._block_starts) else self._foot_start
        del self._strips[start:], self._tops[start + 1 :], self._offsets[start + 1 :]
        del self._block_starts[first:]
        self._put_blocks(first)
        self._put_foot()

    def _put_blocks(self, first: int) -> None:
        blocks = self._parser.blocks
        for number in range(first, len(blocks)):
            self._block_starts.append(len(self._strips))
            self._codes.begin(number)
            self._put(strips_of(blocks[number], self._look, self._codes))

    def _put_foot(self) -> None:
        self._foot_start = len(self._strips)
        begun = self._begun or self.has_reasoning()
        self._put(foot_strips(self.message, self.surroundings, self._look, begun=begun))

    def _put(self, strips: Sequence[Strip]) -> None:
        self._strips.extend(strips)
        self._measure(len(self._strips) - len(strips))

    def _measure(self, start: int) -> None:
        inner = self._bubble - 2 * BUBBLE if self.is_user else self._width
        del self._tops[start + 1 :], self._offsets[start + 1 :]
        for strip in self._strips[start:]:
            self._tops.append(self._tops[-1] + strip.lay_out(inner))
            self._offsets.append(self._offsets[-1] + len(strip.text) + len(strip.separator))

    def _paint_bubble(self, painter: QPainter, place: QPointF) -> None:
        bottom = self._tops[self._foot_start]
        left = place.x() + self._width - self._bubble
        box = QRectF(left, place.y() + HEAD - BUBBLE, self._bubble, bottom - HEAD + BUBBLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._look.bubble)
        painter.setBrush(self._look.bubble)
        painter.drawRoundedRect(box, 12, 12)
        painter.restore()
