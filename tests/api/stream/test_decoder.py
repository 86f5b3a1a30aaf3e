"""What providers really send becomes the right events, in the right order."""

import json
from decimal import Decimal
from typing import Any

import pytest

from app.api.failures.provider import Failures
from app.api.stream.decoder import Decoder
from app.api.stream.event_stream import EventStream
from app.domain.errors import (
    KeyRefused,
    ProviderFailed,
    RateLimited,
    RequestRejected,
)
from app.domain.events import (
    Candidate,
    Event,
    Finished,
    FinishReason,
    ReasoningDelta,
    ReasoningDetails,
    Served,
    TextDelta,
    TokenProbabilities,
    Usage,
)
from tests.servers import chat


def fresh() -> Decoder:
    return Decoder(Failures("host"))


def decoded(*payloads: Any) -> list[Event]:
    """The events of some chunks, given as JSON values or as bytes."""
    return fresh().feed(
        one if isinstance(one, bytes) else json.dumps(one).encode() for one in payloads
    )


def choice(**fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, **fields}]}


def delta(**fields: Any) -> dict[str, Any]:
    return choice(delta=fields)


@pytest.mark.parametrize("size", [1, 2, 3, 7, None])
def test_a_whole_stream_decodes_alike_at_every_cut(size: int | None) -> None:
    data = chat("né", "e 😀", "\u2028fin", "迁移")
    stream, decoder = EventStream(), fresh()
    events: list[Event] = []
    step = size or len(data)
    for start in range(0, len(data), step):
        events += decoder.feed(stream.feed(data[start : start + step]))
    assert events == [
        Served(id="gen-1", model="m"),
        *map(TextDelta, ["né", "e 😀", "\u2028fin", "迁移"]),
        Finished(FinishReason.STOP, "stop"),
    ]
    assert decoder.done
    assert decoder.end() is None


@pytest.mark.parametrize(
    "fields",
    [
        {"reasoning": "why"},
        {"reasoning_content": "why"},
        {"reasoning": "why", "reasoning_content": "why"},
        {"reasoning": "", "reasoning_content": "why", "content": ""},
        {"reasoning": "why", "reasoning_details": [{"type": "reasoning.text", "text": "why"}]},
    ],
)
def test_reasoning_comes_once_under_any_name(fields: dict[str, str]) -> None:
    thoughts = [one for one in decoded(delta(**fields)) if not isinstance(one, ReasoningDetails)]
    assert thoughts == [ReasoningDelta("why")]


def test_details_of_the_reasoning_are_kept_as_they_came() -> None:
    detail = {"type": "reasoning.text", "text": "why", "signature": None, "index": 0}
    events = decoded(delta(reasoning="why", reasoning_details=[detail]))
    assert events == [ReasoningDelta("why"), ReasoningDetails((detail,))]


@pytest.mark.parametrize(
    "fields", [{"reasoning_content": ""}, {"reasoning": None}, {"content": None}, {"content": ""}]
)
def test_an_empty_delta_opens_nothing(fields: dict[str, Any]) -> None:
    assert decoded(delta(role="assistant", **fields)) == []


def test_content_in_parts_is_their_text() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}]
    assert decoded(delta(content=parts)) == [TextDelta("ab")]


def test_a_refusal_of_the_model_is_what_it_says() -> None:
    assert decoded(delta(content=None, refusal="I can't.")) == [TextDelta("I can't.")]


def test_a_later_null_does_not_unsay_the_finish() -> None:
    events = decoded(choice(finish_reason="length", delta={}), choice(finish_reason=None, delta={}))
    assert events == [Finished(FinishReason.LENGTH, "length")]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("stop", FinishReason.STOP),
        ("length", FinishReason.LENGTH),
        ("tool_calls", FinishReason.TOOL_CALLS),
        ("function_call", FinishReason.TOOL_CALLS),
        ("content_filter", FinishReason.CONTENT_FILTER),
        ("eos", FinishReason.OTHER),
    ],
)
def test_every_finish_reason_is_known_or_other(said: str, reason: FinishReason) -> None:
    assert decoded(choice(finish_reason=said)) == [Finished(reason, said)]


def test_the_native_reason_is_kept() -> None:
    events = decoded(choice(finish_reason="stop", native_finish_reason="end_turn"))
    assert events == [Finished(FinishReason.STOP, "end_turn")]


def test_done_without_a_reason_finishes_for_another() -> None:
    assert decoded(delta(content="a"), b"[DONE]")[-1] == Finished(FinishReason.OTHER)


