"""Maintenance of the library while the window is open: emptying the trash, a daily backup."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.domain.errors import LibraryError
from app.services.chat.trash import Trash
from app.store.backups import back_up

#: Seconds between two looks whether something is due; a look takes a millisecond.
LOOK_SECONDS = 3600.0

log = logging.getLogger(__name__)


async def maintain(directory: Path, trash: Trash, every: float = LOOK_SECONDS) -> None:
    """Empty the trash and back up the library if due, now and `every` seconds, until cancelled.

    A LibraryError is logged, and the work is tried again the next time.
    """
    while True:
        # Before the backup, so that the copy doesn't have the deleted conversations.
        with _logging_failure("the trash was not emptied"):
            trash.empty()
        with _logging_failure("the day's copy was not made"):
            await _back_up(directory)
        await asyncio.sleep(every)


async def _back_up(directory: Path) -> None:
    """Make the daily backup on a thread. When cancelled, stops it and waits for its end.

    It must close its connection first: SQLite merges the write-ahead log into the library file
    when the last connection is closed, and the backup's connection doesn't.
    """
    stop = threading.Event()
    copying = asyncio.ensure_future(asyncio.to_thread(back_up, directory, stop.is_set))
    try:
        await asyncio.shield(copying)
    except asyncio.CancelledError:
        stop.set()
        with suppress(LibraryError):
            await copying
        raise


@contextmanager
def _logging_failure(words: str) -> Iterator[None]:
    try:
        yield
    except LibraryError as failure:
        log.warning("%s: %s (%s)", words, failure, failure.detail)
