"""A transport on a thread of its own, so that reading, decrypting and decoding answers never
delay the UI thread. Events are handed over in batches, at most 20 times a second."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterator, Mapping
from itertools import groupby
from typing import Any, TypeVar, cast

from app.api.http.transport import JsonRequest, Transport
from app.domain.events import Event, Finished, ReasoningDelta, TextDelta
from app.domain.providers.providers import ProviderKind

#: Seconds between two batches. The end of an answer is handed over at once.
DELIVERY = 0.05
#: Number of waiting events at which reading pauses.
MOST = 10_000

_T = TypeVar("_T")


class ThreadedTransport:
    """Runs another `Transport` on a thread, which the first request starts. May be used from any
    event loop."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._thread: _LoopThread | None = None

    async def stream(
        self, url: str, body: Mapping[str, Any], key: str | None, kind: ProviderKind
    ) -> AsyncGenerator[list[Event], None]:
        """Post a chat request and yield the answer's events, in lists of what came since the last.

        Raises ProviderError, after the events that came before the failure.
        """
        thread = self._running()
        queue = _EventQueue(thread.loop, asyncio.get_running_loop())
        work = queue.collect(self._transport.stream(url, body, key, kind))
        collecting = asyncio.run_coroutine_threadsafe(work, thread.loop)
        try:
            while events := await queue.take():
                yield events
        finally:
            collecting.cancel()

    async def fetch(self, request: JsonRequest) -> Any:
        """Return the JSON value that answers a request. Raises ProviderError."""
        return await self._running().run(self._transport.fetch(request))

    async def aclose(self) -> None:
        """Close every connection, and end the thread. A later request starts another one."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await thread.run(self._transport.aclose())
            thread.loop.call_soon_threadsafe(thread.stopped.set)
            await asyncio.to_thread(thread.thread.join)

    def _running(self) -> "_LoopThread":
        if self._thread is None:
            self._thread = _LoopThread()
        return self._thread


class _LoopThread:
    """An event loop on a thread, until `stopped` is set on that loop."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.stopped = asyncio.Event()
        self.thread = threading.Thread(target=self._work, name="wire", daemon=True)
        self.thread.start()

    async def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine on the thread's loop and return its result."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    def _work(self) -> None:
        # The runner cancels the tasks that are left, and closes async generators.
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(_until(self.stopped))


async def _until(event: asyncio.Event) -> None:
    await event.wait()


class _EventQueue:
    """A bounded queue of events from the loop `here`, which reads, to the loop `there`."""

    def __init__(self, here: asyncio.AbstractEventLoop, there: asyncio.AbstractEventLoop) -> None:
        self._here, self._there = here, there
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._ended = False
        self._error: BaseException | None = None
        self._next = 0.0
        self._timer: asyncio.TimerHandle | None = None
        #: Set on the loop `there` when events can be taken.
        self._came = asyncio.Event()
        #: Set on the loop `here` when reading may go on.
        self._room = asyncio.Event()

    # On the loop `here`, which reads answers.

    async def collect(self, batches: AsyncGenerator[list[Event], None]) -> None:
        """Put all events of an answer, then its end or its error."""
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
        """Add events; wait while more than `MOST` have not been taken."""
        with self._lock:
            self._events += _merged(events)
            full = len(self._events) > MOST
        if full:
            self._room.clear()
            self._ring()
            await self._room.wait()
        elif any(isinstance(event, Finished) for event in events):
            self._ring()
        elif self._timer is None:
            wait = self._next - self._here.time()
            if wait > 0:
                self._timer = self._here.call_later(wait, self._ring)
            else:
                self._ring()

    def end(self, error: BaseException | None = None) -> None:
        """Mark the end of the answer, with the error that `take` raises, if any."""
        with self._lock:
            self._ended, self._error = True, error
        self._ring()

    def _ring(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._next = self._here.time() + DELIVERY
        _tell(self._there, self._came)

    # On the loop `there`, which uses the events.

    async def take(self) -> list[Event]:
        """Wait for events and return them; an empty list once the answer has ended.

        Raises the error with which the answer failed.
        """
        while True:
            await self._came.wait()
            self._came.clear()
            with self._lock:
                events, self._events = self._events, []
                ended, error = self._ended, self._error
            if len(events) > MOST:
                _tell(self._here, self._room)
            if ended:
                # A further call must not wait.
                self._came.set()
            if events:
                return events
            if ended:
                if error is not None:
                    raise error
                return []


def _merged(events: list[Event]) -> list[Event]:
    # A single read brings some twenty words of a quick model; as one event they are handled faster.
    merged: list[Event] = []
    for kind, run in groupby(events, type):
        if kind in {TextDelta, ReasoningDelta}:
            pieces = cast("Iterator[TextDelta | ReasoningDelta]", run)
            merged.append(kind("".join(piece.text for piece in pieces)))
        else:
            merged += run
    return merged


def _tell(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    # The user's loop may be closed before the wire thread ends.
    if not loop.is_closed():
        loop.call_soon_threadsafe(event.set)
