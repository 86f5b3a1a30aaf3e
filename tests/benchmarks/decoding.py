"""What it costs to turn an answer's bytes into events, in processor time.

Against bytes alone, the decoders are fed directly. Against the openai package, both sides go
their whole way from a transport that holds the pieces in memory, each through its own HTTP
library: request, response, decoding, values.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Sequence

import httpx
import httpx2
import openai

from app.api.failures.provider import Failures
from app.api.http.exchange import HttpTransport
from app.api.http.proxying import ProxyTransport
from app.api.http.wire import Wire
from app.api.stream.decoder import Decoder
from app.api.stream.event_stream import EventStream
from app.domain.events import Event
from app.domain.providers.providers import ProviderKind
from app.domain.providers.proxies import NONE
from tests.benchmarks.lengths import length
from tests.benchmarks.result import Result, Sample
from tests.benchmarks.stream import CHUNKS, answer_bytes, pieces_of

ROUNDS = length(5, 1)
_HEADERS = {"content-type": "text/event-stream"}

Work = Callable[[Sequence[bytes]], int]


def decode_bytes() -> Result:
    """Our events against the mere data lines of the same pieces."""
    pieces = pieces_of(answer_bytes())
    ours, lines = _interleaved((_events, _data_lines), pieces)
    return Result(
        "decode_bytes",
        ours.middle,
        lines.middle,
        "s CPU",
        f"{CHUNKS} chunks in {len(pieces)} reads to events, against splitting them into data "
        f"lines; {ROUNDS} runs, ours {ours.spread()}, lines {lines.spread()}",
    )


def decode_openai() -> Result:
    """Our events against the openai package's chunks."""
    pieces = pieces_of(answer_bytes())
    ours, theirs, alone = _interleaved((_ask_with_ours, _ask_with_openai, _events), pieces)
    return Result(
        "decode_openai",
        ours.middle,
        theirs.middle,
        "s CPU",
        f"{CHUNKS} chunks in {len(pieces)} reads, from the transport to values, against openai "
        f"{openai.__version__}; {ROUNDS} runs, ours {ours.spread()} of which decoding alone "
        f"{alone.middle:.3f}, openai {theirs.spread()}",
    )


def _interleaved(works: Sequence[Work], pieces: Sequence[bytes]) -> list[Sample]:
    """Processor seconds of each work, run in turns after one round that doesn't count."""
    figures: list[list[float]] = [[] for _work in works]
    for number in range(ROUNDS + 1):
        for work, times in zip(works, figures, strict=True):
            start = time.process_time()
            count = work(pieces)
            spent = time.process_time() - start
            if count < CHUNKS:
                raise AssertionError(f"{work.__name__} found {count} of {CHUNKS} chunks")
            if number:
                times.append(spent)
    return [Sample(times) for times in figures]


def _events(pieces: Sequence[bytes]) -> int:
    stream, decoder = EventStream(), Decoder(Failures("host"))
    events: list[Event] = []
    for piece in pieces:
        events += decoder.feed(stream.feed(piece))
    return len(events)


def _data_lines(pieces: Sequence[bytes]) -> int:
    lines: list[bytes] = []
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        lines += [line[6:] for line in whole if line.startswith(b"data: ")]
    return len(lines)


class _WireInMemory(Wire):
    """Its connections lead to the pieces."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._silence = 60.0
        # A context without certificates: loading them would count as work of ours.
        self._ways = ProxyTransport(NONE, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), httpx.Limits())
        self._http = httpx.AsyncClient(
            transport=httpx.MockTransport(
                lambda _request: httpx.Response(200, headers=_HEADERS, stream=_Body(pieces))
            )
        )


class _Body(httpx.AsyncByteStream):
    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


class _TheirBody(httpx2.AsyncByteStream):
    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


def _ask_with_ours(pieces: Sequence[bytes]) -> int:
    async def ask() -> int:
        asking = HttpTransport(_WireInMemory(pieces))
        events: list[Event] = []
        url = "http://localhost/v1/chat/completions"
        async for batch in asking.stream(url, {}, None, ProviderKind.OPENAI_COMPATIBLE):
            events += batch
        await asking.aclose()
        return len(events)

    return asyncio.run(ask())


def _ask_with_openai(pieces: Sequence[bytes]) -> int:
    def respond(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers=_HEADERS, stream=_TheirBody(pieces))

    async def ask() -> int:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(respond))
        async with openai.AsyncOpenAI(api_key="k", http_client=http) as client:
            stream = await client.chat.completions.create(
                model="m", messages=[{"role": "user", "content": "?"}], stream=True
            )
            return len([chunk async for chunk in stream])

    return asyncio.run(ask())
