"""An answer breaks, ends or falls silent in its middle: what came is kept."""

import threading

import pytest

from app.api.http.client import Client
from app.domain.errors import (
    Interrupted,
    ProviderError,
)
from app.domain.events import Event
from app.domain.providers.providers import ProviderKind
from tests.api.http.exchanges import KEY, Outcome
from tests.faults.outcomes import failed, outcome_of
from tests.servers import Connection, answer, chat, chunk, serving


async def test_5_a_reset_in_mid_stream() -> None:
    client, seen = Client(), threading.Event()

    def script(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("half"))
        # A reset may overtake what was sent: wait until the text is there.
        connection.wait_for(seen)
        connection.reset()

    with serving(script) as server:
        came: list[Event] = []
        error: ProviderError | None = None
        try:
            url = f"{server.url}/chat/completions"
            async for events in client.stream(url, {}, KEY, ProviderKind.OPENROUTER):
                came += events
                seen.set()
        except ProviderError as caught:
            error = caught
    await client.aclose()
    assert "was lost" in failed(Outcome(came, error), Interrupted, "half")


async def test_6_a_body_shorter_than_announced() -> None:
    def script(connection: Connection) -> None:
        connection.head(headers={"Content-Length": "100000"})
        connection.send(chunk("half"))

    assert "was lost" in failed(await outcome_of(script), Interrupted, "half")


async def test_7_a_clean_end_without_a_finish() -> None:
    outcome = await outcome_of(answer(chunk("half")))
    assert "may be incomplete" in failed(outcome, Interrupted, "half")


async def test_7_an_end_in_the_middle_of_an_event() -> None:
    outcome = await outcome_of(answer(chunk("half") + chunk("lost")[:40]))
    failed(outcome, Interrupted, "half")


async def test_7_a_connection_closed_without_an_answer() -> None:
    assert "without an answer" in failed(await outcome_of(lambda _: None), Interrupted)


async def test_8_a_stall_ends_by_itself() -> None:
    def script(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("half"))
        connection.stall()

    outcome = await outcome_of(script, client=Client(read_timeout=0.2))
    assert "stopped sending" in failed(outcome, Interrupted, "half")


async def test_8_a_server_that_never_begins() -> None:
    outcome = await outcome_of(Connection.stall, client=Client(read_timeout=0.2))
    failed(outcome, Interrupted)


@pytest.mark.parametrize("drip", [b": PROCESSING\n\n", b"data:\n\n", b"\n", b"x"])
async def test_9_a_drip_that_says_nothing_is_silence(drip: bytes) -> None:
    def script(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("half"))
        connection.drip(drip)

    client = Client(read_timeout=10, silence_timeout=0.2)
    assert "stopped sending" in failed(await outcome_of(script, client=client), Interrupted, "half")


async def test_9_a_drip_of_headers_is_silence() -> None:
    def script(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\n")
        connection.drip(b"X-Wait: a\r\n")

    client = Client(read_timeout=10, silence_timeout=0.2)
    failed(await outcome_of(script, client=client), Interrupted)


async def test_9_comments_between_pieces_do_no_harm() -> None:
    waiting = b": OPENROUTER PROCESSING\n\n"
    outcome = await outcome_of(answer(waiting * 3 + chunk("a") + waiting + chat("b")))
    assert outcome.error is None
    assert outcome.text == "ab"
