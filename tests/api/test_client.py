"""The client against a real server: what it sends, how it ends, and how it stops."""

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from app.api.bodies import chat_body, chat_url
from app.api.client import Client
from app.domain.conversation import Message, Role
from app.domain.errors import InvalidKey, KeyRefused, NotAnApi, ProviderFailed
from app.domain.events import Event, Finished, FinishReason, TextDelta
from app.domain.models import DEEPSEEK_V4_PRO
from app.domain.parameters import PARAMETERS
from app.domain.providers import ProviderKind
from app.domain.request import ChatRequest
from tests.api.asking import KEY, ask
from tests.servers import Connection, Server, answer, chat, chunk, event, keep_alive, serving


@pytest.mark.parametrize("size", [1, 2, 3, 7, None])
async def test_an_answer_arrives_whole_at_every_cut(size: int | None) -> None:
    with serving(answer(chat("né", "e 😀 ", "\u2028", "迁移"), size=size)) as server:
        outcome = await ask(server.url)
    assert outcome.text == "née 😀 \u2028迁移"
    assert outcome.finished == [Finished(FinishReason.STOP, "stop")]
    assert outcome.error is None


async def test_one_network_read_is_one_list_of_events() -> None:
    with serving(answer(chat(*"abc"))) as server:
        client = Client()
        url = f"{server.url}/chat/completions"
        stream = client.stream(url, {}, None, ProviderKind.OPENAI_COMPATIBLE)
        batches = [events async for events in stream]
        await client.aclose()
    assert len(batches) == 1


async def test_the_key_goes_in_one_header_and_nowhere_else() -> None:
    with serving(answer(chat("a"))) as server:
        await ask(server.url, kind=ProviderKind.OPENROUTER)
    (request,) = server.requests
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.raw.count(KEY.encode()) == 1
    assert request.headers["accept-encoding"] == "identity"
    assert "cookie" not in request.headers


async def test_openrouter_is_told_who_asks_and_nobody_else_is() -> None:
    with serving(answer(chat("a"))) as server:
        await ask(server.url, kind=ProviderKind.OPENROUTER)
        await ask(server.url, kind=ProviderKind.LLAMA_CPP)
    first, second = (request.headers for request in server.requests)
    assert first["x-openrouter-title"] == "Loquat"
    assert first["http-referer"].startswith("https://")
    assert not {"x-openrouter-title", "http-referer"} & second.keys()


async def test_without_a_key_there_is_no_authorization() -> None:
    with serving(answer(chat("a"))) as server:
        await ask(server.url, key=None)
    assert "authorization" not in server.requests[0].headers


async def test_every_parameter_that_is_set_reaches_the_server() -> None:
    question = Message(id="u", parent=None, role=Role.USER, text="Why? 😀\n'\"", created=0)
    values = {parameter.name: parameter.start for parameter in PARAMETERS}
    with serving(answer(chat("a"))) as server:
        request = ChatRequest(
            kind=ProviderKind.OPENROUTER,
            base_url=server.url,
            model=DEEPSEEK_V4_PRO,
            messages=(question,),
            system="Be brief.",
            parameters=values,
            conversation="c1",
        )
        await ask(chat_url(server.url).removesuffix("/chat/completions"), body=chat_body(request))
    (came,) = server.requests
    assert (came.method, came.path) == ("POST", "/chat/completions")
    sent = came.json
    assert sent.pop("messages")[-1] == {"role": "user", "content": "Why? 😀\n'\""}
    assert sent.pop("model") == "deepseek/deepseek-v4-pro"
    assert sent.pop("stream") is True
    assert sent.pop("session_id") == "c1"
    assert sent.pop("max_completion_tokens") == values.pop("max_tokens")
    assert sent == values


def holding(connection: Connection) -> None:
    """Say one word, then nothing."""
    connection.head()
    connection.send(chunk("a"))
    connection.stall()


