"""Converts text offsets between Python's code points and Qt's UTF-16 units.

A character beyond U+FFFF, such as an emoji, is one code point and two UTF-16 units.
"""

from bisect import bisect_left

from PySide6.QtCore import QTextBoundaryFinder


class Utf16Offsets:
    """Offset converter for one text: O(log n) in the characters beyond U+FFFF, O(1) without any."""

    def __init__(self, text: str) -> None:
        self._wide = (
            []
            if text.isascii() or max(text, default="") <= "\uffff"
            else [place for place, character in enumerate(text) if character > "\uffff"]
        )
        # The UTF-16 offset of each of these characters.
        self._qt = [place + before for before, place in enumerate(self._wide)]

    def to_qt(self, offset: int) -> int:
        """Return the UTF-16 offset of an offset in code points."""
        if not self._wide:
            return offset
        return offset + bisect_left(self._wide, offset)

    def from_qt(self, offset: int) -> int:
        """Return the offset in code points of a UTF-16 offset; the middle of a character counts as
        its beginning."""
        if not self._wide:
            return offset
        before = bisect_left(self._qt, offset)
        if before and self._qt[before - 1] + 1 == offset:
            # Between the two halves of a character.
            return self._wide[before - 1]
        return offset - before


def word_around(text: str, offset: int) -> tuple[int, int]:
    """Return start and end of the word at an offset, in code points, by Unicode's word rules."""
    units = Utf16Offsets(text)
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Word, text)
    length = units.to_qt(len(text))
    finder.setPosition(min(units.to_qt(offset) + 1, length))
    start = finder.toPreviousBoundary()
    end = finder.toNextBoundary()
    if end < 0:
        end = length
    return units.from_qt(max(0, start)), units.from_qt(end)


def grapheme_step(text: str, offset: int, step: int) -> int:
    """Return the next (`step` 1) or previous (−1) cursor position, in code points.

    A cursor never stops within a grapheme, such as a letter with its accents.
    """
    units = Utf16Offsets(text)
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    finder.setPosition(units.to_qt(offset))
    boundary = finder.toNextBoundary() if step > 0 else finder.toPreviousBoundary()
    return units.from_qt(boundary) if boundary >= 0 else offset
