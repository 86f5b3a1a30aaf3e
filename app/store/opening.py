"""Opens a library in any state: new, old, newer, foreign, damaged, lost or read-only."""

import shutil
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import LibraryBusy, LibraryError, LibraryFull, LibraryReadOnly
from app.domain.text.translation import _
from app.store.abandoned_answers import interrupt_abandoned
from app.store.database import Database
from app.store.failures import (
    READS,
    DiskError,
    LibraryDamaged,
    read_failed,
    read_only,
    refuse_unusable,
    translated_os,
)
from app.store.locks.owners import Owner, living, opening
from app.store.paths import (
    CHECKING,
    RECOVERY,
    REPAIRING,
    Paths,
    private_directory,
    private_file,
    writable_file,
)
from app.store.schema import APPLICATION_ID, Step, check_ours, upgrade, version_of

_MAGIC = b"SQLite format 3\0"
_HEADER_LENGTH = 100


@dataclass(frozen=True, slots=True)
class OpenReport:
    """Events while opening a library that the person should know about."""

    #: New path of a damaged or emptied library file.
    set_aside: Path | None = None
    #: Path of the copy that took the place of the damaged file.
    restored_from: Path | None = None
    read_only: bool = False
    #: Number of answers that a crash had left unfinished.
    interrupted: int = 0
    #: Reason why the library can only be read: a sentence.
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened library: its connection, and this process's owner file if it may write."""

    database: Database
    owner: Owner | None
    report: OpenReport

    def close(self) -> None:
        """Close the connection and remove the owner file. Closing twice is allowed.

        The last process that closes a library copies the write-ahead log into its file.
        """
        self.database.close()
        if self.owner is not None:
            self.owner.leave()


def open_library(paths: Paths, steps: Sequence[Step]) -> Opened:
    """Open the library of a data directory for writing if possible, otherwise for reading.

    Raises LibraryNewer, LibraryBusy, LibraryReadOnly if it can't be read either, and LibraryError
    if the file belongs to another program.
    """
    try:
        refuse_unusable(paths)
        private_directory(paths.directory)
        with opening(paths):
            return _open_to_write(paths, steps)
    except (LibraryFull, LibraryReadOnly) as reported:
        return _open_to_read(paths, steps, reported)
    except OSError as error:
        failure = translated_os(error, paths.library)
        failure.__cause__ = error
        return _open_to_read(paths, steps, failure)


def open_library_to_read(paths: Paths, steps: Sequence[Step]) -> Opened | None:
    """Open the library of a data directory for reading, unchanged; return None if there is none.

    Raises as `open_library` does.
    """
    try:
        refuse_unusable(paths)
        if not paths.library.exists() or paths.library.stat().st_size == 0:
            return None
        return _open_to_read(paths, steps, read_only(paths.library))
    except OSError as error:
        raise translated_os(error, paths.library) from error


def _open_to_write(paths: Paths, steps: Sequence[Step]) -> Opened:
    alive, was_there = living(paths.running), paths.library.exists()
    aside = restored = None
    try:
        database, interrupted = _read_again(paths, steps, alive)
    except LibraryDamaged as damage:
        if alive:
            raise LibraryBusy(
                _(
                    "The library {path} is damaged, and another Loquat has it open. Close that "
                    "one, then start again: the file will be set aside and a copy restored."
                ).format(path=paths.library)
            ) from damage
        # Imported late: the first frame would wait for what is seldom needed.
        from app.store.backups import replace_damaged
        from app.store.damage.read_check import is_damaged

        if not is_damaged(paths):
            raise read_failed(paths.library, damage.detail) from damage
        aside, restored = replace_damaged(paths)
        database, interrupted = _read_again(paths, steps, alive)
    try:
        paths.suspect.unlink(missing_ok=True)
        # The folder marks that there was a library: an empty file is damage from now on.
        private_directory(paths.backups)
        if was_there:
            _remove_leftovers(paths)
        owner = Owner.enter(paths.running)
    except BaseException:
        database.close()
        raise
    report = OpenReport(set_aside=aside, restored_from=restored, interrupted=interrupted)
    return Opened(database, owner, report)


def _remove_leftovers(paths: Paths) -> None:
    """Remove the copies of a library that a check, a repair or a replacement left at a power cut.

    The opening lock must be held: nobody checks or repairs the library then.
    """
    with suppress(OSError):
        for path in paths.directory.iterdir():
            # `TemporaryDirectory` adds eight characters.
            if path.name[:-8] in {CHECKING, REPAIRING}:
                shutil.rmtree(path, ignore_errors=True)
            elif path == paths.partial:
                path.unlink()


