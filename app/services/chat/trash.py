"""Recently deleted: lists what was deleted, restores it, and deletes it for good after a month.

The month is measured on a clock of use, which no jump of the wall clock moves by more than a day
(`UseClock`).
"""

import time
from collections.abc import Callable

from app.services.chat.conversations import Conversations
from app.store.library import Library
from app.store.trash import DeletedItem, DeletedKind

#: Days of use, and seconds of use, for which what was deleted can be restored.
TRASH_DAYS = 30
TRASH_SECONDS = TRASH_DAYS * 24 * 3600.0
#: Most seconds of use that the time between two runs of the program counts for.
MOST_BETWEEN_RUNS = 24 * 3600.0
#: Seconds between two runs from which on the wall clock is taken to have jumped, so that they don't
#: count at all.
JUMP_SECONDS = 60 * 24 * 3600.0
#: The name of the setting with the state of the clock of use.
_SETTING = "clock of use"

__all__ = ["TRASH_DAYS", "TRASH_SECONDS", "DeletedItem", "DeletedKind", "Trash"]


def _uptime() -> float:
    """Return seconds on a clock that nobody sets. On Linux it counts while the computer sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class UseClock:
    """A clock of the library, in seconds, that starts at 0 and never runs back.

    Within a run of the program it follows a monotonic clock. Between two runs it follows the wall
    clock, but forward only and by at most MOST_BETWEEN_RUNS, measured from the latest wall-clock
    time that was ever read. JUMP_SECONDS or more count as no time. So a clock that jumps a year
    ahead, is set back, or begins at 1970 at each start empties nothing. What was deleted is kept
    for longer than a month where the program is seldom used.
    """

    def __init__(
        self,
        library: Library,
        wall: Callable[[], float] = time.time,
        uptime: Callable[[], float] = _uptime,
    ) -> None:
        self._library = library
        self._wall = wall
        self._uptime = uptime
        self._last: float | None = None

    def read(self) -> float:
        """Return the time of use in seconds, and store the reading. Raises LibraryError."""
        age, seen = self._stored()
        wall, uptime = self._wall(), self._uptime()
        if self._last is not None:
            age += max(0.0, uptime - self._last)
        elif seen is not None:
            between = wall - seen
            age += min(max(0.0, between), MOST_BETWEEN_RUNS) if between < JUMP_SECONDS else 0.0
        latest = wall if seen is None else max(seen, wall)
        self._library.put_setting(_SETTING, [age, latest])
        self._last = uptime
        return age

    def _stored(self) -> tuple[float, float | None]:
        match self._library.setting(_SETTING):
            case [int() | float() as age, int() | float() as seen]:
                return float(age), float(seen)
            case _:
                return 0.0, None


class Trash:
    """Deleted conversations, messages and sweeps, for the person to look at. Every call may raise
    LibraryError."""

    def __init__(
        self, library: Library, conversations: Conversations, clock: UseClock | None = None
    ) -> None:
        self._library = library
        self._conversations = conversations
        self._clock = clock or UseClock(library)

    def items(self) -> list[DeletedItem]:
        """Return what can be restored, the latest deletion first."""
        return self._library.trash.items()

    def holds(self, kind: DeletedKind, item_id: str) -> bool:
        """Return whether something can be restored, by its id."""
        return self._library.trash.holds(kind, item_id)

    def restore(self, item: DeletedItem) -> None:
        """Bring an item back. Raises NotFoundError, and InputError while its conversation is being
        answered."""
        match item.kind:
            case DeletedKind.CONVERSATION:
                self._conversations.restore(item.id)
            case DeletedKind.SWEEP:
                self._library.sweeps.restore(item.id)
            case DeletedKind.MESSAGES:
                ids, newest = self._library.trash.messages_to_restore(item.id)
                self._conversations.restore_messages(item.conversation, ids, newest)

    def erase(self, item: DeletedItem) -> None:
        """Delete an item for good."""
        self._library.trash.erase(item)
        if item.kind is DeletedKind.CONVERSATION:
            self._conversations.forget(item.id)

    def empty(self) -> None:
        """Delete for good what has been in the trash for a month of use."""
        age = self._clock.read()
        self._library.trash.mark(age)
        self._library.trash.empty(age - TRASH_SECONDS)
