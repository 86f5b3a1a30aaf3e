"""HTTP with its dangers taken out; the one module that opens connections, and imported late.

Redirects aren't followed, proxies never see loopback, answers come uncompressed and bounded, and
silence ends. What goes wrong leaves here as our error tree.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import cast

import httpx

from app.api.connection_failures import (
    broken_off,
    fell_silent,
    no_transport,
    not_connected,
    redirected,
)
from app.api.failures import Failures
from app.domain.errors import NotAnApi, ProviderError, TooLarge
from app.domain.texts import _

#: Of a stream; a full answer of 384,000 tokens at 250 bytes each is 96 MB.
MAX_STREAM_BYTES = 512 * 2**20
#: Of an answer that is read whole.
MAX_BODY_BYTES = 64 * 2**20
#: Of an error's body; what is longer is a page, not an error.
MAX_ERROR_BYTES = 2**18


@dataclass(frozen=True, slots=True)
class Timeouts:
    """In seconds. `read` is for any byte, comments too; `silence` for one that says something."""

    connect: float
    read: float
    silence: float


class Deadline:
    """The moment until which something must be said; moved on by each payload."""

    def __init__(self, seconds: float) -> None:
        self._clock = asyncio.get_running_loop().time
        self._seconds = seconds
        self.moment = self._clock() + seconds

    def extend(self, seconds: float | None = None) -> None:
        """Start counting anew, perhaps to a different end."""
        self.moment = self._clock() + (self._seconds if seconds is None else seconds)


class Wire:
    """One pool of connections: to the internet, or to this computer."""

    def __init__(self, timeouts: Timeouts, *, loopback: bool) -> None:
        self._timeouts = timeouts
        try:
            self._http = httpx.AsyncClient(
                trust_env=not loopback,
                follow_redirects=False,
                timeout=httpx.Timeout(
                    connect=timeouts.connect, read=timeouts.read, write=60, pool=10
                ),
            )
        except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
            raise no_transport(error) from error

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    def deadline(self) -> Deadline:
        """Start the watch over an answer's silence."""
        return Deadline(self._timeouts.silence)

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        content: bytes | None,
        deadline: Deadline,
        failures: Failures,
    ) -> AsyncIterator[httpx.Response]:
        """Send a request; give the 200 that answers it, its body not yet read.

        Raises what else comes, as an error of ours. Leaving the context closes the connection
        unless the body was read to its end.
        """
        headers = {"Accept-Encoding": "identity", "User-Agent": "Loquat", **headers}
        try:
            request = self._http.build_request(method, url, headers=headers, content=content)
            async with asyncio.timeout_at(deadline.moment):
                response = await self._http.send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise not_connected(error, failures) from error
        except TimeoutError as error:
            raise fell_silent(failures) from error
        try:
            await _check(response, deadline, failures)
            yield response
        finally:
            await response.aclose()


async def pieces_of(
    response: httpx.Response, deadline: Deadline, failures: Failures, most: int
) -> AsyncGenerator[bytes, None]:
    """Give the body as it comes. Raises Interrupted where it breaks or falls silent, TooLarge."""
    size = 0
    raw = cast(AsyncGenerator[bytes, None], response.aiter_raw())
    async with aclosing(raw) as pieces:
        while True:
            try:
                async with asyncio.timeout_at(deadline.moment):
                    piece = await anext(pieces, None)
            except httpx.HTTPError as error:
                raise broken_off(error, failures) from error
            except TimeoutError as error:
                raise fell_silent(failures) from error
            if piece is None:
                return
            size += len(piece)
            if size > most:
                raise TooLarge(
                    _("{host} sent more than an answer may have. What came is kept.").format(
                        host=failures.host
                    ),
                    f"{failures.host}: more than {most} bytes",
                )
            yield piece


async def body_of(
    response: httpx.Response, deadline: Deadline, failures: Failures, most: int = MAX_BODY_BYTES
) -> bytes:
    """Read a body whole. Raises as `pieces_of` does."""
    async with aclosing(pieces_of(response, deadline, failures, most)) as pieces:
        return b"".join([piece async for piece in pieces])


async def _check(response: httpx.Response, deadline: Deadline, failures: Failures) -> None:
    status = response.status_code
    if 300 <= status < 400:
        raise redirected(response, failures)
    # A few hundred kilobytes of gzip can be gigabytes: we asked for none, and inflate none.
    compressed = response.headers.get("content-encoding", "identity").strip().lower()
    if compressed not in {"", "identity"}:
        if status >= 400:
            raise failures.of_answer(status, response.headers, b"")
        raise NotAnApi(
            _("{host} sent a compressed answer though none was asked for.").format(
                host=failures.host
            ),
            f"{failures.host}: {failures.redacted(compressed)[:40]}",
        )
    if status >= 400:
        try:
            body = await body_of(response, deadline, failures, MAX_ERROR_BYTES)
        except ProviderError as error:
            raise failures.of_answer(status, response.headers, b"") from error
        raise failures.of_answer(status, response.headers, body)
    if status != 200:
        raise NotAnApi(
            _("What answers at {host} does not speak this protocol. Check the address.").format(
                host=failures.host
            ),
            f"{failures.host}: status {status}",
        )
