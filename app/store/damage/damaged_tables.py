"""Reads the rows of tables of which parts are damaged, and lists single damaged cells."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.store.damage.raw_cells import RawColumn, columns_of, raw_query, raw_row
from app.store.database import Database
from app.store.failures import DiskError, LibraryDamaged

#: The stored tables, each after the tables that its rows belong to.
TABLES = (
    "providers",
    "settings",
    "presets",
    "catalogues",
    "conversations",
    "messages",
    "chunks",
    "requests",
    "probabilities",
    "sweeps",
    "prompts",
    "cells",
)
#: Keys of the tables that have no row numbers.
_TEXT_KEYS = {"settings": "name", "catalogues": "provider"}
#: Number of rows that are read at once.
_BATCH = 256
#: The greatest gap between row numbers that is searched for the next readable row.
_WIDEST_GAP = 1 << 40

#: The row's number, or None in a table without; the cells in the order of the table's columns.
RawRow = tuple[int | None, list[object]]


@dataclass
class TableReading:
    """Reads one table of a library as far as possible."""

    db: Database
    table: str
    #: Whether a part of the table could not be read.
    damaged: bool = False
    columns: list[RawColumn] = field(default_factory=list)

    def rows(self) -> Iterator[RawRow]:
        """Yield the rows that can be read, in the order of their keys."""
        try:
            self.columns = columns_of(self.db, self.table)
        except (LibraryDamaged, DiskError):
            self.damaged = True
        if not self.columns:
            return
        if (key := _TEXT_KEYS.get(self.table)) is None:
            yield from self._numbered()
        else:
            yield from self._keyed(key)

    def _numbered(self) -> Iterator[RawRow]:
        after, limit = 0, _BATCH
        while True:
            batch = self._batch(after, limit)
            if batch is None and limit > 1:
                limit = max(1, limit // 4)
                continue
            if batch is None:
                self.damaged = True
                gap = self._gap(after)
                if gap is None:
                    return
                after += gap
                continue
            if not batch:
                return
            for row in batch:
                number, cells = raw_row(row)
                yield number, cells
            after = batch[-1][0]
            limit = min(_BATCH, limit * 2)

    def _gap(self, after: int) -> int | None:
        """Return how many row numbers to skip until rows can be read again; None if none can."""
        wide = 1
        while self._batch(after + wide, 1) is None:
            wide *= 2
            if wide > _WIDEST_GAP:
                return None
        narrow = wide // 2
        while narrow + 1 < wide:
            middle = (narrow + wide) // 2
            if self._batch(after + middle, 1) is None:
                narrow = middle
            else:
                wide = middle
        return wide

    def _batch(self, after: int, limit: int) -> list[Any] | None:
        """Return up to `limit` rows after a row number; None if one of them can't be read."""
        query = f"{raw_query(self.columns, 'rowid')} WHERE rowid > ? ORDER BY rowid LIMIT ?"
        try:
            return self.db.rows(query, (after, limit))
        except (LibraryDamaged, DiskError):
            return None

    def _keyed(self, key: str) -> Iterator[RawRow]:
        """Read from the first key up to the damage, and from the last key down to it."""
        seen: set[object] = set()
        for direction in ("ASC", "DESC"):
            query = f"{raw_query(self.columns, key)} ORDER BY {key} {direction} LIMIT 1 OFFSET ?"
            offset = 0
            while True:
                try:
                    batch = self.db.rows(query, (offset,))
                except (LibraryDamaged, DiskError):
                    self.damaged = True
                    break
                if not batch:
                    return
                name, cells = raw_row(batch[0])
                if name not in seen:
                    seen.add(name)
                    yield None, cells
                offset += 1


def damaged_cells(db: Database) -> Iterator[str]:
    """Yield the place of every damaged cell, such as "messages 17, text", and of every table of
    which a part can't be read."""
    for table in TABLES:
        reading = TableReading(db, table)
        for number, (row, cells) in enumerate(reading.rows(), 1):
            for column, cell in zip(reading.columns, cells, strict=True):
                if not column.is_row_number and column.mended(cell)[1]:
                    yield f"{table} {number if row is None else row}, {column.name}"
        if reading.damaged:
            yield table
