"""Offsets in Python's characters and in Qt's: of one beyond U+FFFF, as an emoji, Qt counts two."""

from bisect import bisect_left

from PySide6.QtCore import QTextBoundaryFinder


class Utf16Offsets:
    """Converts offsets of one text. Costs nothing where every character counts once."""

    def __init__(self, text: str) -> None:
        self._wide = (
            []
            if text.isascii() or max(text, default="") <= "\uffff"
            else [place for place, character in enumerate(text) if character > "\uffff"]
        )
        # Where each of them begins for Qt.
        self._qt = [place + before for before, place in enumerate(self._wide)]

    def to_qt(self, offset: int) -> int:
        """Qt's offset of a character."""
        if not self._wide:
            return offset
        return offset + bisect_left(self._wide, offset)

    def from_qt(self, offset: int) -> int:
        """The character at Qt's offset; the middle of one belongs to it."""
        if not self._wide:
            return offset
        before = bisect_left(self._qt, offset)
        if before and self._qt[before - 1] + 1 == offset:
            # Between the two halves of a character.
            return self._wide[before - 1]
        return offset - before


def word_around(text: str, offset: int) -> tuple[int, int]:
    """The word at an offset, by Unicode's rules and, for scripts without spaces, Qt's own."""
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
    """The next (1) or previous (−1) place where a cursor may stand: never inside a character
    that a person sees as one."""
    units = Utf16Offsets(text)
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    finder.setPosition(units.to_qt(offset))
    boundary = finder.toNextBoundary() if step > 0 else finder.toPreviousBoundary()
    return units.from_qt(boundary) if boundary >= 0 else offset
