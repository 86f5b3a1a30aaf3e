"""Answers of llmock, whole and broken: what it sends is its authors' idea of a provider."""

from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

import pytest

from app.api.dialects.request_body import chat_body
from app.api.http.client import Client
from app.domain.chat.conversation import Message, Role, ToolCall, ToolResult
from app.domain.errors import (
    Forbidden,
    Interrupted,
    KeyRefused,
    NoCredit,
    NoSuchModel,
    ProviderFailed,
    RateLimited,
    Refused,
    RequestRejected,
)
from app.domain.events import FinishReason, TextDelta
from app.domain.providers.providers import ProviderKind
from tests.api.http.exchanges import KEY
from tests.faults.mock_servers import MODEL, MockServer, address, request, running_llmock, tool
from tests.faults.outcomes import failed

# It is started once for all of them.
pytestmark = pytest.mark.xdist_group("llmock")

TEXT = "one two three four five Grüße 😀 你好"
REPLY = {"type": "reply", "text": TEXT}
CALLS = {
    "type": "reply",
    "text": "Let me see.",
    "tool_calls": [
        {"name": "weather", "arguments": {"city": "Zürich 😀", "days": [1, 2, 3]}},
        {"name": "clock", "arguments": {}},
    ],
}
#: Where its imitations of providers are that speak OpenAI's protocol, each with its oddities.
PATHS = [
    "/v1",
    "/groq/openai/v1",
    "/together/v1",
    "/mistral/v1",
    "/perplexity/v1",
    "/ai21/v1",
    "/xai/v1",
]


@pytest.fixture(scope="module")
def running() -> Iterator[MockServer]:
    """One server for the whole module."""
    with running_llmock() as server:
        yield server


@pytest.fixture
def server(running: MockServer) -> MockServer:
    """The server with nothing left to do and nothing remembered."""
    running.tell("/_llmock/reset")
    return running


def plan(server: MockServer, *behaviors: dict[str, Any]) -> None:
    """Have the next request treated so."""
    server.tell("/_llmock/scenario", {"behaviors": [*behaviors]})


def broken(kind: str, after: int) -> dict[str, Any]:
    """The fault of a stream after so many of its chunks; the first one says only the role."""
    return {"type": "stream_fault", "kind": kind, "after_chunks": after}


# ---- What is whole ----


@pytest.mark.parametrize("path", PATHS)
async def test_text_and_usage_come_whole(server: MockServer, path: str) -> None:
    plan(server, REPLY)
    outcome = await server.ask(path=path)
    assert outcome.error is None
    assert outcome.text == TEXT
    assert [one.reason for one in outcome.finished] == [FinishReason.STOP]
    usage = outcome.message.usage
    assert usage is not None
    assert usage.prompt_tokens
    assert usage.completion_tokens


@pytest.mark.parametrize("path", PATHS)
async def test_calls_of_tools_come_whole(server: MockServer, path: str) -> None:
    plan(server, CALLS)
    outcome = await server.ask(path=path, tools=[tool("weather", "city"), tool("clock")])
    assert outcome.error is None
    message = outcome.message
    assert message.text == "Let me see."
    assert message.finish_reason == FinishReason.TOOL_CALLS
    assert [(one.name, one.arguments) for one in message.tool_calls] == [
        ("weather", '{"city": "Z\\u00fcrich \\ud83d\\ude00", "days": [1, 2, 3]}'),
        ("clock", "{}"),
    ]
    assert len({one.id for one in message.tool_calls}) == 2


@pytest.mark.parametrize("path", PATHS)
async def test_what_a_tool_answered_is_taken(server: MockServer, path: str) -> None:
    plan(server, REPLY)
    call = ToolCall("call_1", "weather", '{"city": "Zürich"}')
    answer = Message("a", "u", Role.ASSISTANT, "", 0.0, tool_calls=(call,))
    results = (ToolResult("call_1", "weather", "21 °C"),)
    given = Message("t", "a", Role.TOOL, "", 0.0, tool_results=results)
    outcome = await server.ask(answer, given, path=path, tools=[tool("weather", "city")])
    assert outcome.error is None
    assert outcome.text == TEXT


