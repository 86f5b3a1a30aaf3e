"""The HTTP client: streams answers as events, and fetches JSON.

It imports httpx with the first request only, because httpx takes 0.2 s to import and the window's
first frame must not wait for it.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import Any

from app.api.http.transport import JsonRequest, Transport
from app.domain.events import Event
from app.domain.providers.addresses import is_loopback
from app.domain.providers.api_keys import clean_key
from app.domain.providers.providers import ProviderKind
from app.domain.providers.proxies import SYSTEM


class Client:
    """HTTP client for all providers. Its constructor does no I/O; requests may run concurrently.

    Timeouts are in seconds: `connect_timeout` for a connection, `read_timeout` for any byte,
    `silence_timeout` for data other than the comments that a router sends while it waits.
    """

    def __init__(
        self,
        *,
        connect_timeout: float = 10,
        # A model on a slow computer reads a long prompt for minutes before its first byte.
        read_timeout: float = 300,
        # DeepSeek itself gives up after ten minutes in its queue.
        silence_timeout: float = 600,
    ) -> None:
        self._timeouts = (connect_timeout, read_timeout, silence_timeout)
        #: Is the server on this computer? → the pool of connections. No proxy is used for those.
        self._pools: dict[bool, Transport] = {}
        self._proxy = SYSTEM
        #: Pool → number of its requests under way.
        self._busy: Counter[Transport] = Counter()
        #: Pools of a former proxy setting that still have requests under way.
        self._retired: list[Transport] = []

    def use_proxy(self, proxy: str) -> None:
        """Use another proxy from the next request on: SYSTEM, NONE or an address, see `proxies`.

        Requests under way continue over their connections; `settle` closes these afterwards.
        """
        if proxy != self._proxy:
            self._proxy = proxy
            if (before := self._pools.pop(False, None)) is not None:
                self._retired.append(before)

    async def stream(
        self, url: str, body: Mapping[str, Any], key: str | None, kind: ProviderKind
    ) -> AsyncGenerator[list[Event], None]:
        """Post a chat request and yield the answer's events, in lists of what came together.

        Raises ProviderError, after the events that came before the failure, and InvalidKey before
        anything is sent. Cancelling, or closing the generator, closes the connection.
        """
        key = clean_key(key) if key is not None else None
        async with (
            self._using(url) as pool,
            aclosing(pool.stream(url, body, key, kind)) as batches,
        ):
            async for events in batches:
                yield events

    async def fetch(self, request: JsonRequest) -> Any:
        """Send a request and return the JSON value that answers it, of any shape.

        No error contains the key or one of the request's secrets. Raises ProviderError, which is
        TooLarge past `most` bytes, and InvalidKey before anything is sent.
        """
        if request.key is not None:
            request = replace(request, key=clean_key(request.key))
        async with self._using(request.url) as pool:
            return await pool.fetch(request)

    async def prepare(self, url: str) -> None:
        """Load httpx and the certificates ahead of a request to this address."""
        await self._pool(url)

    async def settle(self) -> None:
        """Close the pools of former proxy settings that have no request under way."""
        for pool in [pool for pool in self._retired if not self._busy[pool]]:
            self._retired.remove(pool)
            await pool.aclose()

    async def aclose(self) -> None:
        """Close every connection. A later request opens new ones."""
        pools, self._pools = self._pools, {}
        retired, self._retired = self._retired, []
        for pool in (*pools.values(), *retired):
            await pool.aclose()

    @asynccontextmanager
    async def _using(self, url: str) -> AsyncIterator[Transport]:
        pool = await self._pool(url)
        self._busy[pool] += 1
        try:
            yield pool
        finally:
            self._busy[pool] -= 1
            if not self._busy[pool]:
                del self._busy[pool]
            await self.settle()

    async def _pool(self, url: str) -> Transport:
        loopback = is_loopback(url)
        if loopback not in self._pools:
            # Importing httpx and reading the certificates took 0.2 to 0.3 s, too long for the UI
            # thread. Of two concurrent requests the first to finish provides the pool.
            proxy = self._proxy
            made = await asyncio.to_thread(_connect, self._timeouts, loopback, proxy)
            if not loopback and proxy != self._proxy:
                # The proxy setting was changed meanwhile.
                return await self._pool(url)
            return self._pools.setdefault(loopback, made)
        return self._pools[loopback]


def _connect(timeouts: tuple[float, float, float], loopback: bool, proxy: str) -> Transport:
    from app.api.http.exchange import HttpTransport
    from app.api.http.wire import Timeouts, Wire
    from app.api.http.wire_thread import ThreadedTransport

    return ThreadedTransport(
        HttpTransport(Wire(Timeouts(*timeouts), loopback=loopback, proxy=proxy))
    )
