"""Converts positions in a message's strips to positions in its words, and back.

Strips are made anew when a block folds, the fonts change or the answer begins. The words stay.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF

from app.domain.chat.reading_place import FOOT_PART, HEAD_PART, REASONING_PART, TextSpot
from app.ui.transcript.messages.strip_stack import Spot, StripStack


@dataclass(frozen=True, slots=True)
class MessageParts:
    """Indices of the strips with which the parts of a message begin: its words, its blocks, and
    its foot. Reasoning stands between `words` and the first block."""

    words: int
    blocks: Sequence[int]
    foot: int

    def part_of(self, strip: int) -> tuple[int, int]:
        """Return the part (see `TextSpot`) that a strip belongs to, and the part's first strip."""
        if strip >= self.foot:
            return FOOT_PART, self.foot
        if strip < self.words:
            return HEAD_PART, 0
        if not self.blocks or strip < self.blocks[0]:
            return REASONING_PART, self.words
        number = bisect_right(self.blocks, strip) - 1
        return number, self.blocks[number]

    def strips_of(self, part: int) -> range:
        """Return the strips of a part. A block that is missing has the last block's."""
        first_block = self.blocks[0] if self.blocks else self.foot
        if part == FOOT_PART:
            return range(self.foot, self.foot + 1)
        if part == HEAD_PART:
            return range(self.words)
        if part == REASONING_PART:
            return range(self.words, max(self.words + 1, first_block))
        if not self.blocks:
            return range(self.words, max(self.words + 1, self.foot))
        part = min(part, len(self.blocks) - 1)
        after = self.blocks[part + 1] if part + 1 < len(self.blocks) else self.foot
        return range(self.blocks[part], after)


def text_spot(stack: StripStack, parts: MessageParts, spot: Spot) -> TextSpot:
    """Return the words that are at a position of the stack."""
    if not len(stack):
        return TextSpot()
    number = max(0, min(spot.strip, len(stack) - 1))
    part, first = parts.part_of(number)
    stack.measure(number)
    hit = stack.strips[number].hit(QPointF(0, spot.down))
    offset = stack.offset_of(number) + hit.offset
    down = stack.place_of(spot) - _place_of(stack, offset, parts.strips_of(part))
    return TextSpot(part, offset - stack.offset_of(first), down)


def spot_of(stack: StripStack, parts: MessageParts, spot: TextSpot) -> Spot:
    """Return the position in the stack of words; the end of their part if it is shorter now."""
    if not len(stack):
        return Spot()
    strips = parts.strips_of(spot.part)
    offset = stack.offset_of(strips.start) + spot.offset
    place = _place_of(stack, offset, strips) + spot.down
    return stack.spot_at(place) if place >= 0 else Spot(0, place)


def is_beyond(stack: StripStack, parts: MessageParts, spot: TextSpot) -> bool:
    """Return whether the words are after the displayed end of their part, or their block is not
    there."""
    if spot.part in {HEAD_PART, FOOT_PART}:
        return False
    if spot.part >= len(parts.blocks):
        return True
    strips = parts.strips_of(spot.part)
    return spot.offset > stack.offset_of(strips.stop) - stack.offset_of(strips.start)


def _place_of(stack: StripStack, offset: int, strips: range) -> int:
    """Return the top of a character's line in the stack, in pixels, kept within some strips."""
    last = max(strips.start, min(strips.stop, len(stack)) - 1)
    number = max(strips.start, min(stack.at_offset(offset), last))
    stack.measure(number)
    inner = offset - stack.offset_of(number)
    return stack.top_of(number) + round(stack.strips[number].rectangle_of(inner).top())
