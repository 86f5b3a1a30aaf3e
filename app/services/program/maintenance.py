"""What keeps the library in order while the window is open: the trash emptied, a copy a day."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.domain.errors import LibraryError
from app.services.chat.conversations import Conversations
from app.store.backups import back_up

#: A window may stay open for weeks. Looking whether something is due costs a millisecond.
LOOK_SECONDS = 3600.0

log = logging.getLogger(__name__)


async def keep_up(
    directory: Path, conversations: Conversations, every: float = LOOK_SECONDS
) -> None:
    """Do what is due, now and every so many seconds, until cancelled.

    What the library refuses is logged, and tried again the next time.
    """
    while True:
        # First, so that the copy doesn't have what goes.
        with _logging_failure("the trash was not emptied"):
            conversations.empty_trash()
        with _logging_failure("the day's copy was not made"):
            await _back_up(directory)
        await asyncio.sleep(every)


async def _back_up(directory: Path) -> None:
    """Make the day's copy in a thread; cancelled, it returns when that has given the file back.

    The connection that is closed last brings everything into the one file, and this one doesn't.
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
