"""Transport on a thread of its own: reading, decrypting and decoding an answer never hold up the
thread that draws, which gets what came as often as the eye can use it.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeVar, cast

from app.api.http.transport import Transport
from app.domain.events import Event, Finished, ReasoningDelta, TextDelta
from app.domain.providers.providers import ProviderKind

#: Seconds between two deliveries: 20 a second. The end is delivered at once.
DELIVERY = 0.05
#: Events that may wait to be taken; then no more is read.
MOST = 10_000

_T = TypeVar("_T")


class ApartAsking:
    """Another `Transport` behind a thread, which the first question starts. It may be used from any
    loop."""

    def __init__(self, asking: Transport) -> None:
        self._asking = asking
        self._made: _Apart | None = None

    async def stream(
        self, url: str, body: Mapping[str, Any], key: str | None, kind: ProviderKind
    ) -> AsyncGenerator[list[Event], None]:
        """Ask, and give the answer's events: one list for what came since the last one."""
        apart = self._apart()
        mail = _Mail(apart.loop, asyncio.get_running_loop())
        work = mail.collect(self._asking.stream(url, body, key, kind))
        collecting = asyncio.run_coroutine_threadsafe(work, apart.loop)
        try:
            while events := await mail.take():
                yield events
        finally:
            collecting.cancel()

    async def fetch(
        self,
        url: str,
        key: str | None,
        kind: ProviderKind,
        *,
        body: Mapping[str, Any] | None = None,
        secrets: Sequence[str] = (),
        most: int | None = None,
    ) -> Any:
        """Ask for one JSON value."""
        work = self._asking.fetch(url, key, kind, body=body, secrets=secrets, most=most)
        return await self._apart().do(work)

    async def aclose(self) -> None:
        """Close every connection, and end the thread. A later request starts another one."""
        apart, self._made = self._made, None
        if apart is not None:
            await apart.do(self._asking.aclose())
            apart.loop.call_soon_threadsafe(apart.stopped.set)
            await asyncio.to_thread(apart.thread.join)

    def _apart(self) -> "_Apart":
        if self._made is None:
            self._made = _Apart()
        return self._made


class _Apart:
    """A loop on a thread of its own, until it is stopped."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.stopped = asyncio.Event()
        self.thread = threading.Thread(target=self._work, name="wire", daemon=True)
        self.thread.start()

    async def do(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Have work done there, and wait for it."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    def _work(self) -> None:
        # The runner cancels what is still on its way, and lets generators end.
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(_until(self.stopped))


async def _until(event: asyncio.Event) -> None:
    await event.wait()


class _Mail:
    """Events on their way from one loop to another."""

    def __init__(self, here: asyncio.AbstractEventLoop, there: asyncio.AbstractEventLoop) -> None:
        self._here, self._there = here, there
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._ended = False
        self._error: BaseException | None = None
        self._next = 0.0
        self._timer: asyncio.TimerHandle | None = None
        #: Set there: something can be taken. Set here: there is room again.
        self._came, self._room = asyncio.Event(), asyncio.Event()

    # On the loop where answers are read.

    async def collect(self, batches: AsyncGenerator[list[Event], None]) -> None:
        """Send all that comes, and how it ends."""
        try:
            async for events in batches:
                await self.put(events)
        except (Exception, asyncio.CancelledError) as error:
            self.end(error)
        else:
            self.end()
        finally:
            await batches.aclose()

    async def put(self, events: list[Event]) -> None:
        """Send events; wait while too many have not been taken."""
        with self._lock:
            self._events += _merged(events)
            full = len(self._events) > MOST
        if full:
            self._room.clear()
            self._ring()
            await self._room.wait()
        elif any(isinstance(one, Finished) for one in events):
            self._ring()
        elif self._timer is None:
            wait = self._next - self._here.time()
            if wait > 0:
                self._timer = self._here.call_later(wait, self._ring)
            else:
                self._ring()

    def end(self, error: BaseException | None = None) -> None:
        """Nothing more comes, as a failure or not."""
        with self._lock:
            self._ended, self._error = True, error
        self._ring()

    def _ring(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._next = self._here.time() + DELIVERY
        _tell(self._there, self._came)

    # On the loop where they are wanted.

    async def take(self) -> list[Event]:
        """Wait for events; none when the answer has ended. Raises what it failed with."""
        while True:
            await self._came.wait()
            self._came.clear()
            with self._lock:
                events, self._events = self._events, []
                ended, error = self._ended, self._error
            if len(events) > MOST:
                _tell(self._here, self._room)
            if ended:
                # To be found when it is asked for once more.
                self._came.set()
            if events:
                return events
            if ended:
                if error is not None:
                    raise error
                return []


def _merged(events: list[Event]) -> list[Event]:
    # A read brings twenty words of a quick model: one piece of text does as well as twenty.
    merged: list[Event] = []
    for kind, run in groupby(events, type):
        if kind in {TextDelta, ReasoningDelta}:
            pieces = cast("Iterator[TextDelta | ReasoningDelta]", run)
            merged.append(kind("".join(piece.text for piece in pieces)))
        else:
            merged += run
    return merged


def _tell(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    # A loop that is closed wants to know nothing any more.
    if not loop.is_closed():
        loop.call_soon_threadsafe(event.set)
