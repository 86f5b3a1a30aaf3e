"""Finding words in the conversation: counted in every message, marked where they are seen.

Counting reads the messages' source, which is there for all of them at once; laying out ten
thousand messages for it would take seconds. So a word inside an address counts too.
"""

import re
from bisect import bisect_right
from itertools import accumulate

from app.ui.transcript.items import Items
from app.ui.transcript.message_item import MessageItem

#: Nobody looks through more; a letter in a long conversation is found millions of times.
MOST = 100_000


class Finding:
    """One search: what was found where, and which of it the reader is at."""

    def __init__(self, words: str, items: Items) -> None:
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

    def again(self, items: Items) -> "Finding":
        """The same search after messages have come or changed; it stays where it is."""
        found = Finding(self.words, items)
        found.current = min(self.current, found.total - 1)
        return found

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
        found = [one.span() for one in self.pattern.finditer(item.text(), low, high)]
        # What counted in the source may not show, as in an address.
        return found[min(max(number, 0), len(found) - 1)] if found else None

    def _count_in(self, text: str) -> int:
        if self.pattern is None or not text:
            return 0
        return min(MOST, sum(1 for _one in self.pattern.finditer(text)))