@pytest.mark.parametrize("said", ["error", "insufficient_system_resource"])
def test_a_finish_that_is_a_failure_fails(said: str) -> None:
    decoder = fresh()
    events = decoder.feed([json.dumps(choice(finish_reason=said, delta={"content": "a"})).encode()])
    assert events == [TextDelta("a")]
    assert isinstance(decoder.end(), ProviderFailed)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": 429, "message": "slow down"}, RateLimited),
        ({"code": "server_error", "message": "oops"}, ProviderFailed),
        ({"code": "401", "message": "no"}, KeyRefused),
        ({"type": "exceed_context_size_error", "message": "long", "code": 400}, RequestRejected),
        ("just words", ProviderFailed),
    ],
)
def test_an_error_in_any_chunk_is_the_right_refusal(error: Any, kind: type[Exception]) -> None:
    decoder = fresh()
    chunks = [delta(content="kept"), {"error": error, **choice(finish_reason="error", delta={})}]
    events = decoder.feed(json.dumps(one).encode() for one in chunks)
    assert events == [TextDelta("kept")]
    assert type(decoder.end()) is kind


def test_what_answers_is_said_when_it_is_known_and_when_it_changes() -> None:
    events = decoded(
        {"id": "g", "model": "m"},
        {"id": "g", "model": "m", "provider": "DeepInfra"},
        {"id": "g", "model": None, "provider": "DeepInfra"},
    )
    assert events == [Served("g", "m"), Served("g", "m", "DeepInfra")]


def test_usage_of_openrouter_has_its_exact_cost() -> None:
    raw = (
        b'{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":7,"total_tokens":16,'
        b'"cost":0.000012300000000000000001,"prompt_tokens_details":{"cached_tokens":4},'
        b'"completion_tokens_details":{"reasoning_tokens":5},"cost_details":{"x":null}}}'
    )
    assert decoded(raw) == [Usage(9, 7, 5, 4, Decimal("0.000012300000000000000001"))]


def test_usage_of_deepseek_counts_its_cache_hits() -> None:
    usage = {"prompt_tokens": 9, "completion_tokens": 7, "prompt_cache_hit_tokens": 3}
    assert decoded({"choices": [], "usage": usage}) == [Usage(9, 7, None, 3, None)]


def test_usage_of_llama_cpp_is_read_beside_its_timings() -> None:
    raw = {
        "choices": [],
        "usage": {"completion_tokens": 6, "prompt_tokens": 13, "total_tokens": 19},
        "timings": {"prompt_n": 13, "predicted_per_second": 12.7},
    }
    assert decoded(raw) == [Usage(13, 6)]


@pytest.mark.parametrize("cost", [b'"NaN"', b"1e999999", b"-1", b'"free"', b"[]"])
def test_an_impossible_cost_is_no_cost(cost: bytes) -> None:
    raw = b'{"usage":{"prompt_tokens":1,"cost":' + cost + b"}}"
    assert decoded(raw) == [Usage(prompt_tokens=1)]


def test_probabilities_have_ids_bytes_and_alternatives_in_order() -> None:
    top = [
        {"id": 7, "token": "b", "bytes": [98], "logprob": -2.0},
        {"id": 5, "token": "", "bytes": [240, 159], "logprob": -0.5},
    ]
    token = {"id": 7, "token": "b", "bytes": [98], "logprob": -2.0, "top_logprobs": top}
    (probabilities,) = decoded(choice(delta={}, logprobs={"content": [token]}))
    chosen = Candidate("b", -2.0, b"b", 7)
    other = Candidate("", -0.5, b"\xf0\x9f", 5)
    assert probabilities == TokenProbabilities(chosen, (other, chosen))


def test_probabilities_of_reasoning_are_marked() -> None:
    one = {"token": "a", "logprob": -1}
    both = decoded(choice(delta={}, logprobs={"content": [one], "reasoning_content": [one]}))
    alone = decoded(choice(delta={"reasoning": "a"}, logprobs={"content": [one]}))
    marks = [one.reasoning for one in both + alone if isinstance(one, TokenProbabilities)]
    assert marks == [True, False, True]


def test_the_tokens_of_a_closing_tag_are_of_the_reasoning() -> None:
    def scored(*words: str) -> dict[str, Any]:
        return {"content": [{"token": word, "logprob": -1} for word in words]}

    events = decoded(
        choice(delta={}, logprobs=scored("<think>")),
        choice(delta={"reasoning": "a"}, logprobs=scored("a")),
        choice(delta={}, logprobs=scored("</", "think", ">")),
        choice(delta={}, logprobs=scored("\n\n")),
        choice(delta={"content": "b"}, logprobs=scored("b")),
        choice(delta={}, logprobs=scored("<end>")),
    )
    marks = [one.reasoning for one in events if isinstance(one, TokenProbabilities)]
    assert marks == [True] * 6 + [False] * 2
    whole = choice(
        message={"reasoning": "a", "content": "b"}, logprobs=scored("a", "</think>", "b")
    )
    marks = [one.reasoning for one in decoded(whole) if isinstance(one, TokenProbabilities)]
    assert marks == [True, True, False]


def test_minus_infinity_is_a_number_that_can_be_stored() -> None:
    raw = b'{"choices":[{"logprobs":{"content":[{"token":"a","logprob":-Infinity}]}}]}'
    assert decoded(raw) == [TokenProbabilities(Candidate("a", -9999.0), ())]
