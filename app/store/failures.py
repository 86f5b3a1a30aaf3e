"""Translates errors of SQLite and the file system into errors of the program."""

import errno
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


class LibraryDamaged(LibraryError):
    """The library file is damaged or not a database. `open_library` renames such a file."""


# On a full disk, making the shared-memory file is the first thing that fails.
_NO_ROOM = {apsw.SQLITE_IOERR_SHMSIZE, apsw.SQLITE_IOERR_SHMMAP}


def translated(error: apsw.Error, path: Path) -> LibraryError:
    """Return the program's error for an error of SQLite."""
    extended = getattr(error, "extendedresult", 0)
    detail = f"{type(error).__name__} {extended}: {error}"
    match error:
        case apsw.FullError():
            return full(path, detail)
        case apsw.IOError() if extended in _NO_ROOM:
            return full(path, detail)
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
                    "The library file {path} is damaged. Nothing in it was deleted: close and "
                    "start Loquat again, and it will set the file aside and restore the newest "
                    "copy."
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
                    "The library could not do this, and nothing in it was changed. Start Loquat "
                    "again; if it stays, the log says more."
                ),
                detail,
            )


def translated_os(error: OSError, path: Path) -> LibraryError:
    """Return the program's error for an error of the file system."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return full(path, str(error))
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
            "The library {path} can be read but not written, so this was not saved. Allow writing "
            "to its folder, or choose another one with LOQUAT_DATA_DIR, and start Loquat again."
        ).format(path=path),
        detail,
    )
