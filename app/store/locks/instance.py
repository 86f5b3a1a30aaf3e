"""The lock that prevents two windows on the same library."""

from pathlib import Path

from app.store.locks.file_locks import FileLock
from app.store.paths import Paths, private_directory


class WindowLock:
    """Lock of a data directory that its window holds until the window's process ends."""

    def __init__(self, lock: FileLock | None) -> None:
        self._lock = lock

    @classmethod
    def acquire(cls, directory: Path) -> "WindowLock | None":
        """Take the lock; return None if another window holds it."""
        try:
            private_directory(directory)
            lock = FileLock.take(Paths(directory).window_lock)
        except OSError:
            # Nothing can be written in this folder, so two windows can't harm each other.
            return cls(None)
        return None if lock is None else cls(lock)

    def release(self) -> None:
        """Release the lock. Releasing twice is allowed."""
        if self._lock is not None:
            self._lock.release()
