"""Repairs a library: makes a new file of all rows that can be read and puts the old file aside."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from app.domain.errors import LibraryBusy, LibraryError
from app.domain.text.translation import _
from app.store.backups import BEFORE_REPAIR, DAMAGED, SALVAGED, set_aside
from app.store.damage.damaged_tables import damaged_cells
from app.store.damage.read_check import copy_readable, is_sound
from app.store.damage.salvage import Salvage
from app.store.database import Database
from app.store.failures import DiskError, LibraryDamaged, refuse_unusable, translated_os
from app.store.locks.owners import living, opening
from app.store.opening import header
from app.store.paths import REPAIRING, SUFFIXES, Paths, private_file, sync, sync_directory
from app.store.schema import APPLICATION_ID, STEPS, check_ours, upgrade, version_of


@dataclass(frozen=True, slots=True)
class Repaired:
    """The result of a repair."""

    #: New path of the old library; None if there was none.
    before: Path | None
    #: Number of files that had been set aside and were read, too.
    aside: int
    #: Numbers of rows in the new library by table.
    rows: dict[str, int]
    #: Number of cells of which only a part could be read.
    cells: int
    #: Tables of which rows may be missing.
    damaged: tuple[str, ...]


def repair(directory: Path) -> Repaired | None:
    """Repair the library of a directory, and add the rows of files that had been set aside.

    Returns None, and changes nothing, if the library is whole and nothing had been set aside.
    Raises LibraryBusy if a Loquat has the library open, LibraryNewer, LibraryFull, and
    LibraryError if the file belongs to another program.
    """
    paths = Paths(directory)
    try:
        refuse_unusable(paths)
        if not paths.directory.exists():
            return None
        with opening(paths):
            if living(paths.running):
                raise LibraryBusy(
                    _("The library {path} is open. Close Loquat, then repair it.").format(
                        path=paths.library
                    )
                )
            return _repair(paths)
    except OSError as error:
        raise translated_os(error, paths.library) from error


def _repair(paths: Paths) -> Repaired | None:
    aside = sorted(paths.directory.glob(f"{DAMAGED}-*.db"), reverse=True)
    version = _version(paths)
    there = paths.library.exists()
    if not aside and (not there or _is_good(paths)):
        return None
    with TemporaryDirectory(prefix=REPAIRING, dir=paths.directory) as folder:
        new = Path(folder) / "new.db"
        repaired = _built(new, [*([paths.library] if there else []), *aside], version)
        if not is_sound(new):
            raise LibraryError(
                _(
                    "The repaired library could not be read, so nothing was changed. "
                    "Check the disk of {path}."
                ).format(path=paths.library)
            )
        sync(new)
        before = set_aside(paths, BEFORE_REPAIR) if there else None
        new.replace(paths.library)
        sync_directory(paths.directory)
    for path in aside:
        for suffix in SUFFIXES:
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(path.with_name(path.name.replace(DAMAGED, SALVAGED) + suffix))
    paths.suspect.unlink(missing_ok=True)
    return Repaired(before, len(aside), *repaired)


def _built(
    new: Path, sources: list[Path], version: int
) -> tuple[dict[str, int], int, tuple[str, ...]]:
    """Build a library of the rows of others. Of a row that several have, the first is taken."""
    rows, cells, damaged = Counter[str](), 0, dict[str, None]()
    private_file(new)
    target = Database.open_to_write(new)
    try:
        target.run(f"PRAGMA application_id = {APPLICATION_ID}")
        upgrade(target, STEPS[:version])
        for source in sources:
            copy = new.with_name("copy.db")
            copy_readable(source, copy)
            salvaged = Salvage(copy, target).run()
            rows += salvaged.rows
            cells += salvaged.cells
            damaged |= dict.fromkeys(salvaged.damaged)
            for suffix in SUFFIXES:
                copy.with_name(copy.name + suffix).unlink(missing_ok=True)
    finally:
        target.close()
    return dict(rows), cells, tuple(damaged)


def _version(paths: Paths) -> int:
    """Return the library's version, the newest if it can't be read. Raises as `check_ours`."""
    try:
        application_id, version = header(paths)
        check_ours(paths.library, application_id, version)
        if not paths.library.exists():
            return len(STEPS)
        database = Database.open_to_write(paths.library)
        try:
            # A newer version may only be in the write-ahead log.
            version = version_of(database, paths.library)
        finally:
            database.close()
    except (LibraryDamaged, DiskError):
        return len(STEPS)
    return version or len(STEPS)


def _is_good(paths: Paths) -> bool:
    """Whether the library is whole and none of its cells is damaged."""
    try:
        database = Database.open_to_write(paths.library)
    except (LibraryDamaged, DiskError):
        return False
    try:
        return database.is_whole() and next(damaged_cells(database), None) is None
    except (LibraryDamaged, DiskError):
        return False
    finally:
        database.close()
