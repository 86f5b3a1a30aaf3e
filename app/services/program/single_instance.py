"""A single window for each library: the first instance keeps a lock file until it ends.

Apart from `second_start`, which needs asyncio: the lock is taken before the first frame.
"""

from pathlib import Path

from app.store.locks.instance import WindowLock


class Instance:
    """The lock of the only window on a library. Made by `claim`."""

    def __init__(self, directory: Path, lock: WindowLock) -> None:
        self.directory = directory
        self._lock = lock

    @classmethod
    def claim(cls, directory: Path) -> "Instance | None":
        """Take the lock; returns None if another instance has it."""
        lock = WindowLock.acquire(directory)
        return cls(directory, lock) if lock is not None else None

    def close(self) -> None:
        """Release the lock."""
        self._lock.release()
