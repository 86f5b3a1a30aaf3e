"""One message on the screen: a list of strips, of which only what changed is made again."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reply import Reply
from app.markup.blocks import Block
from app.ui.transcript.actions import Button, Surroundings, offered
from app.ui.transcript.heat.heat_map import Heat, Stretch, stretch_of
from app.ui.transcript.messages.parsed_blocks import Parsing
from app.ui.transcript.messages.strip_stack import Spot, Stack
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks, found_in, within
from app.ui.transcript.strips.bubble import BUBBLE, bubble_box, bubble_strips, paint_bubble
from app.ui.transcript.strips.code import CodeBlock, block_above
from app.ui.transcript.strips.compose import Composed, compose
from app.ui.transcript.strips.folds import WORDS, Folds
from app.ui.transcript.strips.head_and_foot import (
    ActionsStrip,
    foot_strips,
    head_strips,
    reasoning_strips,
    rest_strips,
    user_head,
)
from app.ui.transcript.strips.strip import Hit, Strip
from app.ui.transcript.strips.tool_cards import card_strips


class MessageItem:
    """A message laid out for one width. Until `lay_out` is called its height is an estimate."""

    def __init__(self, message: Message, look: Look, surroundings: Surroundings) -> None:
        self.message = message
        self.surroundings = surroundings
        self.folded = True
        self._look = look
        self._folds = Folds()
        self._parsing = Parsing()
        # Whether something of the answer has been shown.
        self._begun = bool(message.text)
        #: Its strips, empty before `lay_out`; only the item itself puts any.
        self.stack = Stack()
        # Whether the strips have to be made again; and whether those of the blocks may stay.
        self._stale = True
        self._blocks_stay = False
        #: The first strip of each of the answer's blocks.
        self.block_starts: list[int] = []
        # The last block as it was put together, of which most stays when it grows.
        self._composed: Composed | None = None
        self._width = -1
        self._bubble = 0
        # The strips of the message's own words: from the first of these to before the other.
        self._words_start = 0
        self._foot_start = 0
        self.reply: Reply | None = None
        # Whether somebody folded, opened or wrapped something in it.
        self._touched = False
        #: Whether somebody else holds on to this item.
        self.held = False
        #: The grounds of its tokens, where they are shown.
        self.heat: Heat | None = None

    @property
    def id(self) -> str:
        """The message's id."""
        return self.message.id

    @property
    def is_user(self) -> bool:
        """Whether the person wrote it."""
        return self.message.role is Role.USER

    def lay_out(self, width: int) -> int:
        """Fit into `width`; return the height, of which a part may be an estimate. Costs nothing
        when nothing changed."""
        self._refit(width, Spot())
        return self.stack.height()

    def refit(self, width: int, spot: Spot) -> Spot:
        """Fit into another width; return where the words at a spot are now."""
        return self._refit(width, spot)

    def show_message(self, message: Message, surroundings: Surroundings) -> None:
        """Show a newer state of the same message."""
        other = self.reply is None and not message.text.startswith(self.message.text)
        if other:
            self._parsing, self._composed = Parsing(), None
        self._spoil(blocks=other)
        self.message = message
        self.surroundings = surroundings
        self.reply = None
        self._begun = bool(message.text)

    def show_look(self, look: Look) -> None:
        """Draw in other colours from now on."""
        if look is not self._look:
            self._look = look
            self._composed = None
            self._spoil(blocks=True)

    def grow(self, reply: Reply) -> None:
        """Show what a reply has become: parse what is new, lay out what that changed."""
        self.reply = reply
        # What was seen as it came isn't folded under the reader's eyes.
        self._folds.folding = False
        begins = bool(reply.text_length) != self._begun
        self._begun = bool(reply.text_length)
        if self._stale or self._width < 0:
            return
        if begins or (reply.reasoning_length and not self._begun):
            self._compose(self._width)
            return
        self._read_on()

    def is_idle(self) -> bool:
        """Whether it is as it would be if it were made again, and nobody would miss it."""
        grows = self.reply is not None or self.message.status is Status.STREAMING
        changed = self._touched or not (self.folded and self._folds.folding)
        return not (self.held or grows or changed or self._parsing.went_on)

    def has_rest(self) -> bool:
        """Whether some of it can't be seen yet, since it is long; `go_on` shows more."""
        return self._width >= 0 and not self._stale and self._is_waiting()

    def go_on(self) -> None:
        """Show a little more."""
        self._parsing.read_on(self.message)
        self._read_on()

    def keep_open(self) -> None:
        """Don't fold the reasoning when the answer begins."""
        if not self._begun and self.has_reasoning():
            self.folded = False

    def fold(self, folded: bool) -> None:
        """Fold the reasoning away, or open it."""
        self.folded = folded
        self._spoil(blocks=False)

    def fold_code(self, strip: Strip) -> None:
        """Fold the code block that a strip belongs to, or open it."""
        block = self._code_of(strip)
        block.folded = not block.folded
        self._change_folds()

    def wrap_code(self, strip: Strip) -> None:
        """Wrap the lines of the code block that a strip belongs to, or let them go on."""
        self._code_of(strip).turn_wrapping()
        self._change_folds()

    def open_block(self, strip: Strip) -> None:
        """Show all of the folded block that a strip belongs to."""
        number = self.stack.strips.index(strip)
        self._folds.open(WORDS if self.is_user else bisect_right(self.block_starts, number) - 1)
        self._change_folds()

    def unfold(self, *, reasoning: bool) -> None:
        """Open every block, and the reasoning where that is wanted."""
        opened = self._folds.open_all() or self._is_waiting()
        self._parsing.read_all(self.message)
        if opened or (reasoning and self.folded):
            self.folded = self.folded and not reasoning
            self._change_folds()

    def invalidate(self, surroundings: Surroundings) -> None:
        """Show other surroundings."""
        if surroundings != self.surroundings:
            self.surroundings = surroundings
            self._spoil(blocks=False)

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
            bottom = self.stack.top_of(self._foot_start)
            box = bubble_box(place, self._width, self._bubble, bottom)
            paint_bubble(painter, box, self._look)
        stack = self.stack
        first = max(0, stack.at(round(clip.top() - place.y())))
        top = place.y() + stack.top_of(first)
        for number in range(first, len(stack)):
            if top > clip.bottom():
                break
            strip = stack.strips[number]
            if actions or not isinstance(strip, ActionsStrip):
                strip.grounds = self._grounds_of(number)
                inner = within(marks, stack.offset_of(number), len(strip.text))
                if self._words_start <= number < self._foot_start:
                    inner = found_in(strip.text, pattern, self._look.found) + inner
                strip.paint(painter, QPointF(place.x() + self._inset(), top), clip, inner)
            top = place.y() + stack.top_of(number + 1)

    def stretch_at(self, number: int) -> tuple[Stretch, int] | None:
        """The block of the answer that a strip belongs to, and the strip's number in it."""
        starts, blocks = self.block_starts, self._parsing.blocks
        return stretch_of(blocks, starts, self._foot_start, self.stack.strips, number)

    def hit(self, point: QPointF) -> tuple[Hit, Strip | None]:
        """What lies at a point of the message; the offset is one into its whole text."""
        stack = self.stack
        if not len(stack):
            return Hit(0), None
        number = stack.at(round(point.y()))
        strip = stack.strips[number]
        found = strip.hit(point - QPointF(self._inset(), stack.top_of(number)))
        return Hit(stack.offset_of(number) + found.offset, found.href, found.latex), strip

    def rectangle_of(self, offset: int) -> QRectF:
        """Where a character of the message's text stands, relative to the message."""
        stack = self.stack
        if not len(stack):
            return QRectF()
        number = stack.at_offset(offset)
        top = stack.top_of(number)
        stack.settle(top, top + 1)
        inner = stack.strips[number].rectangle_of(offset - stack.offset_of(number))
        return inner.translated(self._inset(), top)

    def text(self, start: int = 0, end: int | None = None) -> str:
        """The text as it is read, or a range of it."""
        return self.stack.text(start, end)

    def words_from(self) -> tuple[int, int]:
        """Where the message's own words begin and end in its text, head and foot apart."""
        stack = self.stack
        return stack.offset_of(self._words_start), stack.offset_of(self._foot_start)

    def all_blocks(self) -> list[Block]:
        """The blocks of the whole answer."""
        if self._is_waiting():
            self._parsing.read_all(self.message)
            self._parsing.read(self.message, self.reply)
            self._spoil(blocks=True)
        return list(self._parsing.blocks)

    def blocks_in(self, start: int, end: int, *, whole: bool = False) -> list[Block]:
        """The blocks that a range of the text touches, or with `whole` those it covers."""
        found = []
        bounds = [*self.block_starts, self._foot_start]
        for number, (first, after) in enumerate(pairwise(bounds)):
            low, high = self.stack.offset_of(first), self.stack.offset_of(after)
            covers = start <= low and high - 1 <= end
            if covers if whole else low < end and start < high:
                found.append(self._parsing.blocks[number])
        return found

    def reasoning(self) -> str:
        """What the model thought, shown or folded."""
        return self.reply.reasoning if self.reply else self.message.reasoning

    def has_reasoning(self) -> bool:
        """Whether it thought aloud."""
        return bool(self.reply.reasoning_length if self.reply else self.message.reasoning)

    def spoken(self) -> str:
        """What a screen reader reads: the answer as it is by now."""
        return self.reply.text if self.reply else self.message.text

    def actions(self) -> list[Button]:
        """What can be done with it now, each with a name."""
        return offered(self.message, self.surroundings)

    def _code_of(self, strip: Strip) -> CodeBlock:
        return block_above(self.stack.strips, strip)

    def _grounds_of(self, number: int) -> Marks:
        found = self.stretch_at(number) if self.heat is not None else None
        return () if self.heat is None or found is None else self.heat.marks_of(*found, self._look)

    # What follows makes strips.

    def _inset(self) -> int:
        return self._width - self._bubble + BUBBLE if self.is_user else 0

    def _change_folds(self) -> None:
        self._touched = True
        self._spoil(blocks=True)

    def _spoil(self, *, blocks: bool) -> None:
        """Have the strips made again, those of the blocks only where that is said."""
        self._blocks_stay = not blocks and (self._blocks_stay or not self._stale)
        self._stale = True

    def _refit(self, width: int, spot: Spot) -> Spot:
        if self._stale or (self.is_user and width != self._width):
            self._compose(width)
        elif width != self._width:
            self._width = width
            return self.stack.refit(width, spot)
        return spot

    def _put_bubble(self) -> None:
        """The person's words, in a bubble as wide as they need."""
        self._folds.begin(WORDS)
        whole = self._folds.is_open
        strips, self._bubble = bubble_strips(self.spoken(), self._look, self._width, whole=whole)
        self.stack.fit(self._bubble - 2 * BUBBLE)
        self.stack.put(strips)

    def _compose(self, width: int) -> None:
        before = self.stack.strips[self._words_start :]
        stay = self._blocks_stay and width == self._width and bool(self.block_starts)
        starts, self._width = self.block_starts, width
        blocks = self.stack.strips[starts[0] : self._foot_start] if stay else []
        self.stack.clear()
        self.stack.fit(width)
        self._stale = self._blocks_stay = False
        self.block_starts = []
        look = self._look
        if self.is_user:
            self.stack.put(user_head())
            self._words_start = len(self.stack)
            self._put_bubble()
            self._put_foot()
            return
        self.stack.put(head_strips(self.message, look))
        self._words_start = len(self.stack)
        self._put_reasoning(before)
        if self._begun and blocks:
            self.block_starts = [start - starts[0] + len(self.stack) for start in starts]
            self.stack.put(blocks)
            self._foot_start = len(self.stack)
            self._read_on()
            return
        if self._begun:
            self._parsing.read(self.message, self.reply)
            self._put_blocks(0)
        self._put_foot()

    def _put_reasoning(self, before: Sequence[Strip]) -> None:
        reasoning = self.reasoning()
        if not reasoning:
            return
        live = not self._begun and self.message.status is Status.STREAMING
        began = self.reply.answer_began if self.reply else self.message.timings.first_token
        self.stack.put(
            reasoning_strips(
                reasoning, self._look, live=live, folded=self.folded, seconds=began, before=before
            )
        )

    def _is_waiting(self) -> bool:
        return not self.is_user and self._parsing.has_rest(self.message, self.reply)

    def _read_on(self) -> None:
        self._recompose_blocks(self._parsing.read(self.message, self.reply))

    def _recompose_blocks(self, first: int) -> None:
        """Make the strips of the blocks from `first` on again; those before stay."""
        start = self.block_starts[first] if first < len(self.block_starts) else self._foot_start
        composed = self._composed if first == len(self.block_starts) - 1 else None
        del self.block_starts[first:]
        self._put_blocks(first, start, composed)
        self._put_foot()

    def _put_blocks(self, first: int, start: int = -1, before: Composed | None = None) -> None:
        """Put the strips of the blocks from `first` on at the place `start`. `before` is the
        first of them as it was."""
        start = start if start >= 0 else len(self.stack)
        strips: list[Strip] = []
        kept = 0
        blocks = self._parsing.blocks
        for number in range(first, len(blocks)):
            self.block_starts.append(start + len(strips))
            self._folds.begin(number)
            composed = compose(blocks[number], self._look, self._folds, before)
            if number == first:
                kept = composed.kept
            strips += composed.strips
            self._composed, before = composed, None
        self.stack.truncate(start + kept)
        self.stack.put(strips[kept:])

    def _put_foot(self) -> None:
        self._foot_start = len(self.stack)
        begun = self._begun or self.has_reasoning()
        if self.message.tool_calls or self.message.tool_results:
            self.stack.put(card_strips(self.message, self._look, self._folds))
        if self._is_waiting():
            self.stack.put(rest_strips(self._look))
        self.stack.put(foot_strips(self.message, self.surroundings, self._look, begun=begun))
