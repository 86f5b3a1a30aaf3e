"""Turns at a provider: so many requests at once, fewer after it was busy, none while it waits."""

import asyncio
from dataclasses import dataclass


@dataclass(slots=True)
class _Waiting:
    ticket: object
    group: object
    at_most: int
    turn: "asyncio.Future[None]"


class Lane:
    """The way to one provider, for all sweeps together.

    Who is told to wait holds everybody back until its wait is over; from then on one goes at a
    time, and each that goes well lets one more go beside it. So a limit that nobody announces is
    found by halving no further than needed, and nobody is asked again and again in vain.
    """

    def __init__(self, most: int) -> None:
        """`most` requests are on their way at once."""
        self.most = max(1, most)
        self._width = self.most
        self._inside: dict[object, object] = {}
        self._holding: set[object] = set()
        self._queue: list[_Waiting] = []

    @property
    def is_held(self) -> bool:
        """Whether somebody waits for the provider, so that nobody is let in."""
        return bool(self._holding)

    def __len__(self) -> int:
        return len(self._inside)

    async def enter(
        self, ticket: object, group: object, at_most: int = 0, *, first: bool = False
    ) -> None:
        """Wait for a turn, which lasts until `leave`; inside already is no waiting.

        Of one `group` no more than `at_most` are inside, where that isn't 0. `first` goes before
        those who wait. Cancelled, it has no turn.
        """
        if ticket in self._inside:
            return
        waiting = _Waiting(ticket, group, at_most, asyncio.get_running_loop().create_future())
        self._queue.insert(0 if first else len(self._queue), waiting)
        self._admit()
        try:
            await waiting.turn
        except asyncio.CancelledError:
            self.leave(ticket)
            if waiting in self._queue:
                self._queue.remove(waiting)
            raise

    def leave(self, ticket: object) -> None:
        """Give the turn to the next; who has none is no error."""
        self._inside.pop(ticket, None)
        self._holding.discard(ticket)
        self._admit()

    def hold(self, ticket: object) -> None:
        """The provider told this one to wait: nobody is let in until it goes on or leaves."""
        self._inside.pop(ticket, None)
        self._holding.add(ticket)
        self._width = 1

    def go_on(self, ticket: object) -> None:
        """The wait of this one is over, and it enters now or leaves: nobody is let in between,
        since who has waited goes before those who haven't asked yet."""
        self._holding.discard(ticket)

    def went_well(self) -> None:
        """An answer came: one more may go at once, up to the most. What was on its way when the
        provider said that it is busy says nothing of how much it bears."""
        if not self._holding:
            self._width = min(self.most, self._width + 1)
            self._admit()

    def _admit(self) -> None:
        for waiting in list(self._queue):
            if self._holding or len(self._inside) >= self._width:
                return
            if waiting.at_most and self._of(waiting.group) >= waiting.at_most:
                continue
            self._queue.remove(waiting)
            if not waiting.turn.done():
                self._inside[waiting.ticket] = waiting.group
                waiting.turn.set_result(None)

    def _of(self, group: object) -> int:
        return sum(one is group for one in self._inside.values())
