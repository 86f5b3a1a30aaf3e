"""Marks: background colours of ranges of text, for the selection, search matches and heat maps."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from PySide6.QtGui import QColor

#: Largest number of search matches that are marked in one strip.
MOST = 300


@dataclass(frozen=True, slots=True)
class Mark:
    """Background colour of the characters from `start` up to, without, `end`."""

    start: int
    end: int
    colour: QColor


Marks = tuple[Mark, ...]


def within(marks: Iterable[Mark], start: int, length: int) -> Marks:
    """Return the marks in a piece of a text, cut to it, with offsets relative to its start."""
    return tuple(
        Mark(max(mark.start - start, 0), min(mark.end - start, length), mark.colour)
        for mark in marks
        if mark.start < start + length and start < mark.end
    )


def found_in(text: str, pattern: re.Pattern[str] | None, colour: QColor) -> Marks:
    """Return a mark for each match of a pattern in a text, at most MOST; none without a pattern."""
    if pattern is None:
        return ()
    return tuple(Mark(*match.span(), colour) for match in islice(pattern.finditer(text), MOST))