def _read_again(paths: Paths, steps: Sequence[Step], alive: set[str]) -> tuple[Database, int]:
    """Open a library as `_whole` does, up to READS times while it can't be read, and mark the
    answers of dead processes. Returns the connection and the number of these answers."""
    tries = 0
    while True:
        try:
            database = _whole(paths, steps, alive)
            try:
                return database, interrupt_abandoned(database, alive)
            except BaseException:
                database.close()
                raise
        except (LibraryDamaged, DiskError):
            tries += 1
            if tries == READS:
                raise


def _whole(paths: Paths, steps: Sequence[Step], alive: set[str]) -> Database:
    """Open a library, make it if it is missing, and upgrade it to the newest schema.

    Raises LibraryDamaged, and what `open_library` raises.
    """
    application_id, version = header(paths)
    check_ours(paths.library, application_id, version, len(steps))
    # A file without an application id may belong to another program; its permissions are kept.
    foreign = application_id == 0 and paths.library.exists()
    (writable_file if foreign else private_file)(paths.library)
    database = Database.open_to_write(paths.library, paths.suspect)
    try:
        # Checked again, since a newer version may only be in the write-ahead log.
        version = version_of(database, paths.library, len(steps))
        if paths.suspect.exists() and not database.is_whole():
            raise LibraryDamaged(f"{paths.library} is damaged.")
        # Only now is it certain that the file is a library.
        private_file(paths.library)
        if version == 0:
            # Written before there is a write-ahead log, so that it is in the file itself.
            database.run(f"PRAGMA application_id = {APPLICATION_ID}")
        database.begin_writing()
        if version < len(steps):
            if version > 0:
                _prepare_upgrade(database, paths, alive)
            upgrade(database, steps)
    except BaseException:
        database.close()
        raise
    return database


def _prepare_upgrade(database: Database, paths: Paths, alive: set[str]) -> None:
    if alive:
        raise LibraryBusy(
            _(
                "The library {path} must be upgraded, but another Loquat has it open. "
                "Close that one, then start again."
            ).format(path=paths.library)
        )
    # Imported late: the first frame would wait for what is seldom needed.
    from app.store.backups import BEFORE_UPGRADE, copy_library

    copy_library(database, paths, BEFORE_UPGRADE)


def header(paths: Paths) -> tuple[int, int]:
    """Read application_id and user_version without SQLite, which might change the file.

    Both are 0 for a new or missing file, and for a file whose first page is to be restored by
    SQLite. Raises LibraryDamaged if the file is not a database, or
    is empty although there has been a library.
    """
    try:
        with paths.library.open("rb") as file:
            header = file.read(_HEADER_LENGTH)
    except FileNotFoundError:
        return 0, 0
    except OSError as error:
        raise translated_os(error, paths.library) from error
    if not header and not paths.backups.exists():
        return 0, 0
    if len(header) < _HEADER_LENGTH or not header.startswith(_MAGIC):
        if any(_has_bytes(paths.library, suffix) for suffix in RECOVERY):
            # A power cut in the middle of writing the first page. SQLite takes the page from its
            # log or journal, and `version_of` checks the file then.
            return 0, 0
        raise LibraryDamaged(
            _("The file {path} is no longer a library.").format(path=paths.library)
        )
    (version,) = struct.unpack_from(">i", header, 60)
    (application_id,) = struct.unpack_from(">i", header, 68)
    return application_id, version


def _has_bytes(library: Path, suffix: str) -> bool:
    part = library.with_name(library.name + suffix)
    return part.exists() and part.stat().st_size > 0


def _open_to_read(paths: Paths, steps: Sequence[Step], because: LibraryError) -> Opened:
    try:
        empty = not paths.library.exists() or paths.library.stat().st_size == 0
    except OSError:
        # A part of the path is too long, or may not be entered.
        empty = True
    if empty:
        raise because
    database = Database.open_to_read(paths.library)
    try:
        version = version_of(database, paths.library, len(steps))
        if version == 0:
            raise because
        if version < len(steps):
            file, database = database, database.in_memory()
            file.close()
            upgrade(database, steps)
        database.forbid_writing()
    except BaseException:
        database.close()
        raise
    return Opened(database, None, OpenReport(read_only=True, reason=str(because)))
