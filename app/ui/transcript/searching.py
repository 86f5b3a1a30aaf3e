"""The search in a view: what is looked for, going there, and where it is marked."""

import re
from collections.abc import Iterator
from itertools import islice

from PySide6.QtCore import QObject, QRectF, Signal

from app.ui.transcript.column import Column
from app.ui.transcript.finding import Finding

#: More marks than a scroll bar has pixels show nothing more.
MOST_MARKS = 3_000


class Searching(QObject):
    """Owns the search of a view."""

    #: Other words are marked, or the same ones elsewhere.
    changed = Signal()
    #: The column stands somewhere else.
    moved = Signal()

    def __init__(self, column: Column, parent: QObject) -> None:
        super().__init__(parent)
        self._column = column
        self._finding: Finding | None = None

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """What is to be marked wherever it is painted."""
        return self._finding.pattern if self._finding else None

    def seek(self, words: str) -> None:
        """Look for other words, from where the reader is; empty for nothing."""
        before, column = self._finding, self._column
        if before is not None and before.current >= 0:
            near = before.place()[0]
        else:
            near = max(0, column.index_at(column.top()))
        self._finding = Finding(words, column.items) if words else None
        self.changed.emit()
        self.step(1, near)

    def step(self, step: int, near: int = 0) -> None:
        """Go to the next (1) or the previous (−1)."""
        finding, column = self._finding, self._column
        if finding is None or not finding.total:
            return
        finding.step(step, near)
        index, _number, in_reasoning = finding.place()
        item = column.items[index]
        item.unfold(reasoning=in_reasoning)
        item.lay_out(column.width)
        found = finding.range_in(item)
        place = item.rectangle_of(found[0]) if found else QRectF()
        column.show_place(index, round(place.top()))
        self.moved.emit()

    def recount(self) -> None:
        """Count again, since a message changed; the reader stays where they are."""
        if self._finding is not None:
            self._finding = self._finding.again(self._column.items)
            self.changed.emit()

    def found(self) -> tuple[int, int]:
        """How many there are, and the number of the current one from 1."""
        finding = self._finding
        return (finding.total, finding.current + 1) if finding else (0, 0)

    def range_in(self, index: int) -> tuple[int, int] | None:
        """Where the current one stands in a message, if it is there."""
        finding = self._finding
        if finding is None or finding.current < 0 or finding.place()[0] != index:
            return None
        return finding.range_in(self._column.items[index])

    def fractions(self) -> list[float]:
        """Where something was found, from 0 to 1 of the whole length: where a message isn't laid
        out, as far down as it stands in its source."""
        found: list[float] = []
        for index in self._finding.messages() if self._finding else []:
            top, height = self._column.top_of(index), self._column.height_of(index)
            shares = islice(self._shares(index), MOST_MARKS)
            found.extend((top + share * height) / self._column.length() for share in shares)
            if len(found) > MOST_MARKS:
                break
        return found

    def _shares(self, index: int) -> Iterator[float]:
        _reasoning, text = self._column.items.words_at(index)
        if self.pattern is not None:
            for one in self.pattern.finditer(text):
                yield one.start() / len(text)
