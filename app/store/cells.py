"""Values that SQLite has no type for, as text in a cell; what can't be read costs only itself."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

#: Characters up to which the standard library reads a cell about as fast. Settings and titles
#: are shorter, and with msgspec the first frame would wait 20 ms for its import.
SHORT = 1_000


def to_json(value: Any) -> str:
    """Write JSON so that `from_json` gives the identical value, key order and all.

    Numbers that JSON has no word for become null. No line break is ever in the result.
    """
    import msgspec

    try:
        # Ten times as fast as the standard library's.
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        # Half a surrogate pair: SQLite can hold it in its escape alone.
        return json.dumps(value, separators=(",", ":"))


def from_json(cell: str, fallback: Any) -> Any:
    """Read a cell; a damaged one reads as `fallback`."""
    if len(cell) > SHORT:
        import msgspec

        try:
            return msgspec.json.decode(cell)
        except msgspec.DecodeError:
            pass
    try:
        # It reads escaped halves of surrogate pairs too.
        return json.loads(cell)
    except (ValueError, RecursionError):
        return fallback


def to_decimal(cell: str) -> Decimal | None:
    """Read an amount; a damaged one reads as none."""
    try:
        return Decimal(cell)
    except InvalidOperation:
        return None
