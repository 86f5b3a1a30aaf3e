"""Whole conversations with each kind of provider, as their own descriptions have them."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from app.domain.chat.conversation import Message, Status
from app.domain.errors import UseValue
from app.domain.events import FinishReason
from app.domain.providers.models import DEEPSEEK_V4_PRO_DIRECT
from app.domain.providers.providers import ProviderKind
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from tests.servers import DONE, Script, Server, answer, event, serving
from tests.services.chat.test_delivery import Pauses, pauses, refusal
from tests.services.talking import ask, provider_at
from tests.services.tools.test_pending_calls import settled

__all__ = ["pauses"]

TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}]
KEYS = ("OPENROUTER_API_KEY", "DEEPSEEK_API_KEY", "OPENAI_API_KEY")


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.setenv(name, "sk-0123456789abcdef")


def talk(
    core: Core, server: Server, kind: ProviderKind, model: str = "m", **parameters: Any
) -> OpenConversation:
    provider = provider_at(core, server.url, kind)
    return core.conversations.create(provider=provider.id, model=model, parameters=parameters)


def chunk(delta: Mapping[str, Any], finish: str | None = None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return event({"id": "x-1", "object": "chat.completion.chunk", "choices": [choice], **more})


def streaming(*pieces: bytes) -> Script:
    # In small pieces: no event comes in one.
    return answer(b"".join(pieces), size=37)


# OpenRouter: comments while it waits, a role on every chunk, the usage after the end in a chunk
# that still has a choice, whose reason to finish is null.

DETAIL = {"type": "reasoning.text", "text": "Let ", "format": "unknown", "index": 0}


def openrouter(*deltas: Mapping[str, Any], finish: str = "stop") -> Script:
    more = {"provider": "DeepInfra", "model": "deepseek/deepseek-v4-pro"}
    usage = {
        "prompt_tokens": 20,
        "completion_tokens": 9,
        "cost": 0.0000127,
        "completion_tokens_details": {"reasoning_tokens": 4},
        "prompt_tokens_details": {"cached_tokens": 16, "cache_write_tokens": 2},
    }
    return streaming(
        b": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n",
        *(chunk({"role": "assistant", "content": "", **delta}, **more) for delta in deltas),
        chunk({"role": "assistant", "content": ""}, finish, **more),
        chunk({"role": "assistant", "content": ""}, **more, usage=usage),
        DONE,
    )


async def test_openrouter_thinks_answers_and_says_what_it_cost(core: Core) -> None:
    script = openrouter(
        {"reasoning": "Let ", "reasoning_details": [DETAIL]},
        {"reasoning": "me.", "reasoning_details": [{**DETAIL, "text": "me."}]},
        {"content": "Hello"},
        {"content": " there"},
    )
    with serving(script) as server:
        message = await ask(core, talk(core, server, ProviderKind.OPENROUTER))
        assert "stream_options" not in server.requests[0].json
        assert server.requests[0].headers["x-openrouter-title"] == "Loquat"
    assert (message.text, message.reasoning) == ("Hello there", "Let me.")
    assert json.loads(message.reasoning_details) == [{**DETAIL, "text": "Let me."}]
    assert (message.served_by, message.finish_reason) == ("DeepInfra", FinishReason.STOP)
    assert (message.cost, message.cost_estimated) == (Decimal("0.0000127"), False)
    assert message.usage is not None
    assert (message.usage.reasoning_tokens, message.usage.cached_tokens) == (4, 16)
    assert message.usage.cache_write_tokens == 2
    assert message.generation == "x-1"


async def test_openrouter_gets_the_details_of_its_thoughts_back_with_the_calls(core: Core) -> None:
    sealed = {"type": "reasoning.encrypted", "data": "c2VjcmV0", "id": "r1", "index": 1}
    call = {"index": 0, "id": "c1", "type": "function", "function": {"name": "weather"}}
    arguments = [{"index": 0, "function": {"arguments": part}} for part in ('{"city"', ': "Rome"}')]
    first = openrouter(
        {"reasoning": "Hm", "reasoning_details": [{**DETAIL, "text": "Hm"}, sealed]},
        {"tool_calls": [call]},
        *({"tool_calls": [part]} for part in arguments),
        finish="tool_calls",
    )
    with serving(first, openrouter({"content": "Sunny"})) as server:
        held = talk(core, server, ProviderKind.OPENROUTER, tools=TOOLS)
        await ask(core, held)
        core.tooling.answer(held, 0, "22")
        await settled(core, held)
        turn, result = server.requests[1].json["messages"][1:3]
    assert turn["reasoning_details"] == [{**DETAIL, "text": "Hm"}, sealed]
    assert "reasoning" not in turn
    assert turn["tool_calls"][0]["function"] == {"name": "weather", "arguments": '{"city": "Rome"}'}
    assert result == {"role": "tool", "tool_call_id": "c1", "content": "22"}


async def test_openrouter_fails_inside_a_stream_of_status_200(core: Core, pauses: Pauses) -> None:
    failed = event(
        {
            "id": "gen-1",
            "provider": "OpenAI",
            "error": {
                "code": 429,
                "message": "Provider returned error",
                "metadata": {"error_type": "rate_limit_exceeded", "raw": '{"error":"slow down"}'},
            },
            "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}],
        }
    )
    with serving(answer(b": OPENROUTER PROCESSING\n\n" + failed)) as server:
        message = await ask(core, talk(core, server, ProviderKind.OPENROUTER))
        assert len([one for one in server.requests if one.method == "POST"]) == 3
    assert message.status is Status.FAILED
    assert "slow down" in message.error


# DeepSeek: keep-alives, an empty thought first, the usage in the last chunk, no cost; a turn that
# called a tool must carry its thoughts for ever.


def deepseek(*deltas: Mapping[str, Any], finish: str = "stop") -> Script:
    usage = {
        "prompt_tokens": 1_000_000,
        "completion_tokens": 0,
        "prompt_cache_hit_tokens": 500_000,
        "prompt_cache_miss_tokens": 500_000,
    }
    return streaming(
        b": keep-alive\n\n",
        chunk({"role": "assistant", "content": None, "reasoning_content": ""}),
        *(chunk(delta) for delta in deltas),
        chunk({"content": "", "reasoning_content": None}, finish, usage=usage),
        DONE,
    )


async def test_deepseek_costs_by_its_list_with_what_was_cached(core: Core) -> None:
    thoughts: list[dict[str, Any]] = [{"reasoning_content": "Hm"}, {"content": "Yes"}]
    with serving(deepseek(*thoughts)) as server:
        model = DEEPSEEK_V4_PRO_DIRECT
        message = await ask(core, talk(core, server, ProviderKind.DEEPSEEK, model.id))
        assert server.requests[0].json["stream_options"] == {"include_usage": True}
    assert (message.text, message.reasoning) == ("Yes", "Hm")
    assert message.cost_estimated
    # Half of a million tokens from the cache, half not; double at some hours.
    assert message.cost in {Decimal("0.341"), Decimal("0.682")}


async def test_deepseek_gets_its_thoughts_back_with_every_turn(core: Core) -> None:
    call = {"index": 0, "id": "c1", "function": {"name": "weather", "arguments": "{}"}}
    first = deepseek({"reasoning_content": "Look."}, {"tool_calls": [call]}, finish="tool_calls")
    with serving(first, deepseek({"content": "22"}), deepseek({"content": "So."})) as server:
        held = talk(core, server, ProviderKind.DEEPSEEK, tools=TOOLS, top_k=4, seed=1)
        await ask(core, held)
        core.tooling.answer(held, 0, "22")
        await settled(core, held)
        await ask(core, held, "And now?")
        sent = [request.json for request in server.requests]
    assert [body["messages"][1]["reasoning_content"] for body in sent[1:]] == ["Look.", "Look."]
    assert not {"top_k", "seed"} & sent[0].keys()


async def test_deepseek_runs_out_of_resources(core: Core, pauses: Pauses) -> None:
    failing = streaming(chunk({"content": ""}, "insufficient_system_resource"), DONE)
    with serving(failing, deepseek({"content": "Now"})) as server:
        message = await ask(core, talk(core, server, ProviderKind.DEEPSEEK))
    assert message.text == "Now"


# OpenAI: a chunk of usage without a choice; errors that name the parameter.


async def test_openai_counts_in_a_chunk_without_a_choice(core: Core) -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    script = streaming(
        chunk({"role": "assistant", "content": "", "refusal": None}),
        chunk({"content": "Hi"}),
        chunk({}, "stop"),
        event({"id": "x-1", "choices": [], "usage": usage}),
        DONE,
    )
    with serving(script) as server:
        held = talk(core, server, ProviderKind.OPENAI, max_tokens=50, top_k=3)
        message = await ask(core, held)
        body = server.requests[0].json
    assert (body["max_completion_tokens"], "top_k" in body) == (50, False)
    assert message.usage is not None
    assert message.usage.completion_tokens == 2


async def test_openai_refuses_a_temperature_and_offers_the_default(
    core: Core, pauses: Pauses
) -> None:
    error = {
        "message": "Unsupported value: 'temperature' does not support 0.2 with this model. "
        "Only the default (1) value is supported.",
        "type": "invalid_request_error",
        "param": "temperature",
        "code": "unsupported_value",
    }
    with serving(refusal(400, error)) as server:
        message = await ask(core, talk(core, server, ProviderKind.OPENAI, temperature=0.2))
        assert len(server.requests) == 1
    assert message.remedy == UseValue("temperature", 1)
    assert message.error.startswith(
        "Temperature 0.2 was refused. Message from the server: “Unsupported value"
    )
    assert message.error.endswith("Use 1 or another value, then try again.")


async def test_openai_refuses_to_answer_in_its_own_field(core: Core) -> None:
    script = streaming(chunk({"refusal": "I can't "}), chunk({"refusal": "help."}, "stop"), DONE)
    with serving(script) as server:
        assert (await ask(core, talk(core, server, ProviderKind.OPENAI))).text == "I can't help."


# Ollama: whole calls, thoughts under their short name, which it also reads back.


async def test_ollama_sends_a_call_whole_and_takes_its_thoughts_back(core: Core) -> None:
    call = {"id": "call_1", "index": 0, "function": {"name": "weather", "arguments": '{"a":1}'}}
    first = streaming(
        chunk({"role": "assistant", "content": "", "reasoning": "Hm"}),
        chunk({"content": "", "tool_calls": [call]}, "tool_calls"),
        DONE,
    )
    with serving(first, streaming(chunk({"content": "22"}, "stop"), DONE)) as server:
        held = talk(
            core,
            server,
            ProviderKind.OLLAMA,
            tools=TOOLS,
            reasoning={"effort": "low"},
            max_tokens=9,
        )
        await ask(core, held)
        core.tooling.answer(held, 0, "22")
        await settled(core, held)
        first_body, second_body = (request.json for request in server.requests)
    assert (first_body["reasoning_effort"], first_body["max_tokens"]) == ("low", 9)
    assert second_body["messages"][1]["reasoning"] == "Hm"


# llama.cpp: it loads its model, reports how far it has read, and gives probabilities in batches.


async def test_llama_cpp_is_waited_for_while_it_loads(core: Core, pauses: Pauses) -> None:
    loading = refusal(503, {"code": 503, "message": "Loading model", "type": "unavailable_error"})
    token = {"token": "Hi", "logprob": -0.1, "bytes": [72, 105], "id": 7, "top_logprobs": []}
    good = streaming(
        event({"choices": [], "prompt_progress": {"total": 9, "processed": 4}}),
        chunk({"role": "assistant", "content": None}),
        event(
            {
                "choices": [
                    {
                        "index": 0,
                        "delta": {"content": "Hi"},
                        "logprobs": {"content": [token]},
                        "finish_reason": None,
                    }
                ]
            }
        ),
        event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "timings": {}}),
        DONE,
    )
    with serving(loading, good) as server:
        held = talk(core, server, ProviderKind.LLAMA_CPP, repetition_penalty=1.1, logprobs=True)
        message = await ask(core, held)
        assert server.requests[1].json["repeat_penalty"] == 1.1
    assert message.text == "Hi"
    (kept,) = core.library.probabilities(message.id)
    assert (kept.chosen.id, kept.chosen.bytes) == (7, b"Hi")


async def test_a_conversation_too_long_for_llama_cpp_says_by_how_much(core: Core) -> None:
    error = {
        "code": 400,
        "message": "the request exceeds the available context size",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": 9000,
        "n_ctx": 8192,
    }
    with serving(refusal(400, error)) as server:
        message: Message = await ask(core, talk(core, server, ProviderKind.LLAMA_CPP, max_tokens=5))
        assert len(server.requests) == 1
    assert "9,000 tokens" in message.error
    assert message.remedy == "model"


async def test_vllm_thinks_under_either_name(core: Core) -> None:
    for name in ("reasoning", "reasoning_content"):
        script = streaming(chunk({name: "Hm"}), chunk({"content": "Yes"}, "stop"), DONE)
        with serving(script) as server:
            held = talk(core, server, ProviderKind.VLLM, reasoning={"max_tokens": 50})
            message = await ask(core, held)
            assert server.requests[0].json["thinking_token_budget"] == 50
        assert (message.reasoning, message.text) == ("Hm", "Yes")
