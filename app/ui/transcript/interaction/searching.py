"""Find in the conversation: hits counted in every message, marked and stepped through where seen.

Counting reads the messages' source, which is there for all of them at once; laying out ten
thousand messages for it would take seconds. So a word inside an address counts too.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, islice

from PySide6.QtCore import QObject, QRectF, Signal

from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.items import MessageItems
from app.ui.transcript.messages.message_item import MessageItem

#: More marks than a scroll bar has pixels show nothing more.
MOST_MARKS = 3_000


#: Nobody looks through more; a letter in a long conversation is found millions of times.
MOST = 100_000


class SearchMatches:
    """One search: what was found where, and which of it the reader is at."""

    def __init__(self, words: str, items: MessageItems) -> None:
        self.words = words
        self.pattern = re.compile(re.escape(words), re.IGNORECASE) if words else None
        #: How many there are in each message's reasoning, and in its text.
        words_at = (items.words_at(index) for index in range(len(items)))
        self._counts = [tuple(map(self._count_in, pair)) for pair in words_at]
        self._ends = list(accumulate(sum(pair) for pair in self._counts))
        #: The one that the reader is at, from 0; −1 before the first step.
        self.current = -1

    @property
    def total(self) -> int:
        """How many there are."""
        return self._ends[-1] if self._ends else 0

    def again(self, items: MessageItems) -> "SearchMatches":
        """The same search after messages have come or changed; it stays where it is."""
        again = SearchMatches(self.words, items)
        again.current = min(self.current, again.total - 1)
        return again

    def messages(self) -> list[int]:
        """The messages in which there is something."""
        return [index for index, pair in enumerate(self._counts) if any(pair)]

    def step(self, step: int, near: int) -> None:
        """Go to the next one (1) or the one before (−1); at first to the nearest to a message."""
        if not self.total:
            return
        if self.current < 0:
            before = self._ends[near - 1] if near > 0 else 0
            self.current = (before if step > 0 else before - 1) % self.total
        else:
            self.current = (self.current + step) % self.total

    def place(self) -> tuple[int, int, bool]:
        """Of the current one: its message, its number there, and whether it is in reasoning."""
        message = bisect_right(self._ends, self.current)
        number = self.current - (self._ends[message - 1] if message else 0)
        return message, number, number < self._counts[message][0]

    def range_in(self, item: MessageItem) -> tuple[int, int] | None:
        """Where the current one stands in its message's text as it is laid out now."""
        if self.pattern is None:
            return None
        message, number, _in_reasoning = self.place()
        if item.folded:
            number -= self._counts[message][0]
        low, high = item.words_from()
        spans = [match.span() for match in self.pattern.finditer(item.text(), low, high)]
        # What counted in the source may not show, as in an address.
        return spans[min(max(number, 0), len(spans) - 1)] if spans else None

    def _count_in(self, text: str) -> int:
        if self.pattern is None or not text:
            return 0
        return min(MOST, sum(1 for _one in self.pattern.finditer(text)))


class TranscriptSearch(QObject):
    """Owns the search of a view."""

    #: Other words are marked, or the same ones elsewhere.
    changed = Signal()
    #: The column stands somewhere else.
    moved = Signal()

    def __init__(self, column: MessageColumn, parent: QObject) -> None:
        super().__init__(parent)
        self._column = column
        self._matches: SearchMatches | None = None

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """What is to be marked wherever it is painted."""
        return self._matches.pattern if self._matches else None

    def seek(self, words: str) -> None:
        """Look for other words, from where the reader is; empty for nothing."""
        before, column = self._matches, self._column
        if before is not None and before.current >= 0:
            near = before.place()[0]
        else:
            near = max(0, column.index_at(column.top()))
        self._matches = SearchMatches(words, column.items) if words else None
        self.changed.emit()
        self.step(1, near)

    def step(self, step: int, near: int = 0) -> None:
        """Go to the next (1) or the previous (−1)."""
        matches, column = self._matches, self._column
        if matches is None or not matches.total:
            return
        matches.step(step, near)
        index, _number, in_reasoning = matches.place()
        item = column.items[index]
        item.unfold(reasoning=in_reasoning)
        item.lay_out(column.width)
        span = matches.range_in(item)
        place = item.rectangle_of(span[0]) if span else QRectF()
        column.show_place(index, round(place.top()))
        self.moved.emit()

    def recount(self) -> None:
        """Count again, since a message changed; the reader stays where they are."""
        if self._matches is not None:
            self._matches = self._matches.again(self._column.items)
            self.changed.emit()

    def found(self) -> tuple[int, int]:
        """How many there are, and the number of the current one from 1."""
        matches = self._matches
        return (matches.total, matches.current + 1) if matches else (0, 0)

    def range_in(self, index: int) -> tuple[int, int] | None:
        """Where the current one stands in a message, if it is there."""
        matches = self._matches
        if matches is None or matches.current < 0 or matches.place()[0] != index:
            return None
        return matches.range_in(self._column.items[index])

    def fractions(self) -> list[float]:
        """Where something was found, from 0 to 1 of the whole length: where a message isn't laid
        out, as far down as it stands in its source."""
        fractions: list[float] = []
        for index in self._matches.messages() if self._matches else []:
            top, height = self._column.top_of(index), self._column.height_of(index)
            shares = islice(self._shares(index), MOST_MARKS)
            fractions.extend((top + share * height) / self._column.length() for share in shares)
            if len(fractions) > MOST_MARKS:
                break
        return fractions

    def _shares(self, index: int) -> Iterator[float]:
        _reasoning, text = self._column.items.words_at(index)
        if self.pattern is not None:
            for match in self.pattern.finditer(text):
                yield match.start() / len(text)
