"""Requests and answers over one pool of connections. `client` imports it late: httpx is slow."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any
from urllib.parse import urlsplit

import msgspec

from app.api.dialects.request_body import encoded
from app.api.dialects.table import DIALECTS
from app.api.failures.provider import Failures
from app.api.http.transport import JsonRequest
from app.api.http.wire import MAX_BODY_BYTES, StreamedResponse, Wire
from app.api.stream.decoder import Decoder
from app.api.stream.event_stream import EventStream
from app.domain.errors import Interrupted, NotAnApi, ProviderError, TooLarge
from app.domain.events import Event, Served
from app.domain.providers.providers import KINDS, ProviderKind
from app.domain.text.surrogates import mend
from app.domain.text.translation import _

#: Seconds that a finished answer may take to send its usage and `[DONE]`.
AFTERWORD = 10.0
#: Seconds to read on after `[DONE]`, where usually nothing follows: only a connection that was
#: read to its end can serve the next request.
DRAIN = 0.25


class HttpTransport:
    """Sends requests over one pool of connections and decodes their answers."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def aclose(self) -> None:
        """Close every connection."""
        await self._wire.aclose()

    async def stream(
        self, url: str, body: Mapping[str, Any], key: str | None, kind: ProviderKind
    ) -> AsyncGenerator[list[Event], None]:
        """Post a chat request and yield the answer's events, one list for each piece read.

        Raises ProviderError, after the events that came before the failure.
        """
        failures = Failures(_host_name(url, kind), key)
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        headers |= _headers(key, kind)
        async with self._wire.request(failures, "POST", url, headers, encoded(body)) as answer:
            decoder = Decoder(failures)
            if answer.generation:
                # Before the first word: an answer that is stopped then costs money, too, and the
                # cost is asked for by this id.
                yield [Served(id=mend(answer.generation))]
            # Without a type it is read as an event stream, and the decoder reports if it is none.
            if answer.media_type in {"text/event-stream", ""}:
                async with aclosing(_events(answer, decoder)) as batches:
                    async for events in batches:
                        yield events
            elif _is_json(answer.media_type):
                if events := decoder.whole(await answer.body()):
                    yield events
            else:
                raise _not_an_api(failures, answer.media_type)
            if (failure := decoder.end()) is not None:
                raise failure

    async def fetch(self, request: JsonRequest) -> Any:
        """Return the JSON value that answers a request. Raises ProviderError."""
        url, key, kind = request.url, request.key, request.kind
        failures = Failures(_host_name(url, kind), key, tuple(request.secrets))
        headers = {"Accept": "application/json", **_headers(key, kind)}
        method, content = "GET", None
        if request.body is not None:
            method, content = "POST", encoded(request.body)
            headers["Content-Type"] = "application/json"
        async with self._wire.request(failures, method, url, headers, content) as answer:
            try:
                return msgspec.json.decode(await answer.body(request.most or MAX_BODY_BYTES))
            except (ValueError, RecursionError) as error:
                raise _not_an_api(failures, answer.media_type) from error


async def _events(answer: StreamedResponse, decoder: Decoder) -> AsyncGenerator[list[Event], None]:
    stream = EventStream()
    async with aclosing(answer.pieces()) as pieces:
        try:
            async for piece in pieces:
                payloads = stream.feed(piece)
                if not any(payloads):
                    continue
                if events := decoder.feed(payloads):
                    yield events
                if decoder.failure is not None:
                    return
                if decoder.done:
                    await _drain(pieces)
                    return
                answer.listen(AFTERWORD if decoder.finished else None)
            if events := decoder.feed(stream.finish()):
                yield events
        except (Interrupted, TooLarge):
            # After the finish reason only the usage is missing: the answer itself is complete.
            if not decoder.finished:
                raise


async def _drain(pieces: AsyncGenerator[bytes, None]) -> None:
    try:
        async with asyncio.timeout(DRAIN):
            async for _piece in pieces:
                pass
    except (TimeoutError, ProviderError):
        pass


def _headers(key: str | None, kind: ProviderKind) -> dict[str, str]:
    authorization = {} if key is None else {"Authorization": f"Bearer {key}"}
    return authorization | dict(DIALECTS[kind].headers)


def _host_name(url: str, kind: ProviderKind) -> str:
    if KINDS[kind].embedded:
        return "llama.cpp"
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2] or url[:100]


def _is_json(media: str) -> bool:
    return media == "application/json" or media.endswith("+json")


def _not_an_api(failures: Failures, what: str) -> NotAnApi:
    return NotAnApi(
        _(
            "{host} sent a web page instead of an answer. Check the address. On a "
            "public network, sign in to the network first."
        ).format(host=failures.host),
        f"{failures.host}: {failures.redacted(what)[:80]}",
    )
