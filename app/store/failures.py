"""What SQLite reports, as sentences: the one place where its errors become the program's."""

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
    """The file is not a database, or not a whole one; `open_library` sets such a one aside."""


# The file of shared memory is the first thing that finds no room on a full disk.
_NO_ROOM = {apsw.SQLITE_IOERR_SHMSIZE, apsw.SQLITE_IOERR_SHMMAP}


def translated(error: apsw.Error, path: Path) -> LibraryError:
    """Make the error that the program shows of one that SQLite reports."""
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
    """Make the same of an error that the system itself reports."""
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
    """What stands where a folder should: FileExistsError of one system is another's ENOTDIR."""
    try:
        return next((one for one in folders if one.exists() and not one.is_dir()), None)
    except OSError:
        # Where nothing may be looked at, that is the trouble.
        return None


def full(path: Path, detail: str = "") -> LibraryFull:
    """Say that the disk has no room left."""
    return LibraryFull(
        _(
            "There is no room left on the disk of {path}, so this was not saved; what was saved "
            "before is kept. Free some space and try again, or export to another disk."
        ).format(path=path),
        detail,
    )


def read_only(path: Path, detail: str = "") -> LibraryReadOnly:
    """Say that nothing can be written."""
    return LibraryReadOnly(
        _(
            "The library {path} can be read but not written, so this was not saved. Allow writing "
            "to its folder, or choose another one with LOQUAT_DATA_DIR, and start Loquat again."
        ).format(path=path),
        detail,
    )
