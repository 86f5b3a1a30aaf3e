"""Owner files: each process that has the library open holds a lock on a file of its own.

The window and the command line may share a library. The lock tells whether a streaming answer is
being written by a living process or was left by a crash.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.domain.errors import LibraryBusy
from app.domain.ids import new_id
from app.domain.text.translation import _
from app.store.locks.file_locks import FileLock
from app.store.paths import Paths, private_directory

OPENING_SECONDS = 10.0


class Owner:
    """Owner file of this process. Its `id` is stored with the answers that the process writes."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock
        self.id = lock.path.name

    @classmethod
    def enter(cls, folder: Path) -> "Owner":
        """Make and lock a file with a new name. Call it within `opening`."""
        private_directory(folder)
        lock = FileLock.take(folder / new_id())
        if lock is None:
            raise FileExistsError(folder)
        return cls(lock)

    def leave(self) -> None:
        """Release the lock and delete the file. Calling it twice is allowed."""
        # In this order, since Windows doesn't delete open files.
        self._lock.release()
        with suppress(OSError):
            self._lock.path.unlink(missing_ok=True)


def living(folder: Path) -> set[str]:
    """Return the ids of owners whose process runs, and delete the files of the others.

    Call it within `opening`: a file that is made but not yet locked looks like a dead owner's.
    """
    alive: set[str] = set()
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            lock = FileLock.take(path)
        except OSError:
            alive.add(path.name)
            continue
        if lock is None:
            alive.add(path.name)
        else:
            lock.release()
            with suppress(OSError):
                path.unlink(missing_ok=True)
    return alive


def is_alive(folder: Path, owner_id: str) -> bool:
    """Whether the process of an owner runs. Deletes nothing."""
    path = folder / owner_id
    if not path.exists():
        return False
    try:
        lock = FileLock.take(path)
    except OSError:
        return True
    if lock is None:
        return True
    lock.release()
    return False


@contextmanager
def opening(paths: Paths) -> Iterator[None]:
    """Hold the lock for opening a library. Raises LibraryBusy after waiting OPENING_SECONDS."""
    deadline = time.monotonic() + OPENING_SECONDS
    while (lock := FileLock.take(paths.opening_lock)) is None:
        if time.monotonic() > deadline:
            raise LibraryBusy(
                _(
                    "Another Loquat is still opening the library in {directory}. "
                    "Wait for it or close it, then start again."
                ).format(directory=paths.directory)
            )
        time.sleep(0.02)
    try:
        yield
    finally:
        lock.release()
