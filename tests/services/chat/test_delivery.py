"""What passes by itself is waited for, what is refused is left out, and nothing is paid twice."""

import asyncio
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.domain.chat.conversation import Message, Status
from app.domain.errors import Remedy, UseValue
from app.domain.providers.providers import ProviderKind
from app.services.chat.chat import Chat
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from tests.servers import Connection, Script, Server, answer, chat, chunk, event, serving
from tests.services.talking import ask, conversation_at, next_time, provider_at, text_so_far


class Pauses:
    """Stands in for sleeping, and remembers for how long."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def pauses(core: Core) -> Pauses:
    """The core's chat, pausing for no time."""
    made = Pauses()
    core.chat = Chat(
        core.library, core.conversations, core.providers, core.client, core.tasks, sleep=made
    )
    return made


def refusal(status: int, error: Any = None, headers: Mapping[str, str] | None = None) -> Script:
    body = json.dumps({"error": error or {"message": "No."}})
    return answer(body, status=status, content_type="application/json", headers=headers)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 524, 529])
async def test_what_passes_is_tried_again(core: Core, pauses: Pauses, status: int) -> None:
    told: list[str] = []
    core.chat.waiting.connect(lambda _id, words: told.append(words))
    with serving(refusal(status), refusal(status), answer(chat("At last"))) as server:
        message = await ask(core, conversation_at(core, server))
        assert len(server.requests) == 3
    assert (message.text, message.status, message.error) == ("At last", Status.COMPLETE, "")
    assert any("Trying again in 1 second (2 of 3)" in words for words in told)
    assert told[-1] == ""
    assert server.requests[0].body == server.requests[2].body


async def test_the_third_try_is_waited_for_twice_as_long_as_the_second(
    core: Core, pauses: Pauses
) -> None:
    told: list[str] = []
    core.chat.waiting.connect(lambda _id, words: told.append(words))
    with serving(refusal(503), refusal(503), answer(chat("At last"))) as server:
        await ask(core, conversation_at(core, server))
    assert [words.partition("Trying again ")[2] for words in told if "Trying again" in words] == [
        "in 1 second (2 of 3). Stop cancels.",
        "in 2 seconds (3 of 3). Stop cancels.",
        "in 1 second (3 of 3). Stop cancels.",
    ]
    assert pauses.slept == [1, 1, 1]


async def test_after_three_tries_it_is_said(core: Core, pauses: Pauses) -> None:
    with serving(refusal(503)) as server:
        message = await ask(core, conversation_at(core, server))
        assert len(server.requests) == 3
    assert message.status is Status.FAILED
    assert "overloaded" in message.error


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422])
async def test_what_would_fail_again_is_not_tried_again(
    core: Core, pauses: Pauses, status: int
) -> None:
    with serving(refusal(status)) as server:
        message = await ask(core, conversation_at(core, server))
        assert len(server.requests) == 1
    assert message.status is Status.FAILED
    assert pauses.slept == []


async def test_a_provider_says_how_long_to_wait_and_the_seconds_are_counted(
    core: Core, pauses: Pauses
) -> None:
    told: list[str] = []
    core.chat.waiting.connect(lambda _id, words: told.append(words))
    with serving(refusal(429, headers={"Retry-After": "3"}), answer(chat("a"))) as server:
        await ask(core, conversation_at(core, server))
    assert pauses.slept == [1, 1, 1]
    counted = [words for words in told if "Trying again" in words]
    assert ["in 3 seconds" in counted[0], "in 1 second " in counted[-1]] == [True, True]


async def test_a_daily_quota_is_not_waited_for(core: Core, pauses: Pauses) -> None:
    with serving(refusal(429, headers={"Retry-After": "3600"})) as server:
        await ask(core, conversation_at(core, server))
        assert len(server.requests) == 1


@pytest.mark.parametrize(("retryable", "asked"), [(True, 2), (False, 1)])
async def test_the_providers_own_word_beats_the_status(
    core: Core, pauses: Pauses, retryable: bool, asked: int
) -> None:
    error = {"message": "No.", "availability": {"retryable": retryable}}
    status = 404 if retryable else 503
    with serving(refusal(status, error), answer(chat("a"))) as server:
        await ask(core, conversation_at(core, server))
        assert len(server.requests) == asked


async def test_a_failure_inside_a_stream_is_tried_again_while_nothing_has_come(
    core: Core, pauses: Pauses
) -> None:
    failed = answer(event({"error": {"code": 502, "message": "Bad."}, "choices": []}))
    with serving(failed, answer(chat("a"))) as server:
        message = await ask(core, conversation_at(core, server))
    assert message.text == "a"


async def test_once_something_came_nothing_is_sent_again(core: Core, pauses: Pauses) -> None:
    failed = answer(chunk("So far") + event({"error": {"code": 502, "message": "Bad."}}))
    with serving(failed) as server:
        message = await ask(core, conversation_at(core, server))
        assert len(server.requests) == 1
    assert (message.text, message.status) == ("So far", Status.INTERRUPTED)


