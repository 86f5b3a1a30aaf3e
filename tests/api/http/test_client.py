"""The client against a real server: what it sends, and how an answer ends."""

import asyncio
import subprocess
import sys

import pytest

from app.api.dialects.request_body import chat_body, chat_url
from app.api.http.client import Client
from app.domain.chat.conversation import Message, Role
from app.domain.chat.request import ChatRequest
from app.domain.errors import InvalidKey, ProviderFailed
from app.domain.events import Event, Finished, FinishReason
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import DEEPSEEK_V4_PRO
from app.domain.providers.providers import ProviderKind
from tests.api.http.exchanges import KEY, ask
from tests.servers import Connection, answer, chat, chunk, event, keep_alive, serving


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
    # An address that isn't the program's own would name somebody else.
    assert "http-referer" not in first
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
    assert sent.pop("provider") == {"require_parameters": True}
    assert sent == values


def test_importing_and_making_a_client_does_not_import_httpx() -> None:
    code = (
        "import sys; from app.api.http.client import Client; Client(); "
        "print('httpx' in sys.modules)"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert output.stdout == b"False\n"


async def test_a_server_on_this_computer_gets_a_new_connection_each_time() -> None:
    with serving(keep_alive(chat("a"))) as server:
        client = Client()
        url = f"{server.url}/chat/completions"
        texts: list[list[Event]] = []
        for _turn in range(3):
            stream = client.stream(url, {}, None, ProviderKind.LLAMA_CPP)
            texts += [events async for events in stream]
        await client.aclose()
    assert len(texts) == 3
    assert (server.connections, len(server.requests)) == (3, 3)


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