@pytest.mark.parametrize(
    ("native", "reason"),
    [
        ("length", FinishReason.LENGTH),
        ("content_filter", FinishReason.CONTENT_FILTER),
        ("bored", FinishReason.OTHER),
    ],
)
async def test_an_end_says_why(server: MockServer, native: str, reason: FinishReason) -> None:
    plan(server, {**REPLY, "finish_reason": native})
    outcome = await server.ask()
    assert outcome.error is None
    assert [(one.reason, one.native) for one in outcome.finished] == [(reason, native)]


async def test_a_slow_first_word_is_waited_for(server: MockServer) -> None:
    plan(server, REPLY, {"type": "slow_first_token", "seconds": 0.3})
    assert (await server.ask()).text == TEXT


async def test_a_call_with_half_its_arguments_is_kept_as_it_came(server: MockServer) -> None:
    plan(server, CALLS, {"type": "tool_fault", "kind": "malformed_arguments"})
    outcome = await server.ask(tools=[tool("weather", "city")])
    assert outcome.error is None
    first, second = outcome.message.tool_calls
    whole = '{"city": "Z\\u00fcrich \\ud83d\\ude00", "days": [1, 2, 3]}'
    assert first.arguments == whole[: len(whole) // 2]
    assert second.arguments == "{}"


async def test_a_call_of_a_tool_that_was_never_offered_is_kept(server: MockServer) -> None:
    plan(server, CALLS, {"type": "tool_fault", "kind": "unknown_tool"})
    outcome = await server.ask(tools=[tool("weather", "city")])
    assert outcome.error is None
    assert [one.name for one in outcome.message.tool_calls] == ["llmock_unknown_tool", "clock"]


# ---- What breaks off ----


@pytest.mark.parametrize(("after", "kept"), [(0, ""), (1, ""), (3, "one two ")])
async def test_a_connection_that_breaks(server: MockServer, after: int, kept: str) -> None:
    plan(server, REPLY, broken("disconnect", after))
    assert "was lost" in failed(await server.ask(), Interrupted, kept)


@pytest.mark.parametrize(("after", "kept"), [(0, ""), (1, ""), (3, "one two "), (9, TEXT)])
async def test_a_stream_that_ends_without_a_word(server: MockServer, after: int, kept: str) -> None:
    plan(server, REPLY, broken("truncate", after))
    assert "may be incomplete" in failed(await server.ask(), Interrupted, kept)


@pytest.mark.parametrize("path", PATHS)
async def test_a_stream_that_ends_early_is_complete_nowhere(server: MockServer, path: str) -> None:
    plan(server, REPLY, broken("truncate", 4))
    outcome = await server.ask(path=path)
    assert type(outcome.error) is Interrupted
    assert outcome.finished == []
    assert outcome.text
    assert TEXT.startswith(outcome.text)


async def test_a_call_that_breaks_off_keeps_what_came(server: MockServer) -> None:
    plan(server, {**CALLS, "text": None}, broken("disconnect", 3))
    outcome = await server.ask(tools=[tool("weather", "city")])
    failed(outcome, Interrupted)
    (call,) = outcome.message.tool_calls
    assert call.name == "weather"
    assert call.arguments == '{"city": "Z\\'


async def test_a_stall_ends_by_itself(server: MockServer) -> None:
    plan(server, REPLY, broken("stall", 3))
    outcome = await server.ask(client=Client(read_timeout=1))
    assert "stopped sending" in failed(outcome, Interrupted, "one two ")


async def test_a_first_word_that_never_comes(server: MockServer) -> None:
    plan(server, REPLY, {"type": "slow_first_token", "seconds": 30})
    assert "stopped sending" in failed(
        await server.ask(client=Client(read_timeout=0.3)), Interrupted
    )


async def test_an_answer_that_never_begins(server: MockServer) -> None:
    plan(server, REPLY, {"type": "delay", "seconds": 30})
    outcome = await server.ask(client=Client(read_timeout=0.3))
    assert "sent no answer" in failed(outcome, Interrupted)


@pytest.mark.parametrize("after", [0, 3, 9, 10])
async def test_one_chunk_that_is_no_json_takes_only_itself(server: MockServer, after: int) -> None:
    plan(server, REPLY, broken("malformed", after))
    outcome = await server.ask()
    assert outcome.error is None
    assert outcome.text == (TEXT.replace("three ", "") if after == 3 else TEXT)
    # The ninth chunk gives the reason; without it `[DONE]` is still the end.
    reason = FinishReason.OTHER if after == 9 else FinishReason.STOP
    assert [one.reason for one in outcome.finished] == [reason]


# ---- What is refused ----


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRejected),
        (401, KeyRefused),
        (402, NoCredit),
        (403, Forbidden),
        (404, NoSuchModel),
        (408, ProviderFailed),
        (409, RequestRejected),
        (413, RequestRejected),
        (422, RequestRejected),
        (429, RateLimited),
        (500, ProviderFailed),
        (501, ProviderFailed),
        (502, ProviderFailed),
        (503, ProviderFailed),
        (504, ProviderFailed),
        (529, ProviderFailed),
    ],
)
@pytest.mark.parametrize("path", ["/v1", "/mistral/v1"])
async def test_a_refusal_is_the_error_of_its_status(
    server: MockServer, path: str, status: int, kind: type[Refused]
) -> None:
    plan(server, {"type": "fail", "status": status, "message": "Gone fishing."})
    outcome = await server.ask(path=path)
    assert "“Gone fishing.”" in failed(outcome, kind)
    assert isinstance(outcome.error, Refused)
    assert outcome.error.status == status


