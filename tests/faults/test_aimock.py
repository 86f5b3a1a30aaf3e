"""Answers of aimock as OpenAI and as OpenRouter, whole and broken: its authors' idea of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from app.api.endpoints.model_lists import models_of
from app.api.http.client import Client
from app.api.http.transport import JsonRequest
from app.domain.chat.conversation import Message, Role, ToolCall, ToolResult
from app.domain.errors import (
    Forbidden,
    Interrupted,
    KeyRefused,
    NoCredit,
    NoSuchModel,
    NotAnApi,
    ProviderFailed,
    RateLimited,
    Refused,
    RequestRejected,
)
from app.domain.events import FinishReason, Usage
from app.domain.providers.providers import ProviderKind
from tests.api.http.exchanges import KEY, Outcome
from tests.faults.mock_servers import MODEL, MockServer, running_aimock, tool
from tests.faults.outcomes import failed

# It is started once for all of them.
pytestmark = pytest.mark.xdist_group("aimock")

TEXT = "Grüße 😀 你好, it rains in Zürich."
THOUGHTS = "Hmm 😀, let me see."
#: Milliseconds that end no test.
FOREVER = 30_000
#: A delivery that is broken off once it stalls: the chunks before have long been sent.
BREAK = {"disconnectAfterMs": 300}


@dataclass(frozen=True)
class Way:
    """One of the protocols that the server speaks; what it answers is the same."""

    server: MockServer
    path: str
    kind: ProviderKind

    def answers(self, response: dict[str, Any], **delivery: Any) -> None:
        """Have every question from now on answered so, and delivered so."""
        self.gives({"match": {}, "response": response, **delivery})

    def gives(self, *fixtures: dict[str, Any]) -> None:
        """Have these answers and no others, the first that matches a question."""
        self.server.tell("/__aimock/reset")
        self.server.tell("/__aimock/fixtures", {"fixtures": [*fixtures]})

    async def ask(self, *following: Message, **more: Any) -> Outcome:
        """Ask, as MockServer does."""
        return await self.server.ask(*following, path=self.path, kind=self.kind, **more)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockServer]:
    """One server for the whole module."""
    with running_aimock(tmp_path_factory.mktemp("aimock")) as server:
        yield server


@pytest.fixture
def openrouter(running: MockServer) -> Way:
    """OpenRouter's protocol alone."""
    return Way(running, "/api/v1", ProviderKind.OPENROUTER)


@pytest.fixture
def openai(running: MockServer) -> Way:
    """OpenAI's protocol alone."""
    return Way(running, "/v1", ProviderKind.OPENAI)


@pytest.fixture(params=["openai", "openrouter"])
def way(request: pytest.FixtureRequest) -> Way:
    """Each protocol."""
    chosen: Way = request.getfixturevalue(request.param)
    return chosen


def stalling(after: int) -> dict[str, Any]:
    """A delivery that says nothing more after so many chunks; the first one says the role."""
    return {
        "chunkSize": 2,
        "recordedTimings": {"ttftMs": 0, "interChunkDelaysMs": [0] * (after - 1) + [FOREVER]},
    }


# ---- What is whole ----


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
async def test_text_and_thoughts_come_whole(way: Way, size: int) -> None:
    # JavaScript counts half characters: an emoji comes as two halves, in two chunks.
    way.answers({"content": TEXT, "reasoning": THOUGHTS}, chunkSize=size)
    outcome = await way.ask()
    assert outcome.error is None
    assert (outcome.message.text, outcome.message.reasoning) == (TEXT, THOUGHTS)
    assert [one.reason for one in outcome.finished] == [FinishReason.STOP]


async def test_usage_comes_whole(way: Way) -> None:
    way.answers({"content": TEXT, "usage": {"prompt_tokens": 31, "completion_tokens": 9}})
    assert (await way.ask()).message.usage == Usage(prompt_tokens=31, completion_tokens=9)


async def test_what_openrouter_says_besides_comes_whole(openrouter: Way) -> None:
    usage = {
        "prompt_tokens": 31,
        "completion_tokens": 9,
        "cost": 0.00012,
        "prompt_tokens_details": {"cached_tokens": 20},
        "completion_tokens_details": {"reasoning_tokens": 4},
    }
    openrouter.answers(
        {
            "id": "gen-77",
            "content": TEXT,
            "usage": usage,
            "provider": "Acme",
            "nativeFinishReason": "end_turn",
        }
    )
    outcome = await openrouter.ask()
    assert [one.native for one in outcome.finished] == ["end_turn"]
    message = outcome.message
    assert (message.generation, message.served_by) == ("gen-77", "Acme")
    assert message.cost == Decimal("0.00012")
    assert not message.cost_estimated
    assert message.usage == Usage(31, 9, 4, 20, Decimal("0.00012"))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
