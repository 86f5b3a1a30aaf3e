"""A stream is read at the pace of the eye, and nothing of it is lost or held back by that."""

import asyncio

import httpx
import pytest

from app.api.http import read_pacing as pacing
from app.api.http.client import Client
from tests.api.http.exchanges import ask
from tests.servers import chat, keep_alive, serving

TEXTS = [f"piece {number} " for number in range(50)]


class Stream:
    """What httpcore gives: `read`, with pieces that are there at once; it keeps the times."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces
        self.times: list[float] = []

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        self.times.append(asyncio.get_running_loop().time())
        return self._pieces.pop(0)


def paced(stream: Stream) -> Stream:
    pacing.pace(httpx.Response(200, extensions={"network_stream": stream}))
    return stream


async def test_two_reads_have_the_pace_between_them() -> None:
    stream = paced(Stream([b"a", b"b", b"c"]))
    assert [await stream.read(9) for _read in range(3)] == [b"a", b"b", b"c"]
    gaps = [after - before for before, after in zip(stream.times, stream.times[1:], strict=False)]
    assert len(gaps) == 2
    assert min(gaps) >= pacing.PACE


async def test_the_first_read_and_what_follows_a_full_one_wait_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pacing, "PACE", 1e6)
    stream = paced(Stream([b"full", b"full", b"end"]))
    async with asyncio.timeout(10):
        assert [await stream.read(4) for _read in range(3)] == [b"full", b"full", b"end"]


async def test_a_connection_that_is_used_again_is_paced_once() -> None:
    stream = Stream([])
    paced(stream)
    once = stream.read
    paced(stream)
    assert stream.read is once


async def test_nothing_is_lost_on_a_connection_that_is_kept() -> None:
    with serving(keep_alive(chat(*TEXTS)), keep_alive(chat(*TEXTS))) as server:
        client = Client()
        first = await ask(server.url, client=client, close=False)
        second = await ask(server.url, client=client)
    assert first.text == second.text == "".join(TEXTS)
