"""A write or a flush that fails is said, and costs only what was not acknowledged."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import apsw
import pytest

from app.domain.chat.conversation import Conversation
from app.domain.errors import LibraryError, LibraryFull
from app.store.library import Library
from tests.store.values import question


def io_error(code: int) -> apsw.Error:
    """Make the error that SQLite's own disk layer reports."""
    error = apsw.IOError("from the test")
    error.extendedresult = code  # type: ignore[attr-defined]
    return error


FAULTS = {
    "full": ("write", apsw.FullError("from the test")),
    "write": ("write", io_error(apsw.SQLITE_IOERR_WRITE)),
    "flush": ("flush", io_error(apsw.SQLITE_IOERR_FSYNC)),
}


class Disk(apsw.VFS):
    """A disk on which the writes or flushes from the n-th to the m-th fail."""

    def __init__(self, fault: str, first: int, last: int) -> None:
        self.base, self.failing = apsw.vfs_names()[0], range(first, last)
        self.kind, self.error = FAULTS[fault]
        self.count = 0
        super().__init__("failing", self.base, makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return File(self, name, flags)

    def meet(self, kind: str) -> None:
        """Count a call, and raise if it is one of those that fail."""
        self.count += kind == self.kind
        if kind == self.kind and self.count in self.failing:
            raise self.error


class File(apsw.VFSFile):
    """A file on that disk."""

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__(disk.base, name, flags)
        self._disk = disk

    def xWrite(self, data: Any, offset: int) -> None:
        self._disk.meet("write")
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        self._disk.meet("flush")
        super().xSync(flags)


@contextmanager
def failing_disk(fault: str, first: int, last: int) -> Iterator[Disk]:
    """Open all files in the block on a disk whose writes or flushes fail."""
    former = apsw.vfs_names()[0]
    disk = Disk(fault, first, last)
    try:
        yield disk
    finally:
        apsw.set_default_vfs(former)
        disk.unregister()


def write_some(directory: Path) -> tuple[set[str], list[LibraryError]]:
    """Add ten messages; return the names of the acknowledged ones, and the failures."""
    acknowledged: set[str] = set()
    failures = []
    library = Library.open(directory)
    for number in range(10):
        try:
            library.add_message("c", question("text " * 300, name=f"m{number}"), updated=2.0)
            acknowledged.add(f"m{number}")
        except LibraryError as failure:
            failures.append(failure)
    with suppress(LibraryError):
        library.close()
    return acknowledged, failures


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("lasts", [1, 1000])
def test_a_failed_write_costs_only_what_was_not_acknowledged(
    tmp_path: Path, fault: str, lasts: int
) -> None:
    said = 0
    for first in range(2, 26, 6):
        directory = tmp_path / str(first)
        library = Library.open(directory)
        library.add_conversation(Conversation("c", "", 1.0, 1.0))
        library.close()
        with failing_disk(fault, first, first + lasts):
            try:
                acknowledged, failures = write_some(directory)
            except LibraryError as failure:
                acknowledged, failures = set(), [failure]
        said += len(failures)
        if fault == "full":
            assert all(isinstance(failure, LibraryFull) for failure in failures)
        library = Library.open(directory)
        assert library.report.set_aside is None
        assert library.is_whole()
        assert acknowledged <= {message.id for message in library.messages("c")}
        library.close()
    assert said > 0
