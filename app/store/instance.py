"""The lock that says whether a window already shows this library."""

from pathlib import Path

from app.store.file_locks import FileLock
from app.store.paths import Paths, private_directory


class WindowLock:
    """Held by the one window of a data directory until it is released or its process ends."""

    def __init__(self, lock: FileLock | None) -> None:
        self._lock = lock

    @classmethod
    def acquire(cls, directory: Path) -> "WindowLock | None":
        """Take the lock; None where another window has it."""
        try:
            private_directory(directory)
            lock = FileLock.take(Paths(directory).window_lock)
        except OSError:
            # Nothing can be written here, so two windows can't harm each other.
            return cls(None)
        return None if lock is None else cls(lock)

    def release(self) -> None:
        """Let the next window in. Twice is once."""
        if self._lock is not None:
            self._lock.release()
