"""Reads the rows of a damaged SQLite file page by page, without its schema and its indexes.

Used where SQLite can't find a table's pages any more. Format: sqlite.org/fileformat2.html, sections
1.6 (b-tree pages), 2.1 (record format) and 4.1 (write-ahead log).
"""

import mmap
import os
import struct
from collections.abc import Iterator
from pathlib import Path

from app.store.damage.raw_cells import RawText

#: First bytes of a leaf page of a table with row numbers, and of an index or a table without.
TABLE_LEAF, INDEX_LEAF = 0x0D, 0x0A
PAGE_SIZE = 4096
_LOG_HEADER, _FRAME_HEADER = 32, 24
#: Sizes in bytes of the integers of serial types 0 to 6.
_INTEGER_SIZES = (0, 1, 2, 3, 4, 6, 8)
#: Largest record that is put together from overflow pages.
_MOST_BYTES = 1 << 28

#: The number of a row, None in a table without; its cells.
RawRow = tuple[int | None, list[object]]


class _Unreadable(Exception):
    """A cell of a page makes no sense."""


def rows_in_pages(path: Path) -> Iterator[RawRow]:
    """Yield every row of every table that can be read in a file and in its write-ahead log."""
    pages = _Pages(path)
    for number in range(1, pages.count + 1):
        page = pages.page(number)
        start = 100 if number == 1 else 0
        if len(page) != PAGE_SIZE or page[start] not in {TABLE_LEAF, INDEX_LEAF}:
            continue
        (count,) = struct.unpack_from(">H", page, start + 3)
        for index in range(min(count, PAGE_SIZE // 4)):
            (offset,) = struct.unpack_from(">H", page, min(start + 8 + 2 * index, PAGE_SIZE - 2))
            try:
                yield _row(pages, page, offset, numbered=page[start] == TABLE_LEAF)
            except (_Unreadable, IndexError, struct.error):
                continue


class _Pages:
    """The pages of a file, each in its newest version from the write-ahead log."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            # Not read into memory: a library can have gigabytes.
            self._file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        self._newer: dict[int, bytes] = {}
        log = path.with_name(f"{path.name}-wal")
        if log.exists():
            self._read_log(log.read_bytes())
        self.count = max(len(self._file) // PAGE_SIZE, *self._newer, 0, 0)

    def page(self, number: int) -> bytes:
        """Return a page by its number, from 1; empty if there is none."""
        if number < 1:
            return b""
        return self._newer.get(number) or self._file[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]

    def _read_log(self, log: bytes) -> None:
        salts, pending = log[16:24], dict[int, bytes]()
        step = _FRAME_HEADER + PAGE_SIZE
        for start in range(_LOG_HEADER, len(log) - step + 1, step):
            number, commits = struct.unpack_from(">II", log, start)
            if log[start + 8 : start + 16] != salts:
                break
            pending[number] = log[start + _FRAME_HEADER : start + step]
            if commits:
                self._newer |= pending
                pending.clear()


def _row(pages: _Pages, page: bytes, offset: int, *, numbered: bool) -> RawRow:
    size, offset = _varint(page, offset)
    most = PAGE_SIZE - 35 if numbered else (PAGE_SIZE - 12) * 64 // 255 - 23
    if not numbered:
        return None, _cells(_payload(pages, page, offset, size, most))
    number, offset = _varint(page, offset)
    number -= 1 << 64 if number >> 63 else 0
    return number, _cells(_payload(pages, page, offset, size, most))


def _payload(pages: _Pages, page: bytes, offset: int, size: int, most: int) -> bytes:
    """Return the bytes of a record, of which a page holds up to `most`, the others overflow."""
    if size > _MOST_BYTES:
        raise _Unreadable
    least = (PAGE_SIZE - 12) * 32 // 255 - 23
    if size <= most:
        return page[offset : offset + size]
    local = least + (size - least) % (PAGE_SIZE - 4)
    local = local if local <= most else least
    parts = [page[offset : offset + local]]
    (following,) = struct.unpack_from(">I", page, offset + local)
    missing = size - local
    while missing > 0:
        overflow = pages.page(following)
        if len(overflow) != PAGE_SIZE:
            raise _Unreadable
        parts.append(overflow[4 : 4 + missing])
        missing -= PAGE_SIZE - 4
        (following,) = struct.unpack_from(">I", overflow, 0)
    return b"".join(parts)


def _cells(payload: bytes) -> list[object]:
    header, offset = _varint(payload, 0)
    body = header
    cells = []
    while offset < header:
        kind, offset = _varint(payload, offset)
        cell, body = _cell(payload, kind, body)
        cells.append(cell)
    if body != len(payload):
        raise _Unreadable
    return cells


def _cell(payload: bytes, kind: int, start: int) -> tuple[object, int]:
    """Return the cell of a serial type and the offset after it."""
    if kind == 0:
        return None, start
    if kind in {8, 9}:
        return kind - 8, start
    if kind == 7:
        return struct.unpack_from(">d", payload, start)[0], start + 8
    if kind in {10, 11}:
        raise _Unreadable
    size = _INTEGER_SIZES[kind] if kind < 7 else (kind - 12) // 2
    raw = payload[start : start + size]
    if len(raw) != size:
        raise _Unreadable
    if kind < 7:
        return int.from_bytes(raw, "big", signed=True), start + size
    return RawText(raw) if kind % 2 else raw, start + size


def _varint(raw: bytes, offset: int) -> tuple[int, int]:
    """Return the integer of one to nine bytes at an offset, and the offset after it."""
    value = 0
    for index in range(8):
        byte = raw[offset + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, offset + index + 1
    return value << 8 | raw[offset + 8], offset + 9
