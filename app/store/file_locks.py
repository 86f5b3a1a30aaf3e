"""A lock that the system itself releases when its holder dies, however it dies."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # flock, not lockf: the latter's locks vanish when the process closes any descriptor of
        # the file, and don't exclude a second holder in the same process.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """A held lock. Python's descriptors are not inherited by the programs that it starts."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, path: Path) -> "FileLock | None":
        """Lock a file, which is made where it is missing; None where someone else holds it.

        Raises OSError where the file can neither be made nor opened.
        """
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError:
            # On a read-only disk: a file that is there can still be locked.
            descriptor = os.open(path, os.O_RDONLY)
        try:
            _lock(descriptor)
        except (BlockingIOError, PermissionError):
            os.close(descriptor)
            return None
        except OSError:
            os.close(descriptor)
            raise
        return cls(path, descriptor)

    def release(self) -> None:
        """Give the lock back; the file stays. Twice is once."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
