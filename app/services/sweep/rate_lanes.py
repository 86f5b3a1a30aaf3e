"""Rate limiting by provider: bounds concurrent requests, and adapts to "too many requests"."""

import asyncio
from dataclasses import dataclass


@dataclass(slots=True)
class _Waiting:
    """A queued request; `turn` completes when it may be sent."""

    ticket: object
    group: object
    at_most: int
    turn: "asyncio.Future[None]"


class Lane:
    """The queue of requests to one provider, shared by all sweeps.

    When the provider tells a request to wait, no other is admitted until that wait is over. Then
    one request goes at a time, and each success raises the number of concurrent requests by one.
    So an unannounced rate limit is found without many refused requests.
    """

    def __init__(self, most: int) -> None:
        """`most` is the greatest number of concurrent requests, at least 1."""
        self.most = max(1, most)
        self._width = self.most
        self._inside: dict[object, object] = {}
        self._holding: set[object] = set()
        self._queue: list[_Waiting] = []

    @property
    def is_held(self) -> bool:
        """Whether the provider told a request to wait, so that no other is admitted."""
        return bool(self._holding)

    def __len__(self) -> int:
        return len(self._inside)

    async def enter(
        self, ticket: object, group: object, at_most: int = 0, *, first: bool = False
    ) -> None:
        """Wait until the request `ticket` may be sent; it counts as running until `leave`.

        Returns at once if it is running already. At most `at_most` requests of one `group` run at
        once (0: no limit). `first` puts it at the head of the queue. When cancelled, the request
        leaves the queue.
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
        """End a request and admit the next; does nothing for a request that isn't running."""
        self._inside.pop(ticket, None)
        self._holding.discard(ticket)
        self._admit()

    def hold(self, ticket: object) -> None:
        """Admit no request until this one, which the provider told to wait, goes on or leaves."""
        self._inside.pop(ticket, None)
        self._holding.add(ticket)
        self._width = 1

    def go_on(self, ticket: object) -> None:
        """End the hold of a request whose wait is over, and which enters again or leaves next.

        Admits no other request: the one that waited goes first.
        """
        self._holding.discard(ticket)

    def went_well(self) -> None:
        """Allow one more concurrent request, up to `most`, after a complete answer.

        Not while a request is told to wait: answers begun before say nothing about the limit.
        """
        if not self._holding:
            self._width = min(self.most, self._width + 1)
            self._admit()

    def _admit(self) -> None:
        for waiting in list(self._queue):
            if self._holding or len(self._inside) >= self._width:
                return
            if waiting.at_most and self._running_of(waiting.group) >= waiting.at_most:
                continue
            self._queue.remove(waiting)
            if not waiting.turn.done():
                self._inside[waiting.ticket] = waiting.group
                waiting.turn.set_result(None)

    def _running_of(self, group: object) -> int:
        return sum(running is group for running in self._inside.values())
