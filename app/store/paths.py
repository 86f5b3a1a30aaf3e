"""Paths inside the data directory, and making private files and folders."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

#: Ends of the names of the files from which SQLite completes a library after a crash: the
#: write-ahead log, and the journal that is used while a log is begun.
RECOVERY = ("-wal", "-journal")
#: Ends of the names of all files that SQLite keeps for a library, the library itself first.
SUFFIXES = ("", "-shm", *RECOVERY)
#: Beginnings of the names of the temporary folders beside a library in which it is checked, and
#: repaired.
CHECKING, REPAIRING = "check-", "repair-"
VARIABLE = "LOQUAT_DATA_DIR"


@dataclass(frozen=True, slots=True)
class Paths:
    """Paths of the files and folders in one data directory."""

    directory: Path

    @property
    def library(self) -> Path:
        """The library file; SQLite keeps its -wal and -shm beside it."""
        return self.directory / "library.db"

    @property
    def partial(self) -> Path:
        """The file into which a copy is read that takes the place of a damaged library."""
        return self.directory / "library.partial"

    @property
    def suspect(self) -> Path:
        """Marker file of a library that was found damaged in use; the next start checks it."""
        return self.directory / "library.suspect"

    @property
    def backups(self) -> Path:
        """The folder of backup copies. It exists once there has been a library."""
        return self.directory / "backups"

    @property
    def running(self) -> Path:
        """The folder with a locked owner file for each process that has the library open."""
        return self.directory / "running"

    @property
    def opening_lock(self) -> Path:
        """The lock file for opening, upgrading and replacing the library."""
        return self.directory / "opening.lock"

    @property
    def window_lock(self) -> Path:
        """The lock file of the process whose window shows this library."""
        return self.directory / "window.lock"

    @property
    def logs(self) -> Path:
        """The folder of logs."""
        return self.directory / "logs"

    @property
    def log(self) -> Path:
        """The current log file."""
        return self.logs / "loquat.log"


#: Longest path in bytes of a data directory. SQLite opens paths of up to 512 bytes, and the
#: names of copies take up to 80.
LONGEST_DIRECTORY = 430


def data_directory(
    explicit: Path | None = None, environment: Mapping[str, str] = os.environ
) -> Path:
    """Return the explicit directory, else that of LOQUAT_DATA_DIR, else the system's default."""
    if explicit is not None:
        return explicit.expanduser().absolute()
    if named := environment.get(VARIABLE):
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("loquat", appauthor=False)


def private_directory(path: Path) -> None:
    """Make a directory that only its owner may enter. An existing directory keeps its
    permissions; the files inside are private by themselves."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)


def writable_file(path: Path) -> None:
    """Make a file that only its owner may read; an existing file is left unchanged.

    Raises OSError if it can't be written.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    os.close(descriptor)


def private_file(path: Path) -> None:
    """Make a file that only its owner may read, or remove the permissions of all others.

    SQLite gives its -wal and -shm the permissions of the database.
    """
    writable_file(path)
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def sync(path: Path) -> None:
    """Flush a file to the disk (fsync)."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_directory(path: Path) -> None:
    """Flush the names in a directory to the disk. Nothing happens where the system can't."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