async def test_stop_closes_the_connection_at_once() -> None:
    with serving(holding) as server:
        client = Client()
        came = asyncio.Event()

        async def consume() -> None:
            url = f"{server.url}/chat/completions"
            async for _events in client.stream(url, {}, KEY, ProviderKind.OPENROUTER):
                came.set()

        task = asyncio.create_task(consume())
        await came.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        # Nothing has been closed but the one stream; the client lives on.
        assert await asyncio.to_thread(server.left.wait, 10)
        await client.aclose()


async def test_stop_before_the_first_byte_closes_the_connection() -> None:
    with serving(Connection.stall) as server:
        task = asyncio.create_task(ask(server.url))
        assert await asyncio.to_thread(server.asked.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.left.wait, 10)


async def test_closing_the_stream_between_events_closes_the_connection() -> None:
    with serving(holding) as server:
        client = Client()
        url = f"{server.url}/chat/completions"
        stream = client.stream(url, {}, KEY, ProviderKind.OPENROUTER)
        assert TextDelta("a") in await anext(stream)
        await stream.aclose()
        assert await asyncio.to_thread(server.left.wait, 10)
        await client.aclose()


UNDER_QASYNC = """
import asyncio, gc, sys, threading, warnings
from concurrent.futures import ThreadPoolExecutor
warnings.simplefilter("error")
problems = []
sys.unraisablehook = lambda raised: problems.append(raised.exc_value)
import qasync
from PySide6.QtCore import QCoreApplication
from app.api.client import Client
from app.domain.providers import ProviderKind
from tests.servers import answer, chat, serving
from tests.api.test_client import holding

async def main():
    with serving(answer(chat("hello")), holding, holding) as server:
        client = Client()
        def stream():
            return client.stream(f"{server.url}/v1", {}, "k", ProviderKind.OPENROUTER)
        print([events async for events in stream()])
        between = stream()
        await anext(between)
        await between.aclose()
        print(await asyncio.to_thread(server.left.wait, 10))
        server.left.clear()
        waiting = stream()
        await anext(waiting)
        task = asyncio.ensure_future(anext(waiting))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        print(task.cancelled(), await asyncio.to_thread(server.left.wait, 10))
        await client.aclose()
    gc.collect()

app = QCoreApplication([])
loop = qasync.QEventLoop(app)
loop.set_default_executor(ThreadPoolExecutor())
loop.set_exception_handler(lambda _loop, context: problems.append(context))
with loop:
    loop.run_until_complete(main())
print(problems)
"""


def test_it_streams_and_stops_on_the_loop_of_the_window() -> None:
    process = subprocess.run(
        [sys.executable, "-c", UNDER_QASYNC],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"QT_QPA_PLATFORM": "offscreen"},
    )
    assert process.stdout.splitlines()[1:] == ["True", "True True", "[]"], process.stderr
    assert "TextDelta(text='hello')" in process.stdout


def test_importing_and_making_a_client_does_not_import_httpx() -> None:
    code = "import sys; from app.api.client import Client; Client(); print('httpx' in sys.modules)"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert output.stdout == b"False\n"


async def test_a_finished_answer_leaves_its_connection_for_the_next() -> None:
    with serving(keep_alive(chat("a"))) as server:
        client = Client()
        url = f"{server.url}/chat/completions"
        texts: list[list[Event]] = []
        for _turn in range(3):
            stream = client.stream(url, {}, None, ProviderKind.LLAMA_CPP)
            texts += [events async for events in stream]
        await client.aclose()
    assert len(texts) == 3
    assert (server.connections, len(server.requests)) == (1, 3)


async def test_several_answers_stream_at_once() -> None:
    with serving(answer(chat("a")), answer(chat("b")), answer(chat("c"))) as server:
        client = Client()
        asked = (ask(server.url, client=client, close=False) for _turn in range(3))
        outcomes = await asyncio.gather(*asked)
        await client.aclose()
    assert sorted(outcome.text for outcome in outcomes) == ["a", "b", "c"]


async def test_a_client_that_was_closed_can_be_used_again() -> None:
    with serving(answer(chat("a"))) as server:
        client = Client()
        for _turn in range(2):
            assert (await ask(server.url, client=client)).text == "a"


