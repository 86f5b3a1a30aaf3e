"""Copies what can be read of a damaged library into another library, row by row."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.errors import LibraryError
from app.domain.ids import new_id
from app.domain.text.translation import _
from app.store.damage.damaged_tables import TABLES, RawRow, TableReading
from app.store.damage.page_scan import rows_in_pages
from app.store.damage.raw_cells import RawColumn, RawText, columns_of
from app.store.database import Database

#: Columns that hold row numbers of other tables.
_REFERENCES = {
    ("messages", "conversation"): "conversations",
    ("chunks", "message"): "messages",
    ("requests", "message"): "messages",
    ("requests", "base"): "requests",
    ("probabilities", "message"): "messages",
    ("sweeps", "conversation"): "conversations",
    ("prompts", "sweep"): "sweeps",
    ("cells", "sweep"): "sweeps",
    ("cells", "prompt"): "prompts",
}
#: Columns by which a row is told from the others of its table.
_NAMES = {"settings": "name", "catalogues": "provider"}
#: Tables whose rows belong to a row of another table, and come with it or not at all.
_PARTS = {"chunks", "requests", "probabilities", "prompts", "cells"}


@dataclass
class Salvaged:
    """The result of a salvage."""

    #: Numbers of rows that were copied, by table.
    rows: Counter[str] = field(default_factory=Counter)
    #: Number of damaged cells among these rows, of which the readable part was kept.
    cells: int = 0
    #: Tables of which a part could not be read.
    damaged: list[str] = field(default_factory=list)


class Salvage:
    """Copies rows from a source into a target once. Rows that the target has stay as they are."""

    def __init__(self, source: Path, target: Database) -> None:
        """`source` is a copy of the damaged file that may be changed."""
        self._path = source
        self._target = target
        self._columns = {table: columns_of(target, table) for table in TABLES}
        #: The target's row numbers by the source's, for every table.
        self._numbers: dict[str, dict[int, int]] = {table: {} for table in TABLES}
        #: The source's row numbers of rows that were copied.
        self._copied: dict[str, set[int]] = {table: set() for table in TABLES}
        #: The target's row numbers of conversations that were made for messages without theirs.
        self._recovered: set[int] = set()
        self._scanned: dict[str, list[RawRow]] | None = None
        self.result = Salvaged()

    def run(self) -> Salvaged:
        """Copy all tables. Raises LibraryError if the target can't be written."""
        try:
            source = Database.open_to_write(self._path)
        except LibraryError:
            source = None
        try:
            with self._target.transaction(durable=True):
                for table in TABLES:
                    for number, cells in self._rows(source, table):
                        self._copy(table, number, cells)
        finally:
            if source is not None:
                source.close()
        return self.result

    def _rows(self, source: Database | None, table: str) -> Iterator[RawRow]:
        seen: set[int] = set()
        found = False
        if source is not None:
            reading = TableReading(source, table)
            for number, cells in reading.rows():
                if number is not None:
                    seen.add(number)
                yield number, self._in_order(table, reading.columns, cells)
            found = bool(reading.columns) and not reading.damaged
        if not found:
            self.result.damaged.append(table)
            for number, cells in self._scan().get(table, ()):
                if number not in seen:
                    if number is not None:
                        seen.add(number)
                    yield number, cells

    def _in_order(self, table: str, columns: list[RawColumn], cells: list[object]) -> list[object]:
        by_name = {column.name: cell for column, cell in zip(columns, cells, strict=True)}
        return [by_name.get(column.name, _absent(column)) for column in self._columns[table]]

    def _scan(self) -> dict[str, list[RawRow]]:
        """Return the rows in the pages of the file by the table that they fit."""
        if self._scanned is None:
            self._scanned = {}
            for number, cells in rows_in_pages(self._path):
                for table, columns in self._columns.items():
                    if (table in _NAMES) == (number is None) and _fits(columns, cells):
                        padded = [*cells, *map(_absent, columns[len(cells) :])]
                        self._scanned.setdefault(table, []).append((number, padded))
                        break
            for rows in self._scanned.values():
                # Pages are in no order; messages are shown in the order of their numbers.
                rows.sort(key=lambda row: row[0] or 0)
        return self._scanned

    def _copy(self, table: str, number: int | None, cells: list[object]) -> None:
        values, damaged = {}, 0
        for column, cell in zip(self._columns[table], cells, strict=True):
            if column.is_row_number and (table, column.name) not in _REFERENCES:
                continue
            raw = number if column.is_row_number else cell
            values[column.name], wrong = column.mended(raw)
            damaged += wrong
        if not self._refer(table, values) or self._has(table, number, values):
            return
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        self._target.run(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608
        if number is not None:
            self._numbers[table][number] = self._target.value("SELECT last_insert_rowid()")
            self._copied[table].add(number)
        if values.get("conversation") in self._recovered and table == "messages":
            self._target.run(
                "UPDATE conversations SET current = :id, updated = :created WHERE sequence ="
                " :conversation",
                {name: values[name] for name in ("id", "created", "conversation")},
            )
        self.result.rows[table] += 1
        self.result.cells += damaged

    def _refer(self, table: str, values: dict[str, Any]) -> bool:
        """Replace the source's row numbers by the target's. Returns False for a row that belongs
        to nothing."""
        for name in list(values):
            other = _REFERENCES.get((table, name))
            if other is None or values[name] is None:
                continue
            owner = values[name]
            values[name] = self._numbers[other].get(owner)
            if values[name] is None and name in {"base", "prompt"}:
                # Without its base a request can't be read; it must not be read as a whole.
                values[name] = -1
            elif table == "messages" and values[name] is None:
                values[name] = self._numbers[other][owner] = self._new_conversation(values)
            elif values[name] is None or (table in _PARTS and owner not in self._copied[other]):
                return False
        return True

    def _has(self, table: str, number: int | None, values: dict[str, Any]) -> bool:
        """Whether the target has this row. Of a conversation that both have, what was shown last is
        taken from the row that was changed later."""
        name = _NAMES.get(table, "id")
        if name not in values:
            return False
        key = "rowid" if name == "id" else "1"
        query = f"SELECT {key} FROM {table} WHERE {name} = ?"  # noqa: S608 - names of our own
        there = self._target.value(query, (values[name],))
        if there is None:
            return False
        if number is not None:
            self._numbers[table][number] = there
        if table == "conversations":
            self._target.run(
                "UPDATE conversations SET current = :current, updated = :updated"
                " WHERE id = :id AND updated < :updated",
                {name: values[name] for name in ("id", "current", "updated")},
            )
        return True

    def _new_conversation(self, message: dict[str, Any]) -> int:
        """Add a conversation for messages whose own can't be read; return its row number."""
        self._target.run(
            """
            INSERT INTO conversations
                (id, title, created, updated, current, provider, model, system, parameters)
            VALUES (?, ?, ?, ?, ?, '', '', '', '{}')
            """,
            (new_id(), _("Recovered"), message["created"], message["created"], message["id"]),
        )
        number: int = self._target.value("SELECT last_insert_rowid()")
        self.result.rows["conversations"] += 1
        self._recovered.add(number)
        return number


def _absent(column: RawColumn) -> object:
    """The cell of a column that was added to the schema later than the row."""
    return RawText(b"{}") if column.required else None


def _fits(columns: list[RawColumn], cells: list[object]) -> bool:
    """Whether the cells of a record can be a row of a table. Columns that were added later are
    missing at the end of old records."""
    if len(cells) > len(columns):
        return False
    optional = columns[len(cells) :]
    if any(column.required and column.name != "routing" for column in optional):
        return False
    return all(
        cell is None if column.is_row_number else not column.mended(cell)[1]
        for column, cell in zip(columns, cells, strict=False)
    )
