"""Coloured grounds behind characters: of the selection, of what was searched for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from PySide6.QtGui import QColor

#: More than this in one strip is a letter that is everywhere; a reader sees no difference.
MOST = 300


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of characters and the colour behind them."""

    start: int
    end: int
    colour: QColor


Marks = tuple[Mark, ...]


def within(marks: Iterable[Mark], start: int, length: int) -> Marks:
    """The marks that fall into a piece of the text, with offsets into that piece."""
    return tuple(
        Mark(max(mark.start - start, 0), min(mark.end - start, length), mark.colour)
        for mark in marks
        if mark.start < start + length and start < mark.end
    )


def found_in(text: str, pattern: re.Pattern[str] | None, colour: QColor) -> Marks:
    """A mark wherever a pattern is found."""
    if pattern is None:
        return ()
    return tuple(Mark(*match.span(), colour) for match in islice(pattern.finditer(text), MOST))
