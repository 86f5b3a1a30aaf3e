"""Tells a damaged library file from a failed read, before anything is moved.

SQLite reports some read errors of the disk as damage (EIO becomes SQLITE_CORRUPT).
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from app.store.database import Database
from app.store.failures import READS, DiskError, LibraryDamaged, read_failed
from app.store.paths import CHECKING, RECOVERY, Paths, private_file

#: Size in bytes of the pieces in which a file is read.
PIECE = 1 << 20
#: Size in bytes of the pieces that are copied of a file of which parts can't be read.
BLOCK = 4096


def is_damaged(paths: Paths) -> bool:
    """Return whether the library is damaged on its disk, by checking a copy of it.

    Raises DiskError if the file can't be read, or gives other bytes when it is read again, and
    OSError if there is no room for the copy.
    """
    with TemporaryDirectory(prefix=CHECKING, dir=paths.directory) as folder:
        copy = Path(folder) / paths.library.name
        before = copy_files(paths.library, copy)
        # A read can fail in the copy, too.
        for _read in range(READS):
            if is_sound(copy):
                return False
        if before != digests(paths.library):
            raise read_failed(paths.library, "the file gave other bytes when it was read again")
    return True


def is_sound(path: Path, stop: Callable[[], bool] | None = None) -> bool:
    """Return whether a library file that nobody uses has no damage. Raises DiskError."""
    try:
        copy = Database.open_to_write(path)
    except LibraryDamaged:
        return False
    try:
        if stop is not None:
            copy.stop_when(stop)
        return copy.is_whole() and bool(copy.value("PRAGMA user_version"))
    except LibraryDamaged:
        return False
    finally:
        copy.close()


def copy_files(source: Path, target: Path) -> list[str]:
    """Copy a library file and its log or journal, readable by their owner only; return digests
    of the bytes that were read.

    Raises DiskError if the disk reports an error while it is read, and OSError.
    """
    found = []
    for suffix in ("", *RECOVERY):
        # Late: OpenSSL is loaded with it, and the first frame needs no digest.
        import hashlib

        digest = hashlib.sha256()
        part = target.with_name(target.name + suffix)
        pieces = _pieces(source.with_name(source.name + suffix))
        first = next(pieces, None)
        if first is not None or not suffix:
            private_file(part)
            with part.open("wb") as file:
                for piece in filter(None, (first, *pieces)):
                    file.write(piece)
                    digest.update(piece)
        found.append(digest.hexdigest())
    return found


def copy_readable(source: Path, target: Path) -> int:
    """Copy a library file and its log or journal as far as the disk gives them, with zeros for
    the rest; return the number of bytes that could not be read. Raises OSError, DiskError."""
    lost = 0
    for suffix in ("", *RECOVERY):
        part = source.with_name(source.name + suffix)
        if not part.exists():
            continue
        copy = target.with_name(target.name + suffix)
        private_file(copy)
        with part.open("rb") as file, copy.open("wb") as written:
            size = part.stat().st_size
            for offset in range(0, size, BLOCK):
                try:
                    piece = _read(file.fileno(), part, offset, min(BLOCK, size - offset))
                except DiskError:
                    piece = bytes(min(BLOCK, size - offset))
                    lost += len(piece)
                written.write(piece)
    return lost


def digests(source: Path) -> list[str]:
    """Return the digests that `copy_files` would return. Raises DiskError."""
    found = []
    for suffix in ("", *RECOVERY):
        import hashlib

        digest = hashlib.sha256()
        for piece in _pieces(source.with_name(source.name + suffix)):
            digest.update(piece)
        found.append(digest.hexdigest())
    return found


def _pieces(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file; nothing if it is missing. Raises DiskError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return
    except OSError as error:
        raise read_failed(path, str(error)) from error
    try:
        offset = 0
        while piece := _read(descriptor, path, offset):
            offset += len(piece)
            yield piece
    finally:
        os.close(descriptor)


def _read(descriptor: int, path: Path, offset: int, size: int = PIECE) -> bytes:
    """Read a piece of a file. Raises DiskError if every one of READS tries fails."""
    tries = 0
    while True:
        try:
            # pread is the call that SQLite makes, so that the same errors are met.
            if hasattr(os, "pread"):
                return os.pread(descriptor, size, offset)
            os.lseek(descriptor, offset, os.SEEK_SET)
            return os.read(descriptor, size)
        except OSError as error:
            tries += 1
            if tries == READS:
                raise read_failed(path, str(error)) from error
