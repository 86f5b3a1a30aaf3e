"""HTTP connections with safety limits; the only module that opens them. It imports httpx (slow).

Redirects aren't followed, loopback requests use no proxy, responses are uncompressed and limited in
size, and a silent connection times out. Errors are raised as the program's error tree.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import httpx

from app.api.failures.connection import (
    broken_off,
    fell_silent,
    no_transport,
    not_connected,
    proxy_wants_password,
    redirected,
)
from app.api.failures.provider import Failures
from app.api.http.certificates import trusting_context
from app.api.http.proxying import ProxyTransport
from app.api.http.read_pacing import pace
from app.domain.errors import NotAnApi, ProviderError, TooLarge
from app.domain.providers.proxies import NONE, SYSTEM
from app.domain.text.translation import _

# httpcore logs response headers at DEBUG and httpx status lines at INFO. A server may put secrets
# there, such as a session cookie or the key that it was sent.
logging.getLogger("httpcore").setLevel(logging.WARNING)
logging.getLogger("httpx").setLevel(logging.WARNING)

#: Largest stream in bytes; an answer of 384,000 tokens at 250 bytes each is 96 MB.
MAX_STREAM_BYTES = 512 * 2**20
#: Largest body in bytes that is read whole.
MAX_BODY_BYTES = 64 * 2**20
#: Largest body of an error in bytes; a longer body is a web page.
MAX_ERROR_BYTES = 2**18


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Timeouts in seconds. `read` is for any byte, `silence` for data other than comments."""

    connect: float
    read: float
    silence: float


class StreamedResponse:
    """A response of status 200 with an unread body, and a deadline for its next data."""

    def __init__(self, response: httpx.Response, failures: Failures, silence: float) -> None:
        self._response = response
        self._failures = failures
        self._silence = silence
        self._deadline = 0.0
        self.listen()

    @property
    def media_type(self) -> str:
        """The Content-Type without parameters, in lower case; empty if there is none."""
        media: str = self._response.headers.get("content-type", "")
        return media.partition(";")[0].strip().lower()

    @property
    def generation(self) -> str:
        """The provider's id of the answer, from the header X-Generation-Id; else empty."""
        name: str = self._response.headers.get("x-generation-id", "")
        return name[:200]

    def listen(self, seconds: float | None = None) -> None:
        """Restart the deadline for the next data, in seconds from now; None for the usual one."""
        now = asyncio.get_running_loop().time()
        self._deadline = now + (self._silence if seconds is None else seconds)

    async def pieces(self, most: int = MAX_STREAM_BYTES) -> AsyncGenerator[bytes, None]:
        """Yield the body in pieces as they arrive.

        Raises Interrupted if the connection breaks or the deadline passes, TooLarge past `most`
        bytes.
        """
        size = 0
        raw = self._response.aiter_raw()
        try:
            while True:
                try:
                    async with asyncio.timeout_at(self._deadline):
                        piece = await anext(raw, None)
                except httpx.HTTPError as error:
                    raise broken_off(error, self._failures) from error
                except TimeoutError as error:
                    raise fell_silent(self._failures) from error
                if piece is None:
                    return
                size += len(piece)
                if size > most:
                    raise self._too_large(most)
                yield piece
        finally:
            # Close before the iterator is collected: qasync 0.28 sets no hooks for collected async
            # generators, so httpx's could not await their clean-up and the connection would stay
            # open ("async generator ignored GeneratorExit").
            await self._response.aclose()

    async def body(self, most: int = MAX_BODY_BYTES) -> bytes:
        """Return the whole body. Raises the same errors as `pieces`."""
        async with aclosing(self.pieces(most)) as pieces:
            return b"".join([piece async for piece in pieces])

    def _too_large(self, most: int) -> TooLarge:
        host = self._failures.host
        return TooLarge(
            _("The answer from {host} is too large. The answer so far is kept.").format(host=host),
            f"{host}: more than {most} bytes",
        )


class Wire:
    """A pool of connections, either to this computer or to the internet."""

    def __init__(self, timeouts: Timeouts, *, loopback: bool, proxy: str = SYSTEM) -> None:
        """`proxy` is SYSTEM, NONE or an address; it is ignored with `loopback`.

        Raises Unreachable if the proxy or certificate settings can't be used.
        """
        self._silence = timeouts.silence
        try:
            self._ways = ProxyTransport(
                NONE if loopback else proxy,
                # Servers on this computer are mostly used without TLS.
                trusting_context(forgiving=loopback),
                # llama.cpp sometimes closes a kept-alive connection after a stream (3 of 40 next
                # requests failed); on loopback a new connection costs nothing.
                httpx.Limits(max_keepalive_connections=0 if loopback else 5),
            )
        except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
            raise no_transport(error) from error
        self._http = httpx.AsyncClient(
            transport=self._ways,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(connect=timeouts.connect, read=timeouts.read, write=60, pool=10),
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    @asynccontextmanager
    async def request(
        self,
        failures: Failures,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None = None,
    ) -> AsyncIterator[StreamedResponse]:
        """Send a request and give its response as a context manager.

        Raises ProviderError if there is no readable response of status 200. Leaving the context
        closes the connection unless the body was read to its end.
        """
        headers = {"Accept-Encoding": "identity", "User-Agent": "Loquat", **headers}
        proxy = None
        try:
            request = self._http.build_request(method, url, headers=headers, content=content)
            proxy = self._ways.proxy_for(request.url)
            async with asyncio.timeout(self._silence):
                response = await self._http.send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise not_connected(error, failures, proxy) from error
        except TimeoutError as error:
            raise fell_silent(failures) from error
        try:
            answer = StreamedResponse(response, failures, self._silence)
            if response.status_code == 407 and proxy is not None:
                raise proxy_wants_password(proxy, failures)
            await _check(response, answer, failures)
            pace(response)
            yield answer
        finally:
            await response.aclose()


async def _check(response: httpx.Response, answer: StreamedResponse, failures: Failures) -> None:
    status = response.status_code
    if 300 <= status < 400:
        raise redirected(response, failures)
    # Never decompress: some hundred kilobytes of gzip can become gigabytes.
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    compressed = encoding not in {"", "identity"}
    if status >= 400:
        try:
            body = b"" if compressed else await answer.body(MAX_ERROR_BYTES)
        except ProviderError:
            # The status is a better explanation than a broken body.
            body = b""
        raise failures.of_answer(status, response.headers, body)
    if compressed:
        raise NotAnApi(
            _("{host} sent a compressed answer, which wasn't requested. Check the address.").format(
                host=failures.host
            ),
            f"{failures.host}: {failures.redacted(encoding)[:40]}",
        )
    if status != 200:
        raise NotAnApi(
            _("The server at {host} doesn't use a supported protocol. Check the address.").format(
                host=failures.host
            ),
            f"{failures.host}: status {status}",
        )
