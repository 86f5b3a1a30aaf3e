"""One message on the screen: a stack of strips, of which only those that changed are made again."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reply import Reply
from app.markup.blocks import Block
from app.ui.transcript.actions import Button, Surroundings, icons_of, offered
from app.ui.transcript.heat.heat_map import BlockStrips, MessageHeatMap
from app.ui.transcript.messages.answer_blocks import AnswerBlocks
from app.ui.transcript.messages.strip_stack import Spot, StripStack
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks, found_in, within
from app.ui.transcript.strips.action_buttons import ActionsStrip
from app.ui.transcript.strips.bubble import BUBBLE, bubble_box, bubble_strips, paint_bubble
from app.ui.transcript.strips.code import CodeBlock, block_above
from app.ui.transcript.strips.folds import WORDS, Folds
from app.ui.transcript.strips.head_and_foot import (
    foot_strips,
    head_strips,
    reasoning_strips,
    rest_strips,
    user_head,
)
from app.ui.transcript.strips.hover import AT_REST, Attention, HoverStrip
from app.ui.transcript.strips.rules_and_gaps import GapStrip
from app.ui.transcript.strips.strip import Hit, Strip
from app.ui.transcript.strips.tool_cards import card_strips

#: Space below the place that is kept free while a message is edited, in pixels.
FREE_BELOW = 12


class MessageItem:
    """A message laid out for one width; `lay_out` comes before all else. Offsets are characters of
    the stack's text, points are pixels from the message's top left corner."""

    def __init__(self, message: Message, look: Look, surroundings: Surroundings) -> None:
        self.message = message
        self.surroundings = surroundings
        self.folded = True
        self._look = look
        self._folds = Folds()
        # Whether the answer has begun, so that there is text besides the reasoning.
        self._begun = bool(message.text)
        #: The strips, none before `lay_out`; only the item itself adds strips.
        self.stack = StripStack()
        self._blocks = AnswerBlocks(self.stack, self._folds)
        # Whether the strips have to be made again, and whether the blocks' strips may be kept.
        self._stale = True
        self._blocks_stay = False
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
        # Height of the place that is kept free instead of the message's words, None for no place.
        self._reserved: int | None = None

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
            self._blocks.begin_anew()
        self._spoil(blocks=other)
        self.message = message
        self.surroundings = surroundings
        self.reply = None
        self._begun = bool(message.text)

    def show_look(self, look: Look) -> None:
        """Use another look, which makes all strips again."""
        if look is not self._look:
            self._look = look
            self._blocks.drop_strips()
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
        kept = self.is_referenced or self._reserved is not None
        return not (kept or grows or changed or self._blocks.parsed.parsed_more)

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
        self._blocks.parsed.read_on(self.message)
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
        self._folds.open(WORDS if self.is_user else self._blocks.block_at(number))
        self._change_folds()

    def unfold(self, *, reasoning: bool) -> None:
        """Unfold all blocks, and also the reasoning if `reasoning` is set."""
        opened = self._folds.open_all() or self._is_waiting()
        self._blocks.parsed.read_all(self.message)
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
        attention: Attention = AT_REST,
    ) -> None:
        """Draw the strips in `clip`, with `marks` and the matches of `pattern` marked. `place` is
        the message's top left corner; its buttons are drawn if it gets `attention`."""
        if self.is_user and self._reserved is None:
            bottom = self.stack.top_of(self._foot_start)
            box = bubble_box(place, self._width, self._bubble, bottom)
            paint_bubble(painter, box, self._look)
        stack, corner = self.stack, place + QPointF(self._inset(), 0)
        for number, top in stack.tops_between(clip.top() - place.y(), clip.bottom() - place.y()):
            strip, at = stack.strips[number], corner + QPointF(0, top)
            if isinstance(strip, HoverStrip):
                strip.paint_for(painter, at, attention)
                continue
            strip.backgrounds = self._backgrounds_of(number)
            inner = within(marks, stack.offset_of(number), len(strip.text))
            if self._words_start <= number < self._foot_start:
                inner = found_in(strip.text, pattern, self._look.found) + inner
            strip.paint(painter, at, clip, inner)

    def block_strips_at(self, number: int) -> tuple[BlockStrips, int] | None:
        """Return the block that a strip belongs to, and the strip's index in it; None if none."""
        return self._blocks.strips_at(number, self._foot_start)

    @property
    def block_starts(self) -> Sequence[int]:
        """Index of the first strip of each block of the answer."""
        return self._blocks.starts

    def hit(self, point: QPointF) -> tuple[Hit, Strip | None]:
        """Return the result of a hit test, with an offset into the whole text, and the strip."""
        return self.stack.hit(point - QPointF(self._inset(), 0))

    def rectangle_of(self, offset: int) -> QRectF:
        """Return the rectangle of a character of the message's text."""
        return self.stack.rectangle_of(offset).translated(self._inset(), 0)

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
            self._blocks.parsed.read_all(self.message)
            self._blocks.parsed.read(self.message, self.reply)
            self._spoil(blocks=True)
        return list(self._blocks.parsed.blocks)

    def blocks_in(self, start: int, end: int, *, whole: bool = False) -> list[Block]:
        """Return the blocks that a range of the text overlaps; with `whole`, those it covers."""
        return self._blocks.between(start, end, self._foot_start, whole=whole)

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

    def buttons(self) -> list[Button]:
        """Return the buttons below the message that can be pressed, from left to right."""
        shown = [] if self._reserved is not None else icons_of(self.message, self.surroundings)
        return [button for button in shown if button.href and button.enabled]

    def button_box(self, href: str) -> QRect | None:
        """Return the rectangle of a button below the message, in pixels from its top left corner;
        None if there is no such button."""
        for number, strip in enumerate(self.stack.strips[self._foot_start :], self._foot_start):
            box = strip.box_of(href) if isinstance(strip, ActionsStrip) else None
            if box is not None:
                return box.translated(self._inset(), self.stack.top_of(number)).toRect()
        return None

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
        starts = self._blocks.starts
        stay = self._blocks_stay and width == self._width and bool(starts)
        kept = self.stack.strips[starts[0] : self._foot_start] if stay else []
        self._width = width
        self.stack.clear()
        self.stack.fit(width)
        self._stale = self._blocks_stay = False
        self.stack.put(user_head() if self.is_user else head_strips(self.message, self._look))
        self._words_start = len(self.stack)
        if self._reserved is not None:
            self._put_free_place(self._reserved)
        elif self.is_user:
            self._put_bubble()
            self._put_foot()
        else:
            self._put_reasoning(before)
            self._put_answer(kept, starts[0] if kept else 0)

    def _put_answer(self, kept: list[Strip], first: int) -> None:
        """Add the strips of the answer and of its foot. The strips in `kept`, from the index
        `first` on, were those of its blocks before, and are used again."""
        if self._begun and kept:
            self._blocks.move(first, kept)
            self._foot_start = len(self.stack)
            self._read_on()
            return
        self._blocks.starts = []
        if self._begun:
            self._blocks.parsed.read(self.message, self.reply)
            self._blocks.put_all(self._look)
        self._put_foot()

    def _put_free_place(self, height: int) -> None:
        self._blocks.starts = []
        self._bubble = self._width
        self._foot_start = len(self.stack)
        self.stack.fit(self._width)
        self.stack.put([GapStrip(height), GapStrip(FREE_BELOW)])

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
        return not self.is_user and self._blocks.parsed.has_rest(self.message, self.reply)

    def _read_on(self) -> None:
        first = self._blocks.parsed.read(self.message, self.reply)
        self._blocks.put_again(first, self._foot_start, self._look)
        self._put_foot()

    def _put_foot(self) -> None:
        self._foot_start = len(self.stack)
        begun = self._begun or self.has_reasoning()
        if self.message.tool_calls or self.message.tool_results:
            self.stack.put(card_strips(self.message, self._look, self._folds))
        if self._is_waiting():
            self.stack.put(rest_strips(self._look))
        self.stack.put(foot_strips(self.message, self.surroundings, self._look, begun=begun))