async def test_calls_of_tools_come_whole(way: Way, size: int) -> None:
    calls = [
        {"id": "call_1", "name": "weather", "arguments": {"city": "Zürich 😀"}},
        {"id": "call_2", "name": "clock", "arguments": {}},
    ]
    way.answers({"content": "Let me see.", "toolCalls": calls}, chunkSize=size)
    message = (await way.ask(tools=[tool("weather", "city"), tool("clock")])).message
    assert message.text == "Let me see."
    assert message.finish_reason == FinishReason.TOOL_CALLS
    assert message.tool_calls == (
        ToolCall("call_1", "weather", '{"city":"Zürich 😀"}'),
        ToolCall("call_2", "clock", "{}"),
    )


async def test_calls_before_and_after_a_text_come_whole(way: Way) -> None:
    blocks = [
        {"type": "toolCall", "id": "call_1", "name": "weather", "arguments": {"city": "Zug"}},
        {"type": "text", "text": TEXT},
        {"type": "toolCall", "id": "call_2", "name": "weather", "arguments": {"city": "Uri"}},
    ]
    way.answers({"blocks": blocks}, chunkSize=3)
    message = (await way.ask(tools=[tool("weather", "city")])).message
    assert message.text == TEXT
    assert message.tool_calls == (
        ToolCall("call_1", "weather", '{"city":"Zug"}'),
        ToolCall("call_2", "weather", '{"city":"Uri"}'),
    )


async def test_what_a_tool_answered_finds_its_call(way: Way) -> None:
    calls = [{"id": "call_1", "name": "weather", "arguments": {"city": "Zürich"}}]
    answered = {"toolCallId": "call_1", "toolResultContains": "21 °C", "toolName": "weather"}
    asked = {"userMessage": "Zürich", "systemMessage": "Be brief.", "hasToolResult": False}
    way.gives(
        {"match": answered, "response": {"content": "It is warm."}},
        {"match": {**asked, "model": MODEL}, "response": {"toolCalls": calls}},
    )
    tools = [tool("weather", "city")]
    called = (await way.ask(tools=tools)).message
    result = ToolResult(called.tool_calls[0].id, "weather", "21 °C")
    given = Message("t", "a", Role.TOOL, "", 0.0, tool_results=(result,))
    assert (await way.ask(called, given, tools=tools)).text == "It is warm."


@pytest.mark.parametrize(
    ("native", "reason"),
    [
        ("length", FinishReason.LENGTH),
        ("content_filter", FinishReason.CONTENT_FILTER),
        ("bored", FinishReason.OTHER),
    ],
)
async def test_an_end_says_why(way: Way, native: str, reason: FinishReason) -> None:
    way.answers({"content": TEXT, "finishReason": native})
    outcome = await way.ask()
    assert outcome.error is None
    assert [(one.reason, one.native) for one in outcome.finished] == [(reason, native)]


async def test_slow_chunks_come_whole(way: Way) -> None:
    way.answers({"content": TEXT, "reasoning": THOUGHTS}, chunkSize=7, latency=30)
    outcome = await way.ask()
    assert outcome.error is None
    assert (outcome.message.text, outcome.message.reasoning) == (TEXT, THOUGHTS)


async def test_a_word_that_openrouter_is_at_work_does_no_harm(openrouter: Way) -> None:
    openrouter.answers({"content": TEXT}, openRouterProcessing=True)
    assert (await openrouter.ask()).text == TEXT


async def test_its_list_of_models_is_read(way: Way) -> None:
    way.gives({"match": {"model": "acme/large"}, "response": {"content": TEXT}})
    client = Client()
    try:
        url = f"{way.server.url}{way.path}/models"
        models = models_of(await client.fetch(JsonRequest(url, KEY, way.kind)))
    finally:
        await client.aclose()
    assert models is not None
    assert "acme/large" in [one.id for one in models]


# ---- What breaks off ----


async def test_a_connection_that_breaks_keeps_what_came(way: Way) -> None:
    way.answers({"content": "one two three"}, **stalling(3), **BREAK)
    assert "was lost" in failed(await way.ask(), Interrupted, "one ")


async def test_a_connection_that_breaks_keeps_the_thoughts(way: Way) -> None:
    response = {"content": TEXT, "reasoning": "Hmm."}
    way.answers(response, **stalling(2), **BREAK)
    outcome = await way.ask()
    failed(outcome, Interrupted)
    assert outcome.reasoning == "Hmm."


async def test_a_connection_that_breaks_keeps_half_a_call(way: Way) -> None:
    calls = [{"id": "call_1", "name": "weather", "arguments": {"city": "Zug"}}]
    way.answers({"toolCalls": calls}, **stalling(4), **BREAK)
    outcome = await way.ask(tools=[tool("weather", "city")])
    failed(outcome, Interrupted)
    assert outcome.message.tool_calls == (ToolCall("call_1", "weather", '{"ci'),)


