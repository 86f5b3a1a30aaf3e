"""A ground behind every token of an answer: how sure the model was of it.

The tokens are places in the answer's source, and what is painted are rendered words: `source_map`
brings the two together, a block at a time and only for what is in sight.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.tokens.token_positions import Places
from app.markup.blocks import Block
from app.ui.transcript.heat.source_map import SourceMap, map_source
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Mark, Marks
from app.ui.transcript.strips.strip import Strip

#: The grounds of so many strips are kept.
MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class BlockStrips:
    """One block among those of an answer, with its strips."""

    blocks: Sequence[Block]
    place: int
    strips: Sequence[Strip]


class MessageHeatMap:
    """The grounds of one answer. `steps` has for each token how strong its ground is: −1 for none,
    else a place in the theme's scale."""

    def __init__(self, places: Places, steps: Sequence[int]) -> None:
        self.places = places
        self._steps = steps
        #: The token that is looked at, by its number; −1 for none.
        self.here = -1
        # Where each block's source begins in the answer's.
        self._starts = [0]
        self._maps: dict[int, tuple[Sequence[Strip], SourceMap]] = {}
        self._marks: dict[int, tuple[Strip, Look, Marks]] = {}
        # The grounds with that of the token that is looked at, where it is in the strip.
        self._here: tuple[int, dict[int, tuple[Marks, Marks]]] = (-1, {})

    def marks_of(self, block_strips: BlockStrips, number: int, look: Look) -> Marks:
        """The grounds of the words of one of a block's strips."""
        strip = block_strips.strips[number]
        kept = self._marks.get(id(strip))
        # What is kept is held on to, so that no other strip can be taken for it.
        if kept is None or kept[1] is not look:
            if len(self._marks) > MOST_KEPT:
                self._marks.clear()
            kept = self._marks[id(strip)] = (strip, look, self._found(block_strips, number, look))
        return self._with_here(block_strips, number, look, kept[2])

    def token_at(self, block_strips: BlockStrips, number: int, offset: int) -> int | None:
        """The token that a character of a strip belongs to."""
        base, source_map = self._map(block_strips)
        place = sum(len(strip.text) + 1 for strip in block_strips.strips[:number]) + offset
        source = source_map.source_of(place)
        return None if source is None else self.places.at(base + source)

    def holds(self, block_strips: BlockStrips, token: int) -> bool:
        """Whether some of a token is in the source of a block."""
        self._reach(block_strips)
        start = self._starts[block_strips.place]
        after = start + len(block_strips.blocks[block_strips.place].source)
        return start < self.places.end[token] and self.places.start[token] < after

    def rendered(
        self, block_strips: BlockStrips, token: int, *, near: bool = False
    ) -> tuple[int, int] | None:
        """Where the first rendered character of a token stands: its strip's number in the block,
        and its offset there. Of a token that isn't rendered, as a mark of Markdown, with `near`
        what comes next, or is the last of the block."""
        base, source_map = self._map(block_strips)
        first, after = self.places.start[token] - base, self.places.end[token] - base
        runs = source_map.runs
        number = bisect_right(runs, first, key=lambda run: run.source + run.length)
        if number < len(runs) and (near or runs[number].source < after):
            run = runs[number]
            return _in_strip(block_strips, run.rendered + max(0, first - run.source))
        if near and runs:
            return _in_strip(block_strips, runs[-1].rendered + runs[-1].length - 1)
        return None

    def _map(self, block_strips: BlockStrips) -> tuple[int, SourceMap]:
        place, strips = block_strips.place, block_strips.strips
        kept = self._maps.get(place)
        if kept is None or len(kept[0]) != len(strips) or kept[0][-1] is not strips[-1]:
            if len(self._maps) > MOST_KEPT:
                self._maps.clear()
            pieces = [strip.text for strip in strips]
            source_map = map_source(str(block_strips.blocks[place].source), pieces)
            kept = self._maps[place] = (list(strips), source_map)
        self._reach(block_strips)
        return self._starts[place], kept[1]

    def _reach(self, block_strips: BlockStrips) -> None:
        while len(self._starts) <= block_strips.place:
            before = block_strips.blocks[len(self._starts) - 1]
            self._starts.append(self._starts[-1] + len(before.source))

    def _with_here(self, block_strips: BlockStrips, number: int, look: Look, marks: Marks) -> Marks:
        if self.here < 0 or not self.holds(block_strips, self.here):
            return marks
        if self._here[0] != self.here:
            self._here = (self.here, {})
        kept = self._here[1].get(id(block_strips.strips[number]))
        if kept is None or kept[0] is not marks:
            ranges = self._ranges(block_strips, number, only=self.here)
            more = tuple(Mark(start, end, look.found_here) for start, end, _token in ranges)
            kept = self._here[1][id(block_strips.strips[number])] = (marks, marks + more)
        return kept[1]

    def _found(self, block_strips: BlockStrips, number: int, look: Look) -> Marks:
        """Neighbours of one ground become one."""
        marks: list[Mark] = []
        before = -1
        for start, end, token in self._ranges(block_strips, number):
            step = self._steps[token]
            if step < 0:
                pass
            elif step == before and marks[-1].end >= start:
                marks[-1] = Mark(marks[-1].start, max(end, marks[-1].end), marks[-1].colour)
            else:
                marks.append(Mark(start, end, look.heat[step]))
            before = step
        return tuple(marks)

    def _ranges(
        self, block_strips: BlockStrips, number: int, only: int | None = None
    ) -> Iterator[tuple[int, int, int]]:
        """The characters of a strip that come from tokens, or from one of them: from a start up
        to an end, and the token."""
        base, source_map = self._map(block_strips)
        start = sum(len(each.text) + 1 for each in block_strips.strips[:number])
        end = start + len(block_strips.strips[number].text)
        runs = source_map.runs
        first = max(0, bisect_right(runs, start, key=lambda run: run.rendered) - 1)
        for run in runs[first:]:
            if run.rendered >= end:
                break
            low, high = max(start, run.rendered), min(end, run.rendered + run.length)
            if low >= high:
                continue
            shift = run.rendered - run.source - base
            for token in (only,) if only is not None else self._between(low - shift, high - shift):
                first = max(low, self.places.start[token] + shift)
                last = min(high, self.places.end[token] + shift)
                if first < last:
                    yield first - start, last - start, token

    def _between(self, low: int, high: int) -> Iterator[int]:
        """The tokens between two places of the answer."""
        places, answer = self.places, self.places.answer
        number = max(0, bisect_right(answer, low, key=places.start.__getitem__) - 1)
        while number < len(answer) and places.start[answer[number]] < high:
            yield answer[number]
            number += 1


def _in_strip(block_strips: BlockStrips, place: int) -> tuple[int, int] | None:
    for number, strip in enumerate(block_strips.strips):
        if place < len(strip.text):
            return number, place
        place -= len(strip.text) + 1
    return None


def block_strips_of(
    blocks: Sequence[Block],
    starts: Sequence[int],
    foot: int,
    strips: Sequence[Strip],
    number: int,
) -> tuple[BlockStrips, int] | None:
    """The block that a strip of a message belongs to, and the strip's number in it. The strips of
    each block begin at `starts`, and those of the last one end at `foot`."""
    place = bisect_right(starts, number) - 1
    if not 0 <= place < len(blocks) or number >= foot:
        return None
    after = starts[place + 1] if place + 1 < len(starts) else foot
    return BlockStrips(blocks, place, strips[starts[place] : after]), number - starts[place]
