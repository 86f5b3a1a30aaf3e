"""Maps displayed characters of a Markdown block to the characters of its source.

The parser doesn't report offsets. But displayed text is nearly always the source without its
marks, in the same order. So both are walked through in parallel, and where they differ, the next
displayed characters are searched for a little further on in the source.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

#: Numbers of displayed characters that are searched for where the texts differ, tried in order.
WANTED = (16, 8, 4, 2, 1)
#: Search distance in characters for each of WANTED: fewer characters might match anywhere.
REACH = (4_000, 1_000, 300, 80, 12)
#: Only this number of characters at the beginning of a block's source is mapped.
LONGEST = 200_000
#: Largest number of searches in a block; its rest is not mapped.
PATIENCE = 20_000

#: Markdown marks, at most MOST_MARKS of which are skipped before a search is tried.
MARKS = frozenset("*_`~\\")
MOST_MARKS = 8

#: White space that may differ between source and displayed text; all of it is compared as a space.
_BLANKS = str.maketrans(dict.fromkeys("\n\t\r\u2028\u00a0", " "))


@dataclass(frozen=True, slots=True)
class MatchedRun:
    """Run of `length` characters that are the same in the displayed text, from offset `rendered`
    on, and in the source, from offset `source` on."""

    rendered: int
    source: int
    length: int


class SourceMap:
    """Map from displayed text to source for one block: matched runs, in order."""

    def __init__(self, runs: Sequence[MatchedRun]) -> None:
        self.runs = runs
        self._rendered = [run.rendered for run in runs]

    def source_of(self, place: int) -> int | None:
        """Return the source offset of a displayed character; None if it isn't in the source."""
        number = bisect_right(self._rendered, place) - 1
        if number < 0:
            return None
        run = self.runs[number]
        return run.source + place - run.rendered if place < run.rendered + run.length else None


def map_source(source: str, pieces: Sequence[str]) -> SourceMap:
    """Return the map of a block, from its source and the displayed texts of its strips, `pieces`.

    Offsets in the displayed text count one character between two pieces. Takes O(length).
    """
    source = source[:LONGEST].translate(_BLANKS)
    runs: list[MatchedRun] = []
    base = at = searches = 0
    for piece in pieces:
        if at >= len(source) or searches > PATIENCE:
            break
        rendered = piece.translate(_BLANKS)
        place = 0
        # Offset up to which the displayed text has no match in the source.
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
    """Return the offset in `source`, from `at` on, of the displayed text from `place` on.

    Requires at least `least` equal characters, unless they follow at once; −1 if there is no match
    nearby.
    """
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
            # Fewer characters are left of the piece; a later, smaller count searches for them.
            continue
        if wanted.isspace():
            continue
        # A short piece is searched for as a whole, but only nearby.
        near = REACH[-2] if len(wanted) < count else reach
        match = source.find(wanted, at, at + near + count)
        if match >= 0:
            return match
    return -1


def _common(source: str, at: int, rendered: str, place: int) -> int:
    """Return how many characters are equal from two offsets on; at least 1."""
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
