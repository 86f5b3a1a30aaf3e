"""Values that SQLite has no type for, as text in a cell; what can't be read costs only itself."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any


def to_json(value: Any) -> str:
    """Write JSON so that `from_json` gives the identical value, key order and all.

    Half a surrogate pair, which SQLite can't hold, stays in its escape; NUL is always in one.
    No line break is ever in the result.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def from_json(cell: str, fallback: Any) -> Any:
    """Read a cell; a damaged one reads as `fallback`."""
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return fallback


def to_decimal(cell: str) -> Decimal | None:
    """Read an amount; a damaged one reads as none."""
    try:
        return Decimal(cell)
    except InvalidOperation:
        return None
