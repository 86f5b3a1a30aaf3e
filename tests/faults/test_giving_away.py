"""A server that refuses, points elsewhere or echoes: key and prompt stay where they belong."""

import asyncio
import logging
import traceback

import pytest

from app.domain.errors import (
    KeyRefused,
    ProviderError,
    ProviderFailed,
    RateLimited,
    Redirected,
)
from tests.api.http.exchanges import KEY, ask
from tests.faults.outcomes import failed, outcome_of
from tests.servers import DONE, Connection, Script, answer, chat, chunk, event, serving

PROMPT = "a very private question"
BODY = {"model": "m", "messages": [{"role": "user", "content": PROMPT}]}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_17_a_redirect_is_named_and_not_followed(status: int) -> None:
    with serving(answer(chat("stolen"))) as other:
        target = f"{other.url}/steal?x=1"
        with serving(answer(b"", status=status, headers={"Location": target})) as server:
            outcome = await ask(server.url, body=BODY)
        assert f"127.0.0.1:{other.port}" in failed(outcome, Redirected)
        assert other.connections == 0


@pytest.mark.parametrize("target", ["", "//[", "/v2", "javascript:alert(1)", "http://a\x01b"])
async def test_17_a_redirect_to_nowhere_is_still_a_sentence(target: str) -> None:
    def script(connection: Connection) -> None:
        head = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"
        connection.send(head.encode())

    outcome = await outcome_of(script)
    assert isinstance(outcome.error, ProviderError)
    assert str(outcome.error).endswith(".")


async def test_18_a_limit_says_how_long_to_wait() -> None:
    limited = answer(b'{"error":{"message":"slow down"}}', status=429, headers={"Retry-After": "7"})
    outcome = await outcome_of(limited)
    assert "slow down" in failed(outcome, RateLimited)
    assert isinstance(outcome.error, RateLimited)
    assert outcome.error.retry_after == 7


async def test_19_a_wrong_key() -> None:
    body = f'{{"error":{{"message":"Incorrect API key provided: {KEY}","code":401}}}}'
    outcome = await outcome_of(answer(body, status=401, content_type="application/json"))
    assert "Settings" in failed(outcome, KeyRefused)
    assert KEY not in str(outcome.error) + repr(outcome.error)


async def test_19_an_error_inside_the_stream_keeps_what_came() -> None:
    error = {"error": {"code": "server_error", "message": "GPU on fire\x07"}, "choices": []}
    outcome = await outcome_of(answer(chunk("half") + event(error) + chunk("never") + DONE))
    assert "“GPU on fire”" in failed(outcome, ProviderFailed, "half")


@pytest.mark.parametrize(
    "script",
    [
        answer(chat("a")),
        answer(f'{{"error":"{KEY}"}}', status=400),
        answer(chunk("a") + event({"error": {"message": KEY}})),
        answer(b"", status=302, headers={"Location": f"https://{KEY}@evil.invalid/{KEY}"}),
        answer(KEY, content_type=f"text/{KEY}"),
        answer(KEY, headers={"Content-Encoding": KEY}),
        answer(f"data: {KEY}\n\n" * 9),
        lambda _connection: None,
    ],
)
async def test_20_the_key_is_in_no_error_and_in_no_log(
    script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(script) as server:
        outcome = await ask(server.url)
    shown = caplog.text
    if (error := outcome.error) is not None:
        shown += "".join(traceback.format_exception(error)) + repr(error) + error.detail
    assert shown
    assert KEY not in shown


async def test_21_the_key_is_in_no_address() -> None:
    with serving(answer(chat("a"))) as server:
        await ask(server.url)
    assert KEY not in server.requests[0].path


async def test_22_a_request_is_sent_once_whatever_happens() -> None:
    for script in (Connection.reset, lambda _: None, answer(b"", status=503), answer(b"half")):
        with serving(script) as server:
            assert (await ask(server.url)).error is not None
        assert len(server.requests) == 1


async def test_stop_works_while_nothing_comes() -> None:
    def script(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("half"))
        connection.drip(b": waiting\n\n")

    with serving(script) as server:
        task = asyncio.create_task(ask(server.url))
        assert await asyncio.to_thread(server.asked.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.left.wait, 10)