async def test_an_answer_that_broke_off_before_its_first_word_may_have_been_paid_for(
    core: Core, pauses: Pauses
) -> None:
    with serving(answer(b": waiting\n\n")) as server:
        message = await ask(core, conversation_at(core, server))
        assert len(server.requests) == 1
    assert message.status is Status.FAILED


async def test_stop_ends_the_waiting(core: Core, tmp_path: Path) -> None:
    with serving(refusal(429, headers={"Retry-After": "50"})) as server:
        held = conversation_at(core, server)
        waited = asyncio.get_running_loop().create_future()

        def take(_id: str, words: str) -> None:
            if "Trying again" in words and not waited.done():
                waited.set_result(None)

        core.chat.waiting.connect(take)
        task = core.chat.send(held, "Well?")
        await asyncio.wait_for(waited, 10)
        core.chat.stop(held.id)
        await asyncio.wait_for(task, 10)
        assert len(server.requests) == 1
    assert held.path()[-1].status is Status.STOPPED


REFUSED = {"message": "Unrecognized request argument supplied: top_k"}


async def test_a_refused_parameter_is_left_out_noted_and_remembered(
    core: Core, pauses: Pauses
) -> None:
    with serving(refusal(400, REFUSED), answer(chat("a")), answer(chat("b"))) as server:
        held = conversation_at(core, server)
        core.conversations.change(held, parameters={"top_k": 4, "temperature": 0.5})
        message = await ask(core, held)
        assert [("top_k" in one.json) for one in server.requests] == [True, False]
        assert server.requests[1].json["temperature"] == 0.5
        assert message.note == "Sent without Top K, which this model refused."
        provider = core.providers.get(held.conversation.provider)
        model = core.providers.model(provider, "m")
        assert "Unrecognized" in core.providers.not_taken(provider, model)["top_k"]
        again = await ask(core, held)
        assert "top_k" not in server.requests[2].json
        assert again.note == ""
        core.providers.forget_refusal(provider, model, "top_k")
        assert "top_k" not in core.providers.not_taken(provider, model)
    assert core.library.messages(held.id) == held.path()
    _url, body = core.library.request(message.id) or ("", {})
    assert "top_k" not in body


async def test_a_refused_parameter_takes_with_it_what_needs_it(core: Core, pauses: Pauses) -> None:
    error = {"message": "Not supported.", "param": "logprobs"}
    with serving(refusal(422, error), answer(chat("a"))) as server:
        held = conversation_at(core, server)
        core.conversations.change(held, parameters={"logprobs": True, "top_logprobs": 3})
        message = await ask(core, held)
        assert not {"logprobs", "top_logprobs"} & server.requests[1].json.keys()
    assert "Top log probabilities" in message.note


async def test_a_server_that_refuses_everything_is_asked_no_more(
    core: Core, pauses: Pauses
) -> None:
    values = {"top_k": 1, "top_p": 0.5, "min_p": 0.1, "temperature": 1.0, "seed": 1}

    def refuse(connection: Connection) -> None:
        sent = next(name for name in values if name in connection.request.json)
        refusal(400, {"message": "Unsupported.", "param": sent})(connection)

    with serving(refuse) as server:
        held = conversation_at(core, server)
        core.conversations.change(held, parameters=values)
        message = await ask(core, held)
        assert len(server.requests) == 4
    assert message.status is Status.FAILED


GENERATION = {
    "data": {
        "total_cost": 0.00125,
        "native_tokens_prompt": 12,
        "native_tokens_completion": 34,
        "native_tokens_reasoning": 5,
        "provider_name": "DeepInfra",
    }
}


def openrouter_at(core: Core, server: Server) -> OpenConversation:
    provider = provider_at(core, server.url, ProviderKind.OPENROUTER)
    return core.conversations.create(provider=provider.id, model="m")


