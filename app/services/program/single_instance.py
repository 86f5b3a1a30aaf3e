"""One window for a library: the first holds a lock file until it ends.

How a second start reaches the first stands in `calling`, which needs asyncio; this is needed
before the first frame.
"""

from pathlib import Path

from app.store.instance import WindowLock


class Instance:
    """The right to show a window on a library. Made by `claim`."""

    def __init__(self, directory: Path, lock: WindowLock) -> None:
        self.directory = directory
        self._lock = lock

    @classmethod
    def claim(cls, directory: Path) -> "Instance | None":
        """Take the right, or return None where another window has it."""
        lock = WindowLock.acquire(directory)
        return cls(directory, lock) if lock is not None else None

    def close(self) -> None:
        """Give the right back."""
        self._lock.release()
