"""Find in the conversation: counts matches in all messages, and steps from match to match.

Matches are counted in the messages' Markdown source, because laying out ten thousand messages
would take seconds. So a word in a link's address counts too, though it isn't displayed.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, islice

from PySide6.QtCore import QObject, QRectF, Signal

from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.items import MessageItems
from app.ui.transcript.messages.message_item import MessageItem

#: Largest number of marks on the scroll bar, more than it has pixels.
MOST_MARKS = 3_000


#: Largest number of matches that are counted in one text. A single letter has millions.
MOST = 100_000


class SearchMatches:
    """Matches of one search, case-insensitive, and the current one among them."""

    def __init__(self, words: str, items: MessageItems) -> None:
        self.words = words
        self.pattern = re.compile(re.escape(words), re.IGNORECASE) if words else None
        #: For each message, the number of matches in its reasoning and in its text.
        words_at = (items.words_at(index) for index in range(len(items)))
        self._counts = [tuple(map(self._count_in, pair)) for pair in words_at]
        self._ends = list(accumulate(sum(pair) for pair in self._counts))
        #: Number of the current match, from 0; −1 before the first step.
        self.current = -1

    @property
    def total(self) -> int:
        """Number of matches in all messages."""
        return self._ends[-1] if self._ends else 0

    def again(self, items: MessageItems) -> "SearchMatches":
        """Return a new search for the same words in `items`, the messages as they are now.

        The current match keeps its number, if there are still as many.
        """
        again = SearchMatches(self.words, items)
        again.current = min(self.current, again.total - 1)
        return again

    def messages(self) -> list[int]:
        """Return the indices of the messages that have matches."""
        return [index for index, pair in enumerate(self._counts) if any(pair)]

    def step(self, step: int, near: int) -> None:
        """Make the next (`step` 1) or previous (−1) match current, around the end if need be.

        The first step goes to the first match from the message with index `near` on, or if back,
        to the last match before that message.
        """
        if not self.total:
            return
        if self.current < 0:
            before = self._ends[near - 1] if near > 0 else 0
            self.current = (before if step > 0 else before - 1) % self.total
        else:
            self.current = (self.current + step) % self.total

    def place(self) -> tuple[int, int, bool]:
        """Return the current match's message index, its number within the message from 0, and
        whether it is in the reasoning."""
        message = bisect_right(self._ends, self.current)
        number = self.current - (self._ends[message - 1] if message else 0)
        return message, number, number < self._counts[message][0]

    def range_in(self, item: MessageItem) -> tuple[int, int] | None:
        """Return start and end of the current match in its message's text as laid out now.

        Matches are counted in the source. If fewer are displayed, it can be another match than
        the exact one; None if none is displayed.
        """
        if self.pattern is None:
            return None
        message, number, _in_reasoning = self.place()
        if item.folded:
            number -= self._counts[message][0]
        low, high = item.words_from()
        spans = [match.span() for match in self.pattern.finditer(item.text(), low, high)]
        # A match in the source may not be displayed, for instance in a link's address.
        return spans[min(max(number, 0), len(spans) - 1)] if spans else None

    def _count_in(self, text: str) -> int:
        if self.pattern is None or not text:
            return 0
        return min(MOST, sum(1 for _one in self.pattern.finditer(text)))


class TranscriptSearch(QObject):
    """Find in one view: the words that are searched for, their matches, and scrolling to them."""

    #: The words, or the matches, changed.
    changed = Signal()
    #: The column was scrolled to a match.
    moved = Signal()

    def __init__(self, column: MessageColumn, parent: QObject) -> None:
        super().__init__(parent)
        self._column = column
        self._matches: SearchMatches | None = None

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """The pattern whose matches are marked while painting; None if there is no search."""
        return self._matches.pattern if self._matches else None

    def seek(self, words: str) -> None:
        """Search for `words` as one text, and scroll to the first match.

        It is searched for from the message of the former current match on, or else from the top of
        the viewport on. An empty text ends the search.
        """
        before, column = self._matches, self._column
        if before is not None and before.current >= 0:
            near = before.place()[0]
        else:
            near = max(0, column.index_at(column.top()))
        self._matches = SearchMatches(words, column.items) if words else None
        self.changed.emit()
        self.step(1, near)

    def step(self, step: int, near: int = 0) -> None:
        """Go to the next (`step` 1) or previous (−1) match, unfold its message, and scroll to it.

        `near` is the index of the message at which the first step begins.
        """
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
        """Count the matches again, because a message changed; the scroll position stays."""
        if self._matches is not None:
            self._matches = self._matches.again(self._column.items)
            self.changed.emit()

    def found(self) -> tuple[int, int]:
        """Return the number of matches, and the number of the current one from 1 (0 if none)."""
        matches = self._matches
        return (matches.total, matches.current + 1) if matches else (0, 0)

    def range_in(self, index: int) -> tuple[int, int] | None:
        """Return start and end of the current match in a message's text; None if it is in another
        message."""
        matches = self._matches
        if matches is None or matches.current < 0 or matches.place()[0] != index:
            return None
        return matches.range_in(self._column.items[index])

    def fractions(self) -> list[float]:
        """Return the vertical positions of the matches, as fractions (0 to 1) of the column.

        They are estimated from the matches' offsets in the messages' texts; matches in the
        reasoning are left out. There are about MOST_MARKS at most. The scroll bar shows them.
        """
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
