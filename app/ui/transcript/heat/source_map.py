"""Which characters of Markdown's source the rendered words come from.

A parser of Markdown doesn't say. But what is rendered is nearly always a part of the source, in
the same order, without its marks: so the two are walked through together, and where they part,
the next rendered words are looked for a little further on in the source.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

#: Where the two part, so many rendered characters are looked for: fewer might be found anywhere.
WANTED = (16, 8, 4, 2, 1)
#: How far on, for each of these.
REACH = (4_000, 1_000, 300, 80, 12)
#: Of a longer block its beginning is mapped.
LONGEST = 200_000
#: What does not follow is looked for so many times; then the rest of the block has no places.
PATIENCE = 20_000

#: What is left away when it is rendered: nothing but these is passed over before anything else.
MARKS = frozenset("*_`~\\")
MOST_MARKS = 8

#: Kinds of white space become one another when text is laid out.
_BLANKS = str.maketrans(dict.fromkeys("\n\t\r\u2028\u00a0", " "))


@dataclass(frozen=True, slots=True)
class MatchedRun:
    """So many characters that are the same: where they begin when rendered, and in the source."""

    rendered: int
    source: int
    length: int


class SourceMap:
    """The runs of one block, in order."""

    def __init__(self, runs: Sequence[MatchedRun]) -> None:
        self.runs = runs
        self._rendered = [run.rendered for run in runs]

    def source_of(self, place: int) -> int | None:
        """Where a rendered character stands in the source; None where it comes from no one."""
        number = bisect_right(self._rendered, place) - 1
        if number < 0:
            return None
        run = self.runs[number]
        return run.source + place - run.rendered if place < run.rendered + run.length else None


def map_source(source: str, pieces: Sequence[str]) -> SourceMap:
    """Map rendered pieces of a block, which follow one another with a character between them.

    Takes time in proportion to the lengths.
    """
    source = source[:LONGEST].translate(_BLANKS)
    runs: list[MatchedRun] = []
    base = at = searches = 0
    for piece in pieces:
        if at >= len(source) or searches > PATIENCE:
            break
        rendered = piece.translate(_BLANKS)
        place = 0
        # Up to here the words come from nowhere.
        nowhere = -1
        while place < len(rendered) and at < len(source) and searches <= PATIENCE:
            least = 4 if nowhere == place and rendered[place - 1 : place + 1].isalnum() else 1
            match = _next_match(source, at, rendered, place, least)
            searches += match != at
            if match < 0:
                place += 1
                nowhere = place
                continue
            length = _common(source, match, rendered, place)
            runs.append(MatchedRun(base + place, match, length))
            place += length
            at = match + length
        base += len(piece) + 1
    return SourceMap(runs)


def _next_match(source: str, at: int, rendered: str, place: int, least: int) -> int:
    """Where the rendered characters from a place on come next in the source, if at least so many
    are the same further on; −1 if nowhere near."""
    if source[at] == rendered[place]:
        return at
    after = at
    while after < len(source) and after < at + MOST_MARKS and source[after] in MARKS:
        after += 1
    if after < len(source) and source[after] == rendered[place]:
        return after
    for count, reach in zip(WANTED, REACH, strict=True):
        if count < least:
            break
        wanted = rendered[place : place + count]
        if len(wanted) < count and place:
            # What is left of a piece is looked for when its length comes.
            continue
        if wanted.isspace():
            continue
        # A short piece is looked for whole, but near.
        near = REACH[-2] if len(wanted) < count else reach
        match = source.find(wanted, at, at + near + count)
        if match >= 0:
            return match
    return -1


def _common(source: str, at: int, rendered: str, place: int) -> int:
    """How many characters are the same from here on."""
    length, step = 0, 64
    most = min(len(source) - at, len(rendered) - place)
    while length < most and step:
        step = min(step, most - length)
        if (
            source[at + length : at + length + step]
            == rendered[place + length : place + length + step]
        ):
            length += step
        else:
            step //= 2
    return max(1, length)