async def test_what_a_stopped_answer_cost_is_asked_for(
    core: Core, pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-0123456789abcdef")

    def begin(connection: Connection) -> None:
        connection.head(headers={"X-Generation-Id": "gen-7/8"})
        connection.send(chunk("So far").replace(b"gen-1", b"gen-7/8"))
        connection.stall()

    known = answer(json.dumps(GENERATION), content_type="application/json")
    with serving(begin, refusal(404), known) as server:
        held = openrouter_at(core, server)
        task = core.chat.send(held, "Well?")
        await text_so_far(core, held, "So far")
        amended = next_time(core.conversations.amended)
        core.chat.stop(held.id)
        await asyncio.wait_for(task, 10)
        assert held.path()[-1].cost is None
        await asyncio.wait_for(amended, 10)
        assert server.requests[2].path == "/generation?id=gen-7%2F8"
    message = held.path()[-1]
    assert (message.status, message.text) == (Status.STOPPED, "So far")
    assert (message.cost, message.cost_estimated) == (Decimal("0.00125"), False)
    assert message.served_by == "DeepInfra"
    assert message.usage is not None
    assert message.usage.completion_tokens == 34
    assert pauses.slept == [1.0, 3.0]
    assert core.library.messages(held.id) == held.path()


async def test_a_cost_that_is_not_counted_yet_is_asked_for_again(
    core: Core, pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-0123456789abcdef")
    uncounted = {"data": {**GENERATION["data"], "total_cost": None}}
    scripts = [
        answer(json.dumps(value), content_type="application/json")
        for value in (uncounted, {"data": None}, GENERATION)
    ]
    with serving(answer(chunk("So far")), *scripts) as server:
        held = openrouter_at(core, server)
        amended = next_time(core.conversations.amended)
        await ask(core, held)
        await asyncio.wait_for(amended, 10)
        assert len(server.requests) == 4
    assert held.path()[-1].cost == Decimal("0.00125")
    assert pauses.slept == [1.0, 3.0, 8.0]


async def test_a_cost_that_is_known_is_not_asked_for(
    core: Core, pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-0123456789abcdef")
    usage = event({"choices": [], "usage": {"prompt_tokens": 1, "cost": 0.5}})
    whole = chunk("a") + chunk(finish="stop") + usage + b"data: [DONE]\n\n"
    with serving(answer(whole)) as server:
        message: Message = await ask(core, openrouter_at(core, server))
        assert len(server.requests) == 1
    assert message.cost == Decimal("0.5")
    assert pauses.slept == []


async def test_what_leaving_out_does_not_cure_is_not_remembered(core: Core, pauses: Pauses) -> None:
    wrong = refusal(400, {"message": "Unknown parameter.", "param": "top_k"})
    with serving(wrong, refusal(401)) as server:
        held = conversation_at(core, server)
        core.conversations.change(held, parameters={"top_k": 4})
        await ask(core, held)
    provider = core.providers.get(held.conversation.provider)
    assert not core.providers.refused(provider, core.providers.model(provider, "m"))


@pytest.mark.parametrize(
    ("words", "values", "use"),
    [
        ("max_tokens must be ≤ 8192", {"max_tokens": 100_000}, UseValue("max_tokens", 8192)),
        (
            "top_logprobs must be between 0 and 5",
            {"logprobs": True, "top_logprobs": 20},
            UseValue("top_logprobs", 5),
        ),
        (
            "temperature and top_p cannot both be set",
            {"temperature": 1.0, "top_p": 0.5},
            Remedy.NONE,
        ),
        ("top_p is only supported while thinking is off", {"top_p": 0.5}, Remedy.NONE),
    ],
)
async def test_a_refused_value_is_shown_and_nothing_is_sent_without_it(
    core: Core, pauses: Pauses, words: str, values: dict[str, Any], use: Remedy | UseValue
) -> None:
    with serving(refusal(400, {"message": words}), answer(chat("a"))) as server:
        held = conversation_at(core, server)
        core.conversations.change(held, parameters=values)
        message = await ask(core, held)
        assert len(server.requests) == 1
        assert (message.status, message.remedy, message.note) == (Status.FAILED, use, "")
        assert words in message.error
        assert ("Use" in message.error) is isinstance(use, UseValue)
        await ask(core, held)
        assert values.items() <= server.requests[1].json.items()
    provider = core.providers.get(held.conversation.provider)
    assert not core.providers.refused(provider, core.providers.model(provider, "m"))
    assert core.library.messages(held.id)[1].remedy == use


async def test_a_refusal_of_the_messages_blames_no_parameter(core: Core, pauses: Pauses) -> None:
    error = {"message": "Unknown parameter: 'top_k'", "param": "messages"}
    with serving(refusal(400, error)) as server:
        held = conversation_at(core, server)
        core.conversations.change(held, parameters={"top_k": 4})
        await ask(core, held)
        assert len(server.requests) == 1


async def test_a_wrong_value_is_the_persons_to_mend(core: Core, pauses: Pauses) -> None:
    error = {"message": "Invalid schema for response_format", "param": "response_format"}
    with serving(refusal(400, error)) as server:
        held = conversation_at(core, server)
        core.conversations.change(held, parameters={"response_format": {"type": "json_object"}})
        message = await ask(core, held)
        assert len(server.requests) == 1
    assert "Invalid schema" in message.error


async def test_a_daily_quota_said_in_words_is_not_asked_again(core: Core, pauses: Pauses) -> None:
    error = {"message": "Rate limit exceeded: free-models-per-day"}
    with serving(refusal(429, error)) as server:
        await ask(core, conversation_at(core, server))
        assert len(server.requests) == 1


async def test_nothing_of_a_failed_try_is_in_the_answer(core: Core, pauses: Pauses) -> None:
    sealed = {"type": "reasoning.encrypted", "data": "of the failed try"}
    delta = {"index": 0, "delta": {"reasoning_details": [sealed]}, "finish_reason": "length"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "cost": 0.5}
    failed = event({"id": "g", "choices": [delta], "usage": usage})
    failed += event({"error": {"code": 502, "message": "Bad."}, "choices": []})
    with serving(answer(failed), answer(chat("Hello"))) as server:
        message = await ask(core, conversation_at(core, server))
    assert (message.text, message.finish_reason) == ("Hello", "stop")
    assert (message.reasoning_details, message.cost) == ("", None)
