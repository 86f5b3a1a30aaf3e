"""What decoding an answer costs, beside the openai package on the same bytes; it asserts nothing.

Run it as `python -m tests.api.stream.benchmark_decoding`. Processor time of 20,000 chunks of
about 250 bytes, best of three: from the network's pieces to event values for us, to its own
values for openai; then both once more over a real connection, with HTTP in it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import openai

from app.api.failures.provider import Failures
from app.api.http.client import Client
from app.api.stream.decoder import Decoder
from app.api.stream.event_stream import EventStream
from app.domain.providers.providers import ProviderKind
from tests.benchmarks.lengths import length
from tests.servers import DONE, answer, chunk, event, serving

CHUNKS = length(20_000, 50)
PIECES = (4096, 266)
TURNS = length(3, 1)


def wire_bytes() -> bytes:
    """A stream as OpenRouter sends it."""
    one = event(
        {
            "id": "gen-1759420128-abcdefghijklmnop",
            "provider": "DeepInfra",
            "model": "deepseek/deepseek-v4-pro",
            "object": "chat.completion.chunk",
            "created": 1759420128,
            "choices": [
                {"index": 0, "delta": {"content": " word"}, "finish_reason": None, "logprobs": None}
            ],
        }
    )
    return one * CHUNKS + chunk(finish="stop") + DONE


class _Body(httpx2.AsyncByteStream):
    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


async def ours(pieces: list[bytes]) -> int:
    """Decode with Loquat."""
    stream, decoder, count = EventStream(), Decoder(Failures("host")), 0
    for piece in pieces:
        count += len(decoder.feed(stream.feed(piece)))
    return count


async def theirs(pieces: list[bytes]) -> int:
    """Decode with openai, its transport replaced by the pieces themselves."""

    def respond(_request: httpx2.Request) -> httpx2.Response:
        headers = {"content-type": "text/event-stream"}
        return httpx2.Response(200, headers=headers, stream=_Body(pieces))

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(respond))
    return await _ask_openai(openai.AsyncOpenAI(api_key="k", http_client=http))


async def _ask_openai(client: openai.AsyncOpenAI) -> int:
    stream = await client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": "?"}], stream=True
    )
    count = 0
    async for _chunk in stream:
        count += 1
    await client.close()
    return count


async def best(work: Callable[[list[bytes]], Awaitable[int]], pieces: list[bytes]) -> float:
    """Processor seconds of the best of TURNS runs."""
    times = []
    for _turn in range(TURNS):
        start = time.process_time()
        await work(pieces)
        times.append(time.process_time() - start)
    return min(times)


async def over_a_connection(data: bytes) -> tuple[float, float]:
    """Processor seconds of the whole way, the server's own thread included in both."""
    with serving(answer(data, size=4096)) as server:
        client = Client()
        url = f"{server.url}/v1/chat/completions"
        start = time.process_time()
        async for _events in client.stream(url, {}, None, ProviderKind.OPENAI_COMPATIBLE):
            pass
        own = time.process_time() - start
        await client.aclose()
        start = time.process_time()
        await _ask_openai(openai.AsyncOpenAI(api_key="k", base_url=f"{server.url}/v1"))
        return own, time.process_time() - start


async def main() -> None:
    data = wire_bytes()
    print(f"{CHUNKS} chunks, {len(data) / CHUNKS:.0f} bytes each; CPU seconds")
    for size in PIECES:
        pieces = [data[start : start + size] for start in range(0, len(data), size)]
        own, other = await best(ours, pieces), await best(theirs, pieces)
        print(f"pieces of {size:5}: ours {own:.3f}  openai {other:.3f}  ratio {other / own:.0f}")
    own, other = await over_a_connection(data)
    print(f"over loopback  : ours {own:.3f}  openai {other:.3f}  ratio {other / own:.0f}")


if __name__ == "__main__":
    asyncio.run(main())
