"""The Markdown blocks of an answer, and which strips of the message's stack show each of them."""

from bisect import bisect_right
from itertools import pairwise

from app.markup.blocks import Block
from app.ui.transcript.heat.heat_map import BlockStrips, block_strips_of
from app.ui.transcript.messages.parsed_blocks import ParsedBlocks
from app.ui.transcript.messages.strip_stack import StripStack
from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.compose import ComposedBlock, compose
from app.ui.transcript.strips.folds import Folds
from app.ui.transcript.strips.strip import Strip


class AnswerBlocks:
    """Blocks of one answer. In all methods, `end` is the index after the last of their strips."""

    def __init__(self, stack: StripStack, folds: Folds) -> None:
        self._stack = stack
        self._folds = folds
        self.parsed = ParsedBlocks()
        #: Index of the first strip of each block.
        self.starts: list[int] = []
        # The last block's strips, most of which are used again when it grows.
        self._composed: ComposedBlock | None = None

    def begin_anew(self) -> None:
        """Forget the parsed text, since the message has another."""
        self.parsed, self._composed = ParsedBlocks(), None

    def drop_strips(self) -> None:
        """Use no strip of the last block again, since the look is another one."""
        self._composed = None

    def move(self, first: int, strips: list[Strip]) -> None:
        """Add the strips that were the blocks' to the stack's end again; `first` was the index of
        the first of them."""
        self.starts = [start - first + len(self._stack) for start in self.starts]
        self._stack.put(strips)

    def put_all(self, look: Look) -> None:
        """Add the strips of all blocks to the stack's end."""
        self._put(0, len(self._stack), look, None)

    def put_again(self, first: int, end: int, look: Look) -> None:
        """Make the strips of the blocks from index `first` on again, and keep those before. They
        are the last of the stack then."""
        start = self.starts[first] if first < len(self.starts) else end
        before = self._composed if first == len(self.starts) - 1 else None
        del self.starts[first:]
        self._put(first, start, look, before)

    def block_at(self, number: int) -> int:
        """Return the index of the block that the strip with this index belongs to."""
        return bisect_right(self.starts, number) - 1

    def strips_at(self, number: int, end: int) -> tuple[BlockStrips, int] | None:
        """Return the block that a strip belongs to, and the strip's index in it; None if none."""
        return block_strips_of(self.parsed.blocks, self.starts, end, self._stack.strips, number)

    def between(self, start: int, stop: int, end: int, *, whole: bool) -> list[Block]:
        """Return the blocks that a range of the stack's text, in characters, overlaps; with
        `whole`, those it covers."""
        touched = []
        for number, (first, after) in enumerate(pairwise([*self.starts, end])):
            low, high = self._stack.offset_of(first), self._stack.offset_of(after)
            covers = start <= low and high - 1 <= stop
            if covers if whole else low < stop and start < high:
                touched.append(self.parsed.blocks[number])
        return touched

    def _put(self, first: int, start: int, look: Look, before: ComposedBlock | None) -> None:
        """Put the blocks from `first` on at the stack's index `start`. `before` is the first of
        them as it was."""
        strips: list[Strip] = []
        kept = 0
        blocks = self.parsed.blocks
        for number in range(first, len(blocks)):
            self.starts.append(start + len(strips))
            self._folds.begin(number)
            composed = compose(blocks[number], look, self._folds, before)
            if number == first:
                kept = composed.kept
            strips += composed.strips
            self._composed, before = composed, None
        self._stack.truncate(start + kept)
        self._stack.put(strips[kept:])