async def test_a_truncated_stream_is_not_complete(way: Way) -> None:
    # It destroys the connection with the last of the chunks not yet sent.
    way.answers({"content": "one two three"}, chunkSize=2, latency=50, truncateAfterChunks=4)
    assert "was lost" in failed(await way.ask(), Interrupted, "one ")


async def test_a_stall_ends_by_itself(way: Way) -> None:
    way.answers({"content": "one two three"}, **stalling(3))
    outcome = await way.ask(client=Client(read_timeout=1))
    assert "stopped sending" in failed(outcome, Interrupted, "one ")


async def test_half_a_character_at_the_end_is_held_by_nobody(way: Way) -> None:
    way.answers({"content": "ab😀"}, **{**stalling(4), "chunkSize": 1}, **BREAK)
    outcome = await way.ask()
    assert type(outcome.error) is Interrupted
    assert outcome.message.text == "ab\ufffd"


async def test_a_word_that_openrouter_is_at_work_is_no_answer(openrouter: Way) -> None:
    delivery = {"openRouterProcessing": True, "streamingProfile": {"ttft": FOREVER}}
    openrouter.answers({"content": TEXT}, **delivery)
    outcome = await openrouter.ask(client=Client(silence_timeout=0.5))
    assert "stopped sending" in failed(outcome, Interrupted)


async def test_an_answer_that_never_begins(way: Way) -> None:
    way.answers({"content": TEXT}, chaos={"latencyMs": FOREVER})
    outcome = await way.ask(client=Client(read_timeout=0.3))
    assert "sent no answer" in failed(outcome, Interrupted)


async def test_a_connection_closed_without_an_answer(way: Way) -> None:
    way.answers({"content": TEXT}, chaos={"disconnectRate": 1})
    assert "without an answer" in failed(await way.ask(), Interrupted)


async def test_an_answer_that_is_no_json(way: Way) -> None:
    way.answers({"content": TEXT}, chaos={"malformedRate": 1})
    failed(await way.ask(), NotAnApi)


async def test_an_error_for_a_reason_keeps_what_came(way: Way) -> None:
    way.answers({"content": TEXT, "finishReason": "error"})
    failed(await way.ask(), ProviderFailed, TEXT)


# ---- What is refused ----


@pytest.mark.parametrize(
    ("status", "named", "kind"),
    [
        (400, "invalid_request_error", RequestRejected),
        (401, "authentication_error", KeyRefused),
        (402, "billing_error", NoCredit),
        (403, "permission_error", Forbidden),
        (404, "invalid_request_error", NoSuchModel),
        (413, "invalid_request_error", RequestRejected),
        (422, "invalid_request_error", RequestRejected),
        (429, "rate_limit_error", RateLimited),
        (500, "server_error", ProviderFailed),
        (502, "server_error", ProviderFailed),
        (503, "server_error", ProviderFailed),
        (529, "overloaded_error", ProviderFailed),
    ],
)
async def test_a_refusal_is_the_error_of_its_status(
    way: Way, status: int, named: str, kind: type[Refused]
) -> None:
    error = {"message": "Gone fishing.", "type": named}
    way.answers({"error": error, "status": status})
    outcome = await way.ask()
    assert "“Gone fishing.”" in failed(outcome, kind)
    assert isinstance(outcome.error, Refused)
    assert outcome.error.status == status


async def test_a_limit_says_how_long_to_wait(way: Way) -> None:
    error = {"message": "Slow down.", "type": "rate_limit_error"}
    way.answers({"error": error, "status": 429, "retryAfter": 7})
    outcome = await way.ask()
    failed(outcome, RateLimited)
    assert isinstance(outcome.error, RateLimited)
    assert outcome.error.retry_after == 7


@pytest.mark.parametrize(
    ("rate", "kind"), [("dropRate", ProviderFailed), ("rateLimitRate", RateLimited)]
)
async def test_chaos_is_a_refusal(way: Way, rate: str, kind: type[Refused]) -> None:
    way.answers({"content": TEXT}, chaos={rate: 1})
    assert "Chaos" in failed(await way.ask(), kind)


async def test_what_the_serving_host_said_is_dug_out(openrouter: Way) -> None:
    metadata = {"provider_name": "Acme", "raw": '{"error": {"message": "The GPU burns."}}'}
    error = {"message": "Provider returned error", "metadata": metadata}
    openrouter.answers({"error": error, "status": 502})
    assert "“Acme: The GPU burns.”" in failed(await openrouter.ask(), ProviderFailed)


async def test_another_key_is_refused(way: Way) -> None:
    way.answers({"content": TEXT})
    assert "Check the key in Settings" in failed(await way.ask(key="sk-wrong"), KeyRefused)
