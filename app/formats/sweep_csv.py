"""A sweep as CSV (RFC 4180) for spreadsheets: a line for each cell, UTF-8 with a byte order mark.

Spreadsheets run a text as a formula if it begins with = + - @ (also after a tab or a line break),
and a model's text could abuse that (OWASP, "CSV Injection"). Such texts are written with an
apostrophe before them, which spreadsheets take for the mark of a text; texts that begin with an
apostrophe get another one. `plain` restores the text by removing one leading apostrophe. Numbers
are written unchanged, including negative numbers.
"""

import csv
import io
from collections.abc import Iterator

from app.domain.sweep.results import SweepResults
from app.domain.text.surrogates import mend
from app.formats.sweep_rows import COLUMNS, Value, headings, rows_of

#: Byte order mark, by which spreadsheets recognise UTF-8.
MARK = b"\xef\xbb\xbf"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")


def pieces(results: SweepResults) -> Iterator[bytes]:
    """Yield the bytes of a sweep's CSV file line by line: first the byte order mark with the column
    names, then one line for each cell.
    """
    yield MARK + _line([guarded(name) for name in headings(results.plan)])
    for row in rows_of(results):
        yield _line([_cell(value(row)) for _name, value in COLUMNS])


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula and that UTF-8 can hold."""
    text = mend(text)
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def plain(text: str) -> str:
    """Return the text that was given to `guarded`."""
    return text[1:] if text.startswith("'") else text


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return guarded(value)
        case _:
            return str(value)


def _line(cells: list[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue().encode()
