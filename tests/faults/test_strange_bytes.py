"""An answer of bytes that no server should send: nothing hangs, swells or is garbled."""

import gzip

import pytest

from app.domain.errors import (
    Interrupted,
    NotAnApi,
    ProviderFailed,
    TooLarge,
)
from tests.faults.outcomes import failed, outcome_of
from tests.servers import Connection, answer, chat, chunk


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_10_bytes_cut_inside_characters(size: int) -> None:
    escaped = b'data: {"choices":[{"delta":{"content":"\\ud83d\\ude00"}}]}\n\n'
    outcome = await outcome_of(answer(escaped + chat("é迁😀"), size=size))
    assert outcome.text == "😀é迁😀"


async def test_10_invalid_utf8_becomes_a_replacement_character() -> None:
    bad = b'data: {"choices":[{"delta":{"content":"a\xffb"}}]}\n\n'
    assert (await outcome_of(answer(bad + chat()))).text == "a\ufffdb"


async def test_11_a_byte_order_mark_does_not_hide_the_first_event() -> None:
    assert (await outcome_of(answer(b"\xef\xbb\xbf" + chat("a")))).text == "a"


async def test_12_line_separators_inside_json_end_no_line() -> None:
    text = "a\u2028b\u2029c\x85d\x0b\x0ce"
    assert (await outcome_of(answer(chat(text)))).text == text


async def test_13_a_line_of_fifty_megabytes_is_stopped_and_the_text_kept() -> None:
    def script(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("kept") + b"data: ")
        for _turn in range(50):
            connection.send(b"x" * 1_000_000)

    failed(await outcome_of(script), TooLarge, "kept")


async def test_14_a_gzip_bomb_is_not_inflated() -> None:
    bomb = gzip.compress(b"data: " + b"0" * 50_000_000)
    outcome = await outcome_of(answer(bomb, headers={"Content-Encoding": "gzip"}))
    assert "compressed" in failed(outcome, NotAnApi)


async def test_14_a_gzip_bomb_as_an_error_is_its_status() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    failed(
        await outcome_of(answer(bomb, status=500, headers={"Content-Encoding": "gzip"})),
        ProviderFailed,
    )


async def test_14_an_endless_error_is_its_status() -> None:
    def script(connection: Connection) -> None:
        connection.head(500, "application/json")
        connection.drip(b" " * 65_536, 0.001)

    failed(await outcome_of(script), ProviderFailed)


@pytest.mark.parametrize("media", ["text/html; charset=utf-8", "text/plain", "image/png"])
async def test_15_a_page_instead_of_an_answer(media: str) -> None:
    outcome = await outcome_of(answer(b"<html>Welcome to the hotel</html>", content_type=media))
    sentence = failed(outcome, NotAnApi)
    assert "sign in to the network" in sentence
    assert "hotel</html>" not in sentence


async def test_15_a_page_that_claims_to_be_a_stream() -> None:
    failed(await outcome_of(answer(b"<html>\n\n</html>\n\n" * 20)), Interrupted)
    failed(await outcome_of(answer(b"data: <html>\n\n" * 20)), NotAnApi)


async def test_16_one_event_of_nonsense_is_skipped() -> None:
    outcome = await outcome_of(answer(chunk("a") + b"data: {oops\n\n" + chat("b")))
    assert outcome.text == "ab"
    assert outcome.error is None


async def test_16_nothing_but_nonsense_from_there_on_is_the_end() -> None:
    outcome = await outcome_of(answer(chunk("a") + b"data: {oops\n\n" * 9 + chat("b")))
    failed(outcome, Interrupted, "a")
