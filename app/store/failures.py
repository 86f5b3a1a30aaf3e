"""Translates errors of SQLite and the file system into errors of the program."""

import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import apsw

from app.domain.errors import (
    LibraryBusy,
    LibraryError,
    LibraryFull,
    LibraryReadOnly,
)
from app.domain.text.translation import _
from app.store.paths import LONGEST_DIRECTORY, SUFFIXES, Paths

#: Number of times that a file is read before it counts as damaged.
READS = 3


class LibraryDamaged(LibraryError):
    """The library file is damaged or not a database. `open_library` renames such a file."""


class DiskError(LibraryError):
    """The disk failed to read the library file. This is no damage: nothing is ever moved for it."""


# On a full disk, making the shared-memory file is the first thing that fails. On a disk without
# mmap the same call fails.
_SHARED_MEMORY = {apsw.SQLITE_IOERR_SHMSIZE, apsw.SQLITE_IOERR_SHMMAP, apsw.SQLITE_IOERR_SHMOPEN}
_READING = {
    apsw.SQLITE_IOERR_READ,
    apsw.SQLITE_IOERR_SHORT_READ,
    apsw.SQLITE_IOERR_FSTAT,
    apsw.SQLITE_IOERR_ACCESS,
    apsw.SQLITE_IOERR_DATA,
    apsw.SQLITE_IOERR_CORRUPTFS,
}
#: Free bytes below which a disk counts as full.
_LITTLE_ROOM = 1 << 20


def translated(error: apsw.Error, path: Path) -> LibraryError:
    """Return the program's error for an error of SQLite."""
    extended = getattr(error, "extendedresult", 0)
    detail = f"{type(error).__name__} {extended}: {error}"
    match error:
        case apsw.FullError():
            return full(path, detail)
        case apsw.IOError() if extended in _SHARED_MEMORY:
            return full(path, detail) if _is_full(path) else unsuitable_disk(path, detail)
        case apsw.IOError() if extended in _READING:
            return read_failed(path, detail)
        case apsw.ReadOnlyError() | apsw.CantOpenError() | apsw.PermissionsError():
            return read_only(path, detail)
        case apsw.BusyError() | apsw.LockedError():
            return LibraryBusy(
                _(
                    "Another program is busy with the library, so this was not saved; what was "
                    "saved before is kept. Try again in a moment."
                ),
                detail,
            )
        case apsw.CorruptError() | apsw.NotADBError():
            return LibraryDamaged(
                _(
                    "The library file {path} seems to be damaged. Nothing in it was "
                    "deleted. Restart Loquat: it checks the file, and uses the newest "
                    "backup if the file is damaged."
                ).format(path=path),
                detail,
            )
        case apsw.IOError():
            return LibraryError(
                _(
                    "The disk reported an error, so this was not saved; what was saved before is "
                    "kept. Check the disk of {path}, and export what matters to another one."
                ).format(path=path),
                detail,
            )
        case _:
            return LibraryError(
                _(
                    "The library reported an error. Nothing in it was changed. Restart "
                    "Loquat. If it happens again, see the log."
                ),
                detail,
            )


def refuse_unusable(paths: Paths) -> None:
    """Raise LibraryError if the path of a library can't be opened by SQLite, or is no file."""
    raw = os.fsencode(paths.directory)
    if len(raw) > LONGEST_DIRECTORY:
        raise LibraryError(
            _(
                "The path of the data folder has {length} bytes, and Loquat can use at most "
                "{most}. Nothing was changed. Choose a shorter path with LOQUAT_DATA_DIR."
            ).format(length=len(raw), most=LONGEST_DIRECTORY)
        )
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        raise LibraryError(
            _(
                "The path {path} of the data folder is not in UTF-8, so it can't hold a library. "
                "Nothing was changed. Rename it, or choose another with LOQUAT_DATA_DIR."
            ).format(path=raw.decode(errors="replace"))
        ) from error
    for suffix in SUFFIXES:
        part = paths.library.with_name(paths.library.name + suffix)
        # Opening a FIFO would wait for ever.
        if part.exists() and not part.is_file():
            raise LibraryError(
                _(
                    "{path} is not a file, and Loquat needs a file of that name. Nothing was "
                    "changed. Move it away, or choose another folder with LOQUAT_DATA_DIR."
                ).format(path=part)
            )


def translated_os(error: OSError, path: Path) -> LibraryError:
    """Return the program's error for an error of the file system."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return full(path, str(error))
    if error.errno == errno.EIO:
        return read_failed(path, str(error))
    if error.errno == errno.ENAMETOOLONG:
        return LibraryReadOnly(
            _(
                "A name in the path {path} is too long for the disk. Choose a shorter one with "
                "LOQUAT_DATA_DIR."
            ).format(path=path.parent),
            str(error),
        )
    if (obstacle := _file_among(path.parents)) is not None:
        return LibraryReadOnly(
            _(
                "{path} is a file, and Loquat needs a folder of that name. Move the file away, or "
                "choose a folder with LOQUAT_DATA_DIR, and start Loquat again."
            ).format(path=obstacle),
            str(error),
        )
    return read_only(path, str(error))


def _file_among(folders: Iterable[Path]) -> Path | None:
    """Return the path that should be a folder but is a file; None if there is none.

    Systems report this case with different errors (EEXIST, ENOTDIR), so the paths are looked at.
    """
    try:
        return next((one for one in folders if one.exists() and not one.is_dir()), None)
    except OSError:
        # Missing permissions are the cause then, not a file.
        return None


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _LITTLE_ROOM
    except OSError:
        return True


def read_failed(path: Path, detail: str = "") -> DiskError:
    """Return the error for a file that the disk failed to read."""
    return DiskError(
        _(
            "The disk reported an error while {path} was read. Nothing was changed or moved. Try "
            "again; if that fails, copy the folder to another disk, and run `loquat doctor "
            "--repair --data-dir` with the copy's path."
        ).format(path=path),
        detail,
    )


def unsuitable_disk(path: Path, detail: str = "") -> LibraryReadOnly:
    """Return the error for a disk on which SQLite can't keep a write-ahead log."""
    return LibraryReadOnly(
        _(
            "The disk of {path} can't hold a library safely, as some network disks can't. Choose "
            "a folder on another one with LOQUAT_DATA_DIR."
        ).format(path=path),
        detail,
    )


def full(path: Path, detail: str = "") -> LibraryFull:
    """Return the error for a full disk."""
    return LibraryFull(
        _(
            "There is no room left on the disk of {path}, so this was not saved; what was saved "
            "before is kept. Free some space and try again, or export to another disk."
        ).format(path=path),
        detail,
    )


def read_only(path: Path, detail: str = "") -> LibraryReadOnly:
    """Return the error for a library that can't be written."""
    return LibraryReadOnly(
        _(
            "The library {path} can be read but not written, so changes are not saved. Allow "
            "writing to its folder, or choose another folder with LOQUAT_DATA_DIR."
        ).format(path=path),
        detail,
    )
