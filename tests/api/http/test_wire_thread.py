"""Answers that are read on a thread of their own: nothing is lost, and nothing waits in vain."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import pytest

from app.api.http import wire_thread
from app.api.http.transport import JsonRequest
from app.api.http.wire_thread import ThreadedTransport
from app.domain.errors import ProviderError
from app.domain.events import (
    Event,
    Finished,
    FinishReason,
    ReasoningDelta,
    Served,
    TextDelta,
)
from app.domain.providers.providers import ProviderKind

KIND = ProviderKind.OPENAI_COMPATIBLE
AGES = 1e6


class Scripted:
    """Gives batches, then fails or ends; it knows on which thread it was asked."""

    def __init__(self, batches: list[list[Event]], failure: Exception | None = None) -> None:
        self._batches, self._failure = batches, failure
        self.thread = ""
        self.closed = False
        #: After the first batch the others wait for this.
        self.go_on = threading.Event()
        self.go_on.set()

    async def stream(
        self, url: str, body: Mapping[str, Any], key: str | None, kind: ProviderKind
    ) -> AsyncGenerator[list[Event], None]:
        self.thread = threading.current_thread().name
        try:
            for batch in self._batches:
                yield batch
                await asyncio.to_thread(self.go_on.wait, 20)
            if self._failure is not None:
                raise self._failure
        finally:
            self.closed = True

    async def fetch(self, request: JsonRequest) -> Any:
        return threading.current_thread().name

    async def aclose(self) -> None:
        self.thread = ""


def words(count: int) -> list[list[Event]]:
    return [[TextDelta(f"{number} ")] for number in range(count)]


def flat(batches: list[list[Event]]) -> list[Event]:
    return [event for batch in batches for event in batch]


async def take(transport: ThreadedTransport) -> list[list[Event]]:
    """All batches of an answer."""
    async with asyncio.timeout(20):
        return [batch async for batch in transport.stream("", {}, None, KIND)]


async def test_everything_comes_in_order_and_in_few_deliveries() -> None:
    scripted = Scripted(words(2_000))
    transport = ThreadedTransport(scripted)
    batches = await take(transport)
    assert flat(batches) == flat(words(2_000))
    assert len(batches) < 200
    assert scripted.thread == "wire"
    await transport.aclose()


async def test_the_first_words_and_the_end_wait_for_no_delivery(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wire_thread, "DELIVERY", AGES)
    end: list[Event] = [Finished(FinishReason.STOP)]
    scripted = Scripted([*words(3), end])
    scripted.go_on.clear()
    transport = ThreadedTransport(scripted)
    stream = transport.stream("", {}, None, KIND)
    async with asyncio.timeout(20):
        assert await anext(stream) == [TextDelta("0 ")]
        scripted.go_on.set()
        assert flat([batch async for batch in stream]) == [*flat(words(3))[1:], *end]
    await transport.aclose()


async def test_what_one_read_brought_is_one_piece_of_text() -> None:
    end = Finished(FinishReason.STOP)
    batch: list[Event] = [ReasoningDelta("a"), ReasoningDelta("b"), TextDelta("c"), TextDelta("d")]
    transport = ThreadedTransport(Scripted([[*batch, Served("x", "y"), TextDelta("e"), end]]))
    assert flat(await take(transport)) == [
        ReasoningDelta("ab"),
        TextDelta("cd"),
        Served("x", "y"),
        TextDelta("e"),
        end,
    ]
    await transport.aclose()


async def test_a_failure_comes_after_what_came_before_it() -> None:
    transport = ThreadedTransport(Scripted(words(3), ProviderError("no more")))
    came: list[list[Event]] = []

    async def collect() -> None:
        async for batch in transport.stream("", {}, None, KIND):
            came.append(batch)  # noqa: PERF401 – extend would drop them at the failure

    with pytest.raises(ProviderError, match="no more"):
        await collect()
    assert flat(came) == flat(words(3))
    await transport.aclose()


async def test_no_more_is_read_than_can_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_thread, "DELIVERY", AGES)
    monkeypatch.setattr(wire_thread, "MOST", 10)
    transport = ThreadedTransport(Scripted(words(100)))
    batches = await take(transport)
    assert flat(batches) == flat(words(100))
    assert max(len(batch) for batch in batches) == 11
    await transport.aclose()


async def test_who_stops_listening_closes_what_was_read() -> None:
    scripted = Scripted(words(100_000))
    transport = ThreadedTransport(scripted)
    stream = transport.stream("", {}, None, KIND)
    assert await anext(stream)
    await stream.aclose()
    # One question after the other: by now the first has been told.
    assert await transport.fetch(JsonRequest("", None, KIND)) == "wire"
    await transport.aclose()
    assert scripted.closed


async def test_the_thread_begins_with_a_question_and_ends_when_it_is_closed() -> None:
    def wires() -> int:
        return sum(thread.name == "wire" for thread in threading.enumerate())

    before = wires()
    transport = ThreadedTransport(Scripted(words(1)))
    await transport.aclose()
    assert wires() == before
    for _round in range(2):
        await take(transport)
        assert wires() == before + 1
        await transport.aclose()
        assert wires() == before