@pytest.mark.parametrize(("said", "seconds"), [(7, 7), (6.2, 7), (0, 0), (99999, 3600)])
async def test_a_limit_says_how_long_to_wait(
    server: MockServer, said: float, seconds: float
) -> None:
    plan(server, {"type": "fail", "status": 429, "retry_after": said})
    outcome = await server.ask()
    failed(outcome, RateLimited)
    assert isinstance(outcome.error, RateLimited)
    assert outcome.error.retry_after == seconds


async def test_a_limit_that_is_the_end_of_the_money(server: MockServer) -> None:
    plan(server, {"type": "fail", "status": 429, "code": "insufficient_quota"})
    failed(await server.ask(), NoCredit)


async def test_a_conversation_that_is_too_long(server: MockServer) -> None:
    plan(server, {"type": "fail", "status": 400, "code": "context_length_exceeded"})
    outcome = await server.ask()
    assert "too long for this model" in failed(outcome, RequestRejected)
    assert isinstance(outcome.error, RequestRejected)
    assert outcome.error.about_length


# ---- What the server saw ----


@pytest.mark.parametrize(
    "fault",
    [
        {"type": "fail", "status": 429, "retry_after": 0},
        {"type": "fail", "status": 503},
        broken("disconnect", 2),
        broken("truncate", 2),
    ],
)
async def test_a_request_is_sent_once(server: MockServer, fault: dict[str, Any]) -> None:
    plan(server, fault)
    assert (await server.ask()).error is not None
    assert server.tell("/_llmock/requests", method="GET")["count"] == 1


async def test_an_answer_that_is_stopped_ends_at_the_server(server: MockServer) -> None:
    plan(server, REPLY, broken("stall", 3))
    kind, client = ProviderKind.OPENAI_COMPATIBLE, Client()
    body = chat_body(request(server.url, kind))
    async with aclosing(client.stream(address(server, "/v1"), body, KEY, kind)) as batches:
        async for events in batches:
            if any(isinstance(one, TextDelta) for one in events):
                break
    await client.aclose()
    # It answers when what was under way has ended, which the stall would do after 30 seconds.
    (seen,) = server.tell("/_llmock/requests", method="GET")["requests"]
    assert (seen["model"], seen["completed"]) == (MODEL, False)
