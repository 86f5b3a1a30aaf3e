"""A message on the screen: a stack of strips, of which only those that changed are made again."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.domain.chat.conversation import Message, Status
from app.domain.chat.reading_place import REASONING_PART, TextSpot
from app.domain.chat.reply import Reply
from app.markup.blocks import Block
from app.markup.open_marks import shown_while_open
from app.ui.transcript.actions import (
    Button,
    Surroundings,
    failure_buttons,
    icons_of,
    offered,
)
from app.ui.transcript.heat.heat_map import BlockStrips, MessageHeatMap, block_strips_of
from app.ui.transcript.messages.message_geometry import MessageGeometry
from app.ui.transcript.messages.parsed_blocks import ParsedBlocks
from app.ui.transcript.messages.strip_stack import Spot
from app.ui.transcript.messages.text_spots import is_beyond
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks, found_in, within
from app.ui.transcript.strips.bubble import BUBBLE, bubble_strips, paint_bubble
from app.ui.transcript.strips.code import CodeBlock, block_above
from app.ui.transcript.strips.compose import ComposedBlock, compose
from app.ui.transcript.strips.folds import WORDS, FoldMemory, Folds
from app.ui.transcript.strips.head_and_foot import (
    foot_strips,
    head_strips,
    rest_strips,
    user_head,
)
from app.ui.transcript.strips.hover import AT_REST, Attention, HoverStrip
from app.ui.transcript.strips.reasoning import ReasoningState, ReasoningTail
from app.ui.transcript.strips.rules_and_gaps import GapStrip
from app.ui.transcript.strips.strip import Strip
from app.ui.transcript.strips.tool_cards import CardLine, card_strips

#: More blocks than a message has.
MANY = 1 << 62
#: Steps of parsing, about 8,000 characters and 20 ms each, that `show_spot` waits for.
MOST_STEPS = 25
#: Space below the place that is kept free while a message is edited, in pixels.
FREE_BELOW = 12


class MessageItem(MessageGeometry):
    """A message laid out for one width; `lay_out` comes before all else. Offsets are characters of
    the stack's text, points are pixels from the message's top left corner."""

    def __init__(
        self,
        message: Message,
        look: Look,
        surroundings: Surroundings,
        memory: FoldMemory | None = None,
    ) -> None:
        super().__init__(message)
        self.surroundings = surroundings
        self._look = look
        self._folds = Folds(message.id, memory or FoldMemory())
        self._tail = ReasoningTail()
        self._parsed = ParsedBlocks()
        # Whether there is text besides the reasoning.
        self._begun = bool(message.text)
        # Whether the strips have to be made again, and whether the blocks' strips may be kept.
        self._stale = True
        self._blocks_stay = False
        # The last block's strips, most of which are used again when it grows.
        self._composed: ComposedBlock | None = None
        # Index of the block that is shown with its open marks closed, or MANY.
        self._completed = MANY
        #: Whether an accessibility object refers to this item, so that it can't be dropped.
        self.is_referenced = False
        #: The heat map, if one is shown.
        self.heat: MessageHeatMap | None = None
        # Height of the place that is kept free instead of the message's words, None for no place.
        self._reserved: int | None = None

    @property
    def folded(self) -> bool:
        """Whether the reasoning is folded."""
        return self._folds.reasoning

    def lay_out(self, width: int) -> int:
        """Lay out for a width; return the height, partly an estimate. O(1) if nothing changed."""
        if self._stale or (self.is_user and width != self._width):
            self._compose(width)
        elif width != self._width:
            self._width = width
            self.stack.fit(width)
        return self.stack.height()

    def show_spot(self, spot: TextSpot) -> Spot:
        """Return the position of words in the stack; what is folded over them is opened."""
        for _step in range(MOST_STEPS):
            if spot.part < len(self.block_starts) or not self.has_rest():
                break
            self.go_on()
        if is_beyond(self.stack, self._parts(), spot):
            self.unfold(reasoning=spot.part == REASONING_PART)
            self.lay_out(self._width)
        return self.spot_of(spot)

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
        self._folds.arrive()
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
        kept = self.is_referenced or self._reserved is not None
        return not (kept or self.is_under_way or self._parsed.parsed_more)

    def reserve(self, height: int | None) -> None:
        """Keep a place of this height in pixels free instead of the message's words, for a widget
        that edits them; None shows the words again."""
        if height != self._reserved:
            self._reserved = height
            self._spoil(blocks=True)

    def reserved_top(self) -> int:
        """Return the top of the place that is kept free, in pixels from the message's top."""
        return self.stack.top_of(self._words_start)

    def has_rest(self) -> bool:
        """Return whether the end of a long message is not parsed yet; `go_on` parses more."""
        shown = self._width >= 0 and not self._stale and self._reserved is None
        return shown and self._is_waiting()

    def go_on(self) -> None:
        """Parse and show a little more of a long message."""
        self._parsed.read_on(self.message)
        self._read_on()

    def fold(self, folded: bool) -> None:
        """Fold or unfold the reasoning."""
        self._folds.fold_reasoning(folded)
        self._spoil(blocks=False)

    def turn_details(self) -> None:
        """Fold or unfold the details of how the answer failed."""
        self._folds.turn_details()
        self._spoil(blocks=False)

    def fold_code(self, strip: Strip) -> None:
        """Fold or unfold the code block that a strip belongs to."""
        self._folds.fold_code(self._code_of(strip))
        self._spoil(blocks=True)

    def wrap_code(self, strip: Strip) -> None:
        """Switch the wrapping of lines in the code block that a strip belongs to."""
        self._folds.wrap_code(self._code_of(strip))
        self._spoil(blocks=True)

    def open_block(self, strip: Strip) -> None:
        """Unfold the top-level block that a strip belongs to."""
        self._folds.open(self._block_of(strip))
        self._spoil(blocks=True)

    def close_block(self, strip: Strip) -> None:
        """Fold the top-level block that a strip belongs to."""
        self._folds.close(self._block_of(strip))
        self._spoil(blocks=True)

    def unfold(self, *, reasoning: bool) -> None:
        """Unfold all blocks, and also the reasoning if `reasoning` is set."""
        opened = self._folds.open_all() or self._is_waiting()
        self._parsed.read_all(self.message)
        if opened or (reasoning and self.folded):
            self._folds.fold_reasoning(self.folded and not reasoning)
            self._spoil(blocks=True)

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
        attention: Attention = AT_REST,
    ) -> None:
        """Draw the strips in `clip`, with `marks` and the matches of `pattern` marked. `place` is
        the message's top left corner; its buttons are drawn if it gets `attention`."""
        if self._reserved is None and (box := self.bubble_at(place)) is not None:
            paint_bubble(painter, box, self._look)
        for number, strip, top in self.stack.in_sight(place.y(), clip):
            if isinstance(strip, HoverStrip):
                strip.paint_for(painter, QPointF(place.x() + self.inset, top), attention)
                continue
            strip.backgrounds = self._backgrounds_of(number)
            inner = within(marks, self.stack.offset_of(number), len(strip.text))
            if self._words_start <= number < self._foot_start:
                inner = found_in(strip.text, pattern, self._look.found) + inner
            strip.paint(painter, QPointF(place.x() + self.inset, top), clip, inner)

    def block_strips_at(self, number: int) -> tuple[BlockStrips, int] | None:
        """Return the block that a strip belongs to, and the strip's index in it; None if none."""
        starts, blocks = self.block_starts, self._parsed.blocks
        return block_strips_of(blocks, starts, self._foot_start, self.stack.strips, number)

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

    def actions(self) -> list[Button]:
        """Return the actions that can be done with the message now."""
        return offered(self.message, self.surroundings)

    def buttons(self) -> list[Button]:
        """Return the buttons at the end of the message that can be pressed, as the eye goes."""
        around = self.surroundings
        if self._reserved is not None:
            return []
        shown = [*failure_buttons(self.message, around), *icons_of(self.message, around)]
        return [button for button in shown if button.href and button.enabled]

    def _block_of(self, strip: Strip) -> int:
        if isinstance(strip, CardLine):
            return strip.number
        number = self.stack.strips.index(strip)
        return WORDS if self.is_user else bisect_right(self.block_starts, number) - 1

    def _code_of(self, strip: Strip) -> CodeBlock:
        return block_above(self.stack.strips, strip)

    def _backgrounds_of(self, number: int) -> Marks:
        block = self.block_strips_at(number) if self.heat is not None else None
        return () if self.heat is None or block is None else self.heat.marks_of(*block, self._look)

    # Making strips.

    def _spoil(self, *, blocks: bool) -> None:
        """Let the next layout make the strips again, those of the blocks only if `blocks`."""
        self._blocks_stay = not blocks and (self._blocks_stay or not self._stale)
        self._stale = True

    def _put_bubble(self) -> None:
        """Add the strips of the person's words, and set the bubble's width."""
        self._folds.begin(WORDS)
        strips, self._bubble = bubble_strips(
            self.spoken(), self._look, self._width, opened=self._folds.is_open
        )
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
        self.stack.put(user_head() if self.is_user else head_strips(self.message, self._look))
        self._words_start = len(self.stack)
        if self._reserved is not None:
            self._put_free_place(self._reserved)
            return
        if self.is_user:
            self._put_bubble()
            self._put_foot()
            return
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

    def _put_free_place(self, height: int) -> None:
        self._bubble = self._width
        self._foot_start = len(self.stack)
        self.stack.put([GapStrip(height), GapStrip(FREE_BELOW)])

    def _put_reasoning(self, before: Sequence[Strip]) -> None:
        if self.has_reasoning():
            live = not self._begun and self.message.status is Status.STREAMING
            state = ReasoningState(live, self.folded, self.reasoning_seconds())
            tail, since = self._tail, self.reasoning_since
            self.stack.put(tail.strips(state, since, self._look, before=before[1:]))

    def _is_waiting(self) -> bool:
        return not self.is_user and self._parsed.has_rest(self.message, self.reply)

    def _read_on(self) -> None:
        self._recompose_blocks(self._parsed.read(self.message, self.reply))

    def _recompose_blocks(self, first: int) -> None:
        """Make the strips of the blocks from index `first` on again; keep those before. A block
        that was shown with its open marks closed is made again, too."""
        first = min(first, self._completed)
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
        self._completed = MANY
        for number in range(first, len(blocks)):
            self.block_starts.append(start + len(strips))
            self._folds.begin(number)
            composed = compose(self._shown(number), self._look, self._folds, before)
            if number == first:
                kept = composed.kept
            strips += composed.strips
            self._composed, before = composed, None
        self.stack.truncate(start + kept)
        self.stack.put(strips[kept:])

    def _shown(self, number: int) -> Block:
        """Return a block as it is shown: the last one of a growing answer has no open marks."""
        block = self._parsed.blocks[number]
        if not self.is_under_way or number < len(self._parsed.blocks) - 1 or self.heat is not None:
            return block
        shown = shown_while_open(block)
        self._completed = number if shown is not block else MANY
        return shown

    def _put_foot(self) -> None:
        self._foot_start = len(self.stack)
        begun = self._begun or self.has_reasoning()
        if self.message.tool_calls or self.message.tool_results:
            last = self.surroundings.last
            self.stack.put(card_strips(self.message, self._look, self._folds, last=last))
        if self._is_waiting():
            self.stack.put(rest_strips(self._look))
        details = not self._folds.details
        around, look = self.surroundings, self._look
        self.stack.put(foot_strips(self.message, around, look, begun=begun, details=details))
