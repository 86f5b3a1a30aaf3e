"""A cache of the rows of the conversation list that were shown; all others are only counted."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.domain.chat.conversation_list import ConversationEntry

#: Rows that are read together, and how many of them lie above the row that was asked for.
WINDOW = 64
ABOVE = 24
#: Rows that are kept, half of them above and half below the row that was last read.
KEPT = 1000

Read = Callable[[int, int, int], list[ConversationEntry]]


@dataclass(slots=True)
class _Run:
    """Consecutive rows that are loaded: the number of the first, and the entries (at least one)."""

    start: int
    entries: list[ConversationEntry]

    @property
    def end(self) -> int:
        return self.start + len(self.entries)


class RowCache:
    """Entries by row number, read in windows when they are first asked for.

    A change of a row that is not loaded only shifts the loaded rows below it. Its exact number is
    not needed for that: the sort key says between which loaded rows it lies. So a change costs
    the same however long the list is.
    """

    def __init__(self, read: Read, count: int) -> None:
        """`read(row, limit, count)` returns entries from a row on; `count` is the number of
        rows."""
        self._read = read
        #: The number of rows of the list.
        self.count = count
        #: Id of a conversation whose row stays loaded once it is.
        self.pinned = ""
        #: In ascending order; between two runs is at least one row that isn't loaded.
        self._runs: list[_Run] = []

    def at(self, row: int) -> ConversationEntry | None:
        """Return the entry of a row, reading a window around it if it isn't loaded.

        None if there is no such row. Raises what `read` raises.
        """
        if not 0 <= row < self.count:
            return None
        if self._run_of(row) is None:
            self._load(row)
        return self.loaded(row)

    def loaded(self, row: int) -> ConversationEntry | None:
        """Return the entry of a row if it is loaded, else None."""
        run = self._run_of(row)
        return None if run is None else run.entries[row - run.start]

    def find(self, conversation_id: str) -> int | None:
        """Return the row of a conversation if it is loaded, else None."""
        for run in self._runs:
            for number, entry in enumerate(run.entries):
                if entry.id == conversation_id:
                    return run.start + number
        return None

    def place_for(self, key: tuple[float, int]) -> int:
        """Return the row before which an entry with a key belongs. Among rows that are not loaded
        the last one possible is returned."""
        for run in self._runs:
            if key > run.entries[0].key:
                return run.start
            if key >= run.entries[-1].key:
                return run.start + bisect_left(
                    run.entries, (-key[0], -key[1]), key=lambda one: (-one.key[0], -one.key[1])
                )
        return self.count

    def row_in_gap(self, key: tuple[float, int]) -> int | None:
        """Return a row that is not loaded and may be that of a key; None if there is none."""
        row = self.place_for(key) - 1
        return row if row >= 0 and self._run_of(row) is None else None

    def insert(self, row: int, entry: ConversationEntry) -> None:
        """Add an entry before a row that `place_for` returned."""
        self.count += 1
        for run in self._runs:
            inside = run.start < row < run.end
            at_edge = row == run.start == 0 or row == run.end == self.count - 1
            if inside or at_edge:
                run.entries.insert(row - run.start, entry)
                self._shift(row + 1, 1, but=run)
                return
        self._shift(row, 1)
        if self.count == 1:
            self._runs = [_Run(0, [entry])]

    def remove(self, row: int) -> None:
        """Remove a row, loaded or not."""
        self.count -= 1
        run = self._run_of(row)
        if run is not None:
            del run.entries[row - run.start]
            if not run.entries:
                self._runs.remove(run)
        self._shift(row + 1, -1, but=run)
        self._join(self._runs)

    def replace(self, row: int, entry: ConversationEntry) -> None:
        """Give a loaded row an entry with the same key."""
        run = self._run_of(row)
        if run is not None:
            run.entries[row - run.start] = entry

    def _run_of(self, row: int) -> _Run | None:
        for run in self._runs:
            if run.start <= row < run.end:
                return run
        return None

    def _shift(self, row: int, by: int, but: _Run | None = None) -> None:
        """Move the runs that begin at a row or below it."""
        for run in self._runs:
            if run.start >= row and run is not but:
                run.start += by

    def _load(self, row: int) -> None:
        first = max([0, row - ABOVE, *(run.end for run in self._runs if run.end <= row)])
        last = min([self.count, first + WINDOW, *(r.start for r in self._runs if r.start > row)])
        if entries := self._read(first, last - first, self.count):
            self._join([*self._runs, _Run(first, entries)])
            self._forget_far_rows(row)

    def _join(self, runs: Iterable[_Run]) -> None:
        """Put runs in order, and join those between which no row is missing."""
        self._runs = []
        for run in sorted(runs, key=lambda one: one.start):
            if self._runs and self._runs[-1].end == run.start:
                self._runs[-1].entries += run.entries
            else:
                self._runs.append(run)

    def _forget_far_rows(self, row: int) -> None:
        if sum(len(run.entries) for run in self._runs) <= KEPT:
            return
        ranges = [(row - KEPT // 2, row + KEPT // 2)]
        pinned = self.find(self.pinned)
        if pinned is not None and not ranges[0][0] <= pinned < ranges[0][1]:
            ranges.append((pinned, pinned + 1))
        kept = []
        for run in self._runs:
            for first, last in ranges:
                start, end = max(first, run.start), min(last, run.end)
                if start < end:
                    kept.append(_Run(start, run.entries[start - run.start : end - run.start]))
        self._join(kept)