async def test_an_answer_that_is_not_streamed_is_read_whole() -> None:
    whole = {"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}]}
    body = b"\n\n" + event(whole)[len(b"data: ") :]
    with serving(answer(body, content_type="application/json; charset=utf-8")) as server:
        outcome = await ask(server.url)
    assert outcome.text == "a"
    assert len(outcome.finished) == 1


async def test_an_error_in_a_200_is_an_error() -> None:
    body = b'{"error":{"code":502,"message":"upstream"}}'
    with serving(answer(body, content_type="application/json")) as server:
        outcome = await ask(server.url)
    assert type(outcome.error) is ProviderFailed


async def test_usage_after_the_finish_still_comes() -> None:
    late = chunk("a", finish="stop") + event({"choices": [], "usage": {"prompt_tokens": 3}})
    with serving(answer(late)) as server:
        outcome = await ask(server.url)
    assert outcome.error is None
    assert outcome.message.usage is not None
    assert outcome.message.usage.prompt_tokens == 3


async def test_what_breaks_after_the_finish_breaks_nothing() -> None:
    def script(connection: Connection) -> None:
        connection.head(headers={"Content-Length": "100000"})
        connection.send(chunk("a", finish="stop"))

    with serving(script) as server:
        outcome = await ask(server.url)
    assert outcome.error is None
    assert outcome.text == "a"


@pytest.mark.parametrize("key", ["sk-a\nb", "sk-\u200babc", "sk-é", "", "a b"])
async def test_a_key_that_no_header_carries_is_refused_before_anything_is_sent(key: str) -> None:
    with serving(answer(chat("a"))) as server:
        with pytest.raises(InvalidKey) as caught:
            await ask(server.url, key=key)
        assert server.connections == 0
    assert not key or key not in str(caught.value)


async def test_white_space_around_a_pasted_key_does_no_harm() -> None:
    with serving(answer(chat("a"))) as server:
        await ask(server.url, key=f" {KEY}\n")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def models(value: Any) -> Any:
    return answer(event(value)[len(b"data: ") :], content_type="application/json")


async def list_models(server: Server, kind: ProviderKind, key: str | None = KEY) -> list[str]:
    client = Client()
    try:
        return await client.model_ids(f"{server.url}/v1/", key, kind)
    finally:
        await client.aclose()


@pytest.mark.parametrize(
    "value",
    [
        {"data": [{"id": "b"}, {"id": "a", "x": 1}, {"id": "b"}, {"name": "no"}, 7, {"id": ""}]},
        {"models": ["b", "a"]},
        [{"id": "b"}, "a"],
    ],
)
async def test_models_are_listed_from_any_shape(value: Any) -> None:
    with serving(models(value)) as server:
        assert await list_models(server, ProviderKind.LLAMA_CPP) == ["b", "a"]
    assert [request.path for request in server.requests] == ["/v1/models"]


async def test_at_openrouter_the_key_is_proved_before_the_list_that_anybody_gets() -> None:
    refusal = answer(b'{"error":{"code":401}}', status=401, content_type="application/json")
    with serving(refusal) as server:
        with pytest.raises(KeyRefused):
            await list_models(server, ProviderKind.OPENROUTER)
        assert server.requests[0].path == "/v1/key"
    with serving(models({"data": [{"id": "a"}]})) as server:
        assert await list_models(server, ProviderKind.OPENROUTER) == ["a"]
        assert await list_models(server, ProviderKind.OPENROUTER, key=None) == ["a"]
    assert [request.path for request in server.requests] == ["/v1/key", "/v1/models", "/v1/models"]


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"data":7}', b"", b"[" * 5000])
async def test_what_lists_no_models_is_not_an_api(body: bytes) -> None:
    script = answer(body, content_type="application/json")
    with serving(script) as server, pytest.raises(NotAnApi):
        await list_models(server, ProviderKind.OPENAI_COMPATIBLE)
