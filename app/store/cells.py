"""Conversion of JSON and decimals to the text of a cell and back, and of cells that are damaged.

A damaged cell can hold a value of another type than its column has.
"""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

#: Length in characters up to which `json` reads a cell about as fast as msgspec. Settings and
#: titles are shorter; with msgspec the first frame would wait 20 ms for its import.
SHORT = 1_000


def to_json(value: Any) -> str:
    """Encode a value as JSON on one line; `from_json` returns the same value and key order.

    Numbers that JSON can't express (NaN, infinities) become null.
    """
    import msgspec

    try:
        # msgspec is ten times as fast as the standard library's json.
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        # A lone surrogate: SQLite can only hold it as a JSON escape.
        return json.dumps(value, separators=(",", ":"))


def from_json(cell: Any, fallback: Any) -> Any:
    """Decode the JSON of a cell; return `fallback` if the cell is damaged."""
    if not isinstance(cell, str):
        cell = as_text(cell)
    if len(cell) > SHORT:
        import msgspec

        try:
            return msgspec.json.decode(cell)
        except msgspec.DecodeError:
            pass
    try:
        # Unlike msgspec, json reads escapes of lone surrogates.
        return json.loads(cell)
    except (ValueError, RecursionError):
        return fallback


def to_decimal(cell: Any) -> Decimal | None:
    """Decode a decimal number; return None if the cell is damaged."""
    try:
        return Decimal(cell)
    except (InvalidOperation, TypeError):
        return None


def as_text(cell: Any) -> str:
    """Return the text of a cell: invalid UTF-8 becomes U+FFFD, NULL is empty."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bytes):
        return cell.decode(errors="replace")
    return "" if cell is None else str(cell)


def as_number(cell: Any) -> float:
    """Return the number of a cell; 0 if it is damaged."""
    try:
        return float(cell)
    except (TypeError, ValueError):
        return 0.0
