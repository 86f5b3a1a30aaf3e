"""Backup copies of the library file, and replacing a damaged library with the newest good copy."""

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app.domain.errors import LibraryError
from app.domain.text.translation import _
from app.store.database import Database
from app.store.failures import READS, LibraryDamaged, translated_os
from app.store.paths import SUFFIXES, Paths, private_directory, private_file, sync, sync_directory

#: Number of copies of each kind that are kept.
KEPT = 3
#: Beginnings of the names of a damaged library and of a library that was repaired.
DAMAGED, BEFORE_REPAIR, SALVAGED = "library-damaged", "library-before-repair", "library-salvaged"
DAY_SECONDS = 24 * 60 * 60
DAILY = "daily"
BEFORE_UPGRADE = "before-upgrade"


def _never() -> bool:
    """Default of `stop`: the copy is not interrupted."""
    return False


def back_up(directory: Path, stop: Callable[[], bool] = _never) -> Path | None:
    """Make the daily copy of a library and return its path; None if there is a copy of today.

    Reads the whole file (about 0.2 s for 100 MB) on its own connection: call it in a thread.
    `stop` is asked repeatedly; soon after it returns True, LibraryError is raised and no copy is
    left. Raises LibraryError too if the library is damaged, which is then checked at the next
    start.
    """
    paths = Paths(directory)
    newest = next(iter(copies(paths, DAILY)), None)
    if newest is not None and abs(time.time() - newest.stat().st_mtime) < DAY_SECONDS:
        return None
    database = Database.open_to_write(paths.library, paths.suspect)
    try:
        database.stop_when(stop)
        return copy_library(database, paths, DAILY, stop)
    finally:
        database.close()


def copy_library(
    database: Database, paths: Paths, kind: str, stop: Callable[[], bool] = _never
) -> Path:
    """Copy a library into the backup folder, check the copy, and delete the oldest copies.

    Raises LibraryError if the copy can't be written or read back.
    """
    target = _unused(paths.backups, f"library-{kind}")
    partial = target.with_suffix(".partial")
    try:
        private_directory(paths.backups)
        # A power cut may have left it, and SQLite copies into an empty file only.
        partial.unlink(missing_ok=True)
        private_file(partial)
        database.run("VACUUM INTO ?", (str(partial),))
        if not _is_whole(partial, stop):
            raise LibraryError(
                _(
                    "The backup of the library in {directory} could not be read, so it "
                    "was deleted. Check the disk."
                ).format(directory=paths.backups)
            )
        sync(partial)
        partial.replace(target)
        sync_directory(paths.backups)
        for old in copies(paths, kind)[KEPT:]:
            old.unlink()
    except OSError as error:
        raise translated_os(error, target) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return target


def copies(paths: Paths, kind: str = "*") -> list[Path]:
    """Return the paths of the copies of a kind, newest first."""
    found = [*paths.backups.glob(f"library-{kind}-[0-9]*.db")]
    return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def replace_damaged(paths: Paths) -> tuple[Path, Path | None]:
    """Rename a damaged library and put the newest undamaged copy in its place.

    Returns the new path of the damaged file, and the path of the copy, None if there is no good
    copy. If the disk has no room for the copy, nothing is changed and OSError is raised.
    """
    whole = next((copy for copy in copies(paths) if _is_whole(copy)), None)
    partial = paths.partial
    try:
        if whole is not None:
            private_file(partial)
            shutil.copyfile(whole, partial)
            sync(partial)
        aside = set_aside(paths, DAMAGED)
        if whole is None:
            paths.library.unlink(missing_ok=True)
        else:
            partial.replace(paths.library)
        sync_directory(paths.directory)
    finally:
        partial.unlink(missing_ok=True)
    return aside, whole


def set_aside(paths: Paths, stem: str) -> Path:
    """Give the library, and the files that SQLite keeps for it, another name, and return it.

    The library keeps its own name, too, until another file takes its place, so that there is a
    library at any time.
    """
    target = _unused(paths.directory, stem)
    parts = [paths.library.with_name(paths.library.name + suffix) for suffix in SUFFIXES]
    there = [part for part in parts if part.exists()]
    for part in there:
        name = target.with_name(target.name + part.name.removeprefix(paths.library.name))
        try:
            os.link(part, name)
        except OSError:
            # A disk without hard links.
            part.rename(name)
    sync_directory(paths.directory)
    # A log must not meet the file that comes, to which SQLite would apply it.
    for part in there[1:] if paths.library in there else there:
        part.unlink(missing_ok=True)
    return target


def _unused(folder: Path, stem: str) -> Path:
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    path = folder / f"{stem}-{stamp}.db"
    count = 1
    while path.exists():
        count += 1
        path = folder / f"{stem}-{stamp}-{count}.db"
    return path


def _is_whole(path: Path, stop: Callable[[], bool] = _never) -> bool:
    # A read that failed looks like damage, so a copy is not given up for one of them.
    return any(_seems_whole(path, stop) for _read in range(READS))


def _seems_whole(path: Path, stop: Callable[[], bool]) -> bool:
    try:
        copy = Database.open_to_read(path)
    except LibraryDamaged:
        return False
    try:
        copy.stop_when(stop)
        return copy.is_whole()
    finally:
        copy.close()
