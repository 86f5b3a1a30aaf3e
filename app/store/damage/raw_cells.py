"""Cells of damaged tables: their columns as declared, and what can be made of each cell."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from app.store.cells import as_number, as_text, from_json
from app.store.database import Database


class RawText(bytes):
    """The bytes of a text, which may be no UTF-8. Plain bytes are a BLOB."""


#: Columns that hold JSON.
JSON = {
    ("conversations", "parameters"),
    ("conversations", "routing"),
    ("messages", "usage"),
    ("messages", "tool_calls"),
    ("messages", "tool_results"),
    ("requests", "head"),
    ("catalogues", "models"),
    ("settings", "value"),
    ("presets", "parameters"),
    ("sweeps", "plan"),
    ("prompts", "messages"),
    ("cells", "answer"),
    ("cells", "body"),
}
_MISSING = object()


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column as the schema declares it."""

    table: str
    name: str
    #: TEXT, REAL, INTEGER or BLOB.
    type: str
    required: bool
    #: Whether it is the number of the row, which no record holds.
    is_row_number: bool

    def mended(self, cell: object) -> tuple[Any, bool]:
        """Return the cell, or the nearest value that the column takes, and whether it is
        damaged."""
        if cell is None:
            return (None, False) if not self.required else (self._converted(None), True)
        if self.type == "TEXT":
            text = self._converted(cell)
            good = isinstance(cell, RawText) and text.encode() == cell
            if good and (self.table, self.name) in JSON:
                good = from_json(text, _MISSING) is not _MISSING
            return text, not good
        # SQLite keeps a REAL without a fraction as an integer.
        kinds = {"REAL": (float, int), "INTEGER": (int,), "BLOB": (bytes,)}[self.type]
        good = isinstance(cell, kinds) and not isinstance(cell, RawText)
        return self._converted(cell), not good

    def _converted(self, cell: object) -> Any:
        match self.type:
            case "TEXT":
                return as_text(cell)
            case "REAL":
                return as_number(cell)
            case "INTEGER":
                number = as_number(cell)
                return int(number) if isfinite(number) else 0
            case _:
                return bytes(cell) if isinstance(cell, bytes) else b""


def columns_of(db: Database, table: str) -> list[RawColumn]:
    """Return the columns of a table in their order; none if there is no such table."""
    return [
        RawColumn(table, name, type_, bool(required), type_ == "INTEGER" and bool(key))
        for name, type_, required, key in db.rows(
            'SELECT name, type, "notnull" OR pk, pk FROM pragma_table_info(?) ORDER BY cid',
            (table,),
        )
    ]


def raw_query(columns: list[RawColumn], key: str) -> str:
    """Return the beginning of a query for a table's key and its cells, for `raw_row`."""
    cells = ", ".join(
        f"typeof({name}), iif(typeof({name}) = 'text', CAST({name} AS BLOB), {name})"
        for name in (column.name for column in columns)
    )
    return f"SELECT {key}, {cells} FROM {columns[0].table}"  # noqa: S608 - our own columns


def raw_row(row: tuple[Any, ...]) -> tuple[Any, list[object]]:
    """Return key and cells of a row of `raw_query`."""
    pairs = zip(row[1::2], row[2::2], strict=True)
    return row[0], [RawText(cell) if kind == "text" else cell for kind, cell in pairs]
