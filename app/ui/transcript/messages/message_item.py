"""One message on the screen: a stack of strips, of which only those that changed are made again."""

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
from app.ui.transcript.heat.heat_map import BlockStrips, MessageHeatMap, block_strips_of
from app.ui.transcript.messages.parsed_blocks import ParsedBlocks
from app.ui.transcript.messages.strip_stack import Spot, StripStack
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks, found_in, within
from app.ui.transcript.strips.bubble import BUBBLE, bubble_box, bubble_strips, paint_bubble
from app.ui.transcript.strips.code import CodeBlock, block_above
from app.ui.transcript.strips.compose import ComposedBlock, compose
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
    """A message laid out for one width; `lay_out` comes before all else. Offsets are characters of
    the stack's text, points are pixels from the message's top left corner."""

    def __init__(self, message: Message, look: Look, surroundings: Surroundings) -> None:
        self.message = message
        self.surroundings = surroundings
        self.folded = True
        self._look = look
        self._folds = Folds()
        self._parsed = ParsedBlocks()
        # Whether the answer has begun, so that there is text besides the reasoning.
        self._begun = bool(message.text)
        #: The strips, none before `lay_out`; only the item itself adds strips.
        self.stack = StripStack()
        # Whether the strips have to be made again, and whether the blocks' strips may be kept.
        self._stale = True
        self._blocks_stay = False
        #: Index of the first strip of each block of the answer.
        self.block_starts: list[int] = []
        # The last block's strips, most of which are used again when it grows.
        self._composed: ComposedBlock | None = None
        self._width = -1
        self._bubble = 0
        # The strips from _words_start up to, without, _foot_start are the message's own words.
        self._words_start = 0
        self._foot_start = 0
        self.reply: Reply | None = None
        # Whether the person folded, opened or wrapped a block.
        self._touched = False
        #: Whether an accessibility object refers to this item, so that it can't be dropped.
        self.is_referenced = False
        #: The heat map, if one is shown.
        self.heat: MessageHeatMap | None = None

    @property
    def id(self) -> str:
        """The message's id."""
        return self.message.id

    @property
    def is_user(self) -> bool:
        """Whether the person wrote the message."""
        return self.message.role is Role.USER

    def lay_out(self, width: int) -> int:
        """Lay out for a width; return the height, partly an estimate. O(1) if nothing changed."""
        self._refit(width, Spot())
        return self.stack.height()

    def refit(self, width: int, spot: Spot) -> Spot:
        """Lay out for another width; return the new spot of the words that were at `spot`."""
        return self._refit(width, spot)

    def show_message(self, message: Message, surroundings: Surroundings) -> None:
        """Show a newer state of the same message."""
        other = self.reply is None and not message.text.startswith(self.message.text)
        if other:
            self._parsed, self._composed = ParsedBlocks(), None
        self._spoil(blocks=other)
        self.message = message
        self.surroundings = surroundings
        self.reply = None
        self._begun = bool(message.text)

    def show_look(self, look: Look) -> None:
        """Use another look, which makes all strips again."""
        if look is not self._look:
            self._look = look
            self._composed = None
            self._spoil(blocks=True)

    def grow(self, reply: Reply) -> None:
        """Show the current state of a growing reply: parse the new text, replace changed strips."""
        self.reply = reply
        # Blocks that the reader saw arrive aren't folded.
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
        """Return whether the item may be dropped: creating it again would give the same item."""
        grows = self.reply is not None or self.message.status is Status.STREAMING
        changed = self._touched or not (self.folded and self._folds.folding)
        return not (self.is_referenced or grows or changed or self._parsed.parsed_more)

    def has_rest(self) -> bool:
        """Return whether the end of a long message is not parsed yet; `go_on` parses more."""
        return self._width >= 0 and not self._stale and self._is_waiting()

    def go_on(self) -> None:
        """Parse and show a little more of a long message."""
        self._parsed.read_on(self.message)
        self._read_on()

    def keep_open(self) -> None:
        """Keep the reasoning from being folded when the answer begins."""
        if not self._begun and self.has_reasoning():
            self.folded = False

    def fold(self, folded: bool) -> None:
        """Fold or unfold the reasoning."""
        self.folded = folded
        self._spoil(blocks=False)

    def fold_code(self, strip: Strip) -> None:
        """Fold or unfold the code block that a strip belongs to."""
        block = self._code_of(strip)
        block.folded = not block.folded
        self._change_folds()

    def wrap_code(self, strip: Strip) -> None:
        """Switch the wrapping of lines in the code block that a strip belongs to."""
        self._code_of(strip).turn_wrapping()
        self._change_folds()

    def open_block(self, strip: Strip) -> None:
        """Unfold the top-level block that a strip belongs to."""
        number = self.stack.strips.index(strip)
        self._folds.open(WORDS if self.is_user else bisect_right(self.block_starts, number) - 1)
        self._change_folds()

    def unfold(self, *, reasoning: bool) -> None:
        """Unfold all blocks, and also the reasoning if `reasoning` is set."""
        opened = self._folds.open_all() or self._is_waiting()
        self._parsed.read_all(self.message)
        if opened or (reasoning and self.folded):
            self.folded = self.folded and not reasoning
            self._change_folds()

    def invalidate(self, surroundings: Surroundings) -> None:
        """Set other surroundings; the strips above and below are made again if they differ."""
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
        """Draw the strips in `clip`, with `marks` and the matches of `pattern` marked. `place` is
        the message's top left corner, and `actions` says whether its buttons are drawn."""
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
                strip.backgrounds = self._backgrounds_of(number)
                inner = within(marks, stack.offset_of(number), len(strip.text))
                if self._words_start <= number < self._foot_start:
                    inner = found_in(strip.text, pattern, self._look.found) + inner
                strip.paint(painter, QPointF(place.x() + self._inset(), top), clip, inner)
            top = place.y() + stack.top_of(number + 1)

    def block_strips_at(self, number: int) -> tuple[BlockStrips, int] | None:
        """Return the block that a strip belongs to, and the strip's index in it; None if none."""
        starts, blocks = self.block_starts, self._parsed.blocks
        return block_strips_of(blocks, starts, self._foot_start, self.stack.strips, number)

    def hit(self, point: QPointF) -> tuple[Hit, Strip | None]:
        """Return the result of a hit test, with an offset into the whole text, and the strip."""
        stack = self.stack
        if not len(stack):
            return Hit(0), None
        number = stack.at(round(point.y()))
        strip = stack.strips[number]
        hit = strip.hit(point - QPointF(self._inset(), stack.top_of(number)))
        return Hit(stack.offset_of(number) + hit.offset, hit.href, hit.latex), strip

    def rectangle_of(self, offset: int) -> QRectF:
        """Return the rectangle of a character of the message's text."""
        stack = self.stack
        if not len(stack):
            return QRectF()
        number = stack.at_offset(offset)
        top = stack.top_of(number)
        stack.settle(top, top + 1)
        inner = stack.strips[number].rectangle_of(offset - stack.offset_of(number))
        return inner.translated(self._inset(), top)

    def text(self, start: int = 0, end: int | None = None) -> str:
        """Return the displayed text, or a range of it."""
        return self.stack.text(start, end)

    def words_from(self) -> tuple[int, int]:
        """Return the range (start, end), in characters of the displayed text, of the message's own
        words, without the head above and the foot below.
        """
        stack = self.stack
        return stack.offset_of(self._words_start), stack.offset_of(self._foot_start)

    def all_blocks(self) -> list[Block]:
        """Return all blocks of the answer; parses the rest if need be."""
        if self._is_waiting():
            self._parsed.read_all(self.message)
            self._parsed.read(self.message, self.reply)
            self._spoil(blocks=True)
        return list(self._parsed.blocks)

    def blocks_in(self, start: int, end: int, *, whole: bool = False) -> list[Block]:
        """Return the blocks that a range of the text overlaps; with `whole`, those it covers."""
        touched = []
        bounds = [*self.block_starts, self._foot_start]
        for number, (first, after) in enumerate(pairwise(bounds)):
            low, high = self.stack.offset_of(first), self.stack.offset_of(after)
            covers = start <= low and high - 1 <= end
            if covers if whole else low < end and start < high:
                touched.append(self._parsed.blocks[number])
        return touched

    def reasoning(self) -> str:
        """Return the model's reasoning, whether folded or not."""
        return self.reply.reasoning if self.reply else self.message.reasoning

    def has_reasoning(self) -> bool:
        """Return whether there is reasoning."""
        return bool(self.reply.reasoning_length if self.reply else self.message.reasoning)

    def spoken(self) -> str:
        """Return the message's source text as of now, which screen readers read."""
        return self.reply.text if self.reply else self.message.text

    def actions(self) -> list[Button]:
        """Return the actions that can be done with the message now."""
        return offered(self.message, self.surroundings)

    def _code_of(self, strip: Strip) -> CodeBlock:
        return block_above(self.stack.strips, strip)

    def _backgrounds_of(self, number: int) -> Marks:
        block = self.block_strips_at(number) if self.heat is not None else None
        return () if self.heat is None or block is None else self.heat.marks_of(*block, self._look)

    # Making strips.

    def _inset(self) -> int:
        return self._width - self._bubble + BUBBLE if self.is_user else 0

    def _change_folds(self) -> None:
        self._touched = True
        self._spoil(blocks=True)

    def _spoil(self, *, blocks: bool) -> None:
        """Let the next layout make the strips again, those of the blocks only if `blocks`."""
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
        """Add the strips of the person's words, and set the bubble's width."""
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
            self._parsed.read(self.message, self.reply)
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
        return not self.is_user and self._parsed.has_rest(self.message, self.reply)

    def _read_on(self) -> None:
        self._recompose_blocks(self._parsed.read(self.message, self.reply))

    def _recompose_blocks(self, first: int) -> None:
        """Make the strips of the blocks from index `first` on again; keep those before."""
        start = self.block_starts[first] if first < len(self.block_starts) else self._foot_start
        composed = self._composed if first == len(self.block_starts) - 1 else None
        del self.block_starts[first:]
        self._put_blocks(first, start, composed)
        self._put_foot()

    def _put_blocks(self, first: int, start: int = -1, before: ComposedBlock | None = None) -> None:
        """Put the blocks from `first` on at the stack's index `start`, −1 for its end. `before` is
        the first of them as it was."""
        start = start if start >= 0 else len(self.stack)
        strips: list[Strip] = []
        kept = 0
        blocks = self._parsed.blocks
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
