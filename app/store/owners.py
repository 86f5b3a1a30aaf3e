"""Who has the library open: one locked file a process, so that the dead can be told apart.

The window and the command line may share a library. An answer that one of them is writing must
not be taken for the leftover of a crash by the other.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.domain.chat.conversation import new_id
from app.domain.errors import LibraryBusy
from app.domain.text.translation import _
from app.store.file_locks import FileLock
from app.store.paths import Paths, private_directory

OPENING_SECONDS = 10.0


class Owner:
    """This process, as the others see it. `id` stands beside the answers that it is writing."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock
        self.id = lock.path.name

    @classmethod
    def enter(cls, folder: Path) -> "Owner":
        """Make and lock a file with a new name. To be called while `opening` holds."""
        private_directory(folder)
        lock = FileLock.take(folder / new_id())
        if lock is None:
            raise FileExistsError(folder)
        return cls(lock)

    def leave(self) -> None:
        """Take the file away. Twice is once."""
        # In this order, since Windows doesn't delete what is open.
        self._lock.release()
        with suppress(OSError):
            self._lock.path.unlink(missing_ok=True)


def living(folder: Path) -> set[str]:
    """The owners whose process lives; the files of the dead are removed.

    To be called while `opening` holds: between its making and its locking, a file looks dead.
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
    """Whether an owner's process lives, without removing anything."""
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
    """Let one process at a time open the library. Raises LibraryBusy after ten seconds."""
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
