"""The door to the wire: answers as streams of events, and the lists of models.

Everything behind it stands on httpx, which is imported with the first request: it is slow to
import, and the window's first frame must not wait for it.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

from app.api.http.transport import Transport
from app.domain.events import Event
from app.domain.providers.providers import ProviderKind, clean_key, is_loopback
from app.domain.providers.proxies import SYSTEM


class Client:
    """Asks providers. Making one does no I/O; one serves any number of answers at once.

    Timeouts are seconds: for a connection, for any byte, and for one that says something, which
    the comments of a router that waits for its provider do not.
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
        #: One pool of connections for the internet, one for this computer, which no proxy sees.
        self._pools: dict[bool, Transport] = {}
        self._proxy = SYSTEM
        #: How many requests are under way in each.
        self._busy: Counter[Transport] = Counter()
        #: Pools through another proxy, each until the answers end that are on their way in it.
        self._retired: list[Transport] = []

    def use_proxy(self, proxy: str) -> None:
        """Reach the internet in another way from the next request on; see `proxies`.

        What is on its way comes to its end. `settle` closes what nobody needs any more.
        """
        if proxy != self._proxy:
            self._proxy = proxy
            if (before := self._pools.pop(False, None)) is not None:
                self._retired.append(before)

    async def stream(
        self, url: str, body: Mapping[str, Any], key: str | None, kind: ProviderKind
    ) -> AsyncGenerator[list[Event], None]:
        """Ask, and give the answer's events as they come: one list for what came at once.

        Raises ProviderError, after all that came before the failure, and InvalidKey before
        anything is sent. Cancelling, or closing the generator, closes the connection.
        """
        key = clean_key(key) if key is not None else None
        async with (
            self._using(url) as pool,
            aclosing(pool.stream(url, body, key, kind)) as batches,
        ):
            async for events in batches:
                yield events

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
        """Ask for one JSON value, of whatever shape: by POST where there is a body, else by GET.

        Neither the key nor `secrets`, which a server could repeat, stand in any error. Raises
        ProviderError, TooLarge among them past `most` bytes, and InvalidKey.
        """
        key = clean_key(key) if key is not None else None
        async with self._using(url) as pool:
            return await pool.fetch(url, key, kind, body=body, secrets=secrets, most=most)

    async def prepare(self, url: str) -> None:
        """Fetch what a question to this address will need, because one will come soon."""
        await self._pool(url)

    async def settle(self) -> None:
        """Close the connections of former ways to the internet that no answer comes on."""
        for pool in [one for one in self._retired if not self._busy[one]]:
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
            # Importing httpx and reading the certificates took 0.2 to 0.3 s: not on the thread
            # that draws. Whoever comes second meanwhile takes the first one's.
            proxy = self._proxy
            made = await asyncio.to_thread(_connect, self._timeouts, loopback, proxy)
            if not loopback and proxy != self._proxy:
                # It was changed meanwhile.
                return await self._pool(url)
            return self._pools.setdefault(loopback, made)
        return self._pools[loopback]


def _connect(timeouts: tuple[float, float, float], loopback: bool, proxy: str) -> Transport:
    from app.api.http.exchange import HttpAsking
    from app.api.http.wire import Timeouts, Wire
    from app.api.http.wire_thread import ApartAsking

    return ApartAsking(HttpAsking(Wire(Timeouts(*timeouts), loopback=loopback, proxy=proxy)))
