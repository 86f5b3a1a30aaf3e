"""Heat map of one answer: a background colour for each token, by how sure the model was of it.

Tokens are ranges of the answer's Markdown source, but backgrounds are painted behind displayed
text. `source_map` maps the one to the other, block by block, for visible blocks only.
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

#: Largest number of strips whose backgrounds are cached.
MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class BlockStrips:
    """A block of an answer with its strips. `place` is its index in `blocks`, all blocks of the
    answer."""

    blocks: Sequence[Block]
    place: int
    strips: Sequence[Strip]


class MessageHeatMap:
    """Background colours of one answer's tokens.

    `places` has the range of each token in the answer's source. `steps` has for each token an
    index into the look's heat colours, −1 for no colour.
    """

    def __init__(self, places: Places, steps: Sequence[int]) -> None:
        self.places = places
        self._steps = steps
        #: Number of the chosen token, which has a mark of its own; −1 for none.
        self.chosen_token = -1
        # Offset of each block's source in the answer's source, in characters.
        self._starts = [0]
        self._maps: dict[int, tuple[Sequence[Strip], SourceMap]] = {}
        self._marks: dict[int, tuple[Strip, Look, Marks]] = {}
        # For the chosen token: the marks of each strip without and with the token's own mark.
        self._chosen_marks: tuple[int, dict[int, tuple[Marks, Marks]]] = (-1, {})

    def marks_of(self, block_strips: BlockStrips, number: int, look: Look) -> Marks:
        """Return the background marks of a strip, by its index in the block."""
        strip = block_strips.strips[number]
        kept = self._marks.get(id(strip))
        # The cache keeps the strip alive, so that no other strip can have the same id().
        if kept is None or kept[1] is not look:
            if len(self._marks) > MOST_KEPT:
                self._marks.clear()
            kept = self._marks[id(strip)] = (
                strip,
                look,
                self._marks_in(block_strips, number, look),
            )
        return self._with_chosen(block_strips, number, look, kept[2])

    def token_at(self, block_strips: BlockStrips, number: int, offset: int) -> int | None:
        """Return the number of the token that a character belongs to; None if it has none.

        `number` is the strip's index in the block, `offset` the character's offset in it.
        """
        base, source_map = self._map(block_strips)
        place = sum(len(strip.text) + 1 for strip in block_strips.strips[:number]) + offset
        source = source_map.source_of(place)
        return None if source is None else self.places.at(base + source)

    def holds(self, block_strips: BlockStrips, token: int) -> bool:
        """Return whether a token overlaps with the source of a block."""
        self._reach(block_strips)
        start = self._starts[block_strips.place]
        after = start + len(block_strips.blocks[block_strips.place].source)
        return start < self.places.end[token] and self.places.start[token] < after

    def rendered(
        self, block_strips: BlockStrips, token: int, *, near: bool = False
    ) -> tuple[int, int] | None:
        """Return where a token's first displayed character is: the index of its strip in the block,
        and the offset there; None if the token isn't displayed in this block.

        With `near`, a token that isn't displayed, as a Markdown mark, gets the position of the
        next displayed character, or of the block's last.
        """
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

    def _with_chosen(
        self, block_strips: BlockStrips, number: int, look: Look, marks: Marks
    ) -> Marks:
        if self.chosen_token < 0 or not self.holds(block_strips, self.chosen_token):
            return marks
        if self._chosen_marks[0] != self.chosen_token:
            self._chosen_marks = (self.chosen_token, {})
        kept = self._chosen_marks[1].get(id(block_strips.strips[number]))
        if kept is None or kept[0] is not marks:
            ranges = self._ranges(block_strips, number, only=self.chosen_token)
            more = tuple(Mark(start, end, look.found_here) for start, end, _token in ranges)
            kept = self._chosen_marks[1][id(block_strips.strips[number])] = (marks, marks + more)
        return kept[1]

    def _marks_in(self, block_strips: BlockStrips, number: int, look: Look) -> Marks:
        """Return the marks of a strip; neighbouring tokens of the same colour share one mark."""
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
        """Yield the ranges of a strip that come from tokens: start, end, and the token's number.

        `only` restricts them to one token.
        """
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
        """Yield the tokens between two offsets of the answer's source."""
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
    """Return the block that a strip of a message belongs to, and the strip's index in the block.

    `number` is the strip's index in the message. `starts` has the index of each block's first
    strip, and `foot` is the index after the last block's strips. None for strips of no block.
    """
    place = bisect_right(starts, number) - 1
    if not 0 <= place < len(blocks) or number >= foot:
        return None
    after = starts[place + 1] if place + 1 < len(starts) else foot
    return BlockStrips(blocks, place, strips[starts[place] : after]), number - starts[place]
