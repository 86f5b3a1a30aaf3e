"""Halves, wrong types, nonsense and missing ends: what can be understood still arrives."""

import json
from typing import Any

import pytest

from app.api.stream.decoder import MAX_NONSENSE
from app.api.stream.event_stream import EventStream
from app.domain.errors import (
    Interrupted,
    NotAnApi,
)
from app.domain.events import (
    Finished,
    FinishReason,
    ReasoningDelta,
    Served,
    TextDelta,
    Usage,
)
from tests.api.http.exchanges import message_of
from tests.api.stream.test_decoder import choice, decoded, delta, fresh
from tests.servers import DONE, chunk, event


def test_halves_of_a_surrogate_pair_in_two_deltas_arrive_as_one_character() -> None:
    first = b'{"choices":[{"delta":{"content":"a\\ud83d","reasoning":"\\ud83d"}}]}'
    second = b'{"choices":[{"delta":{"content":"\\ude00b","reasoning":"\\ude00"}}]}'
    message = message_of(decoded(first, second))
    assert (message.text, message.reasoning) == ("a😀b", "😀")


def test_halves_of_a_pair_in_a_tool_call_arrive_as_one_character() -> None:
    def piece(text: bytes) -> bytes:
        arguments = b'{"index":0,"function":{"name":"f","arguments":"' + text + b'"}}'
        return b'{"choices":[{"delta":{"tool_calls":[' + arguments + b"]}}]}"

    (call,) = message_of(decoded(piece(b"\\ud83d"), piece(b"\\ude00"))).tool_calls
    assert call.arguments == "😀"


def test_invalid_utf8_becomes_a_replacement_character() -> None:
    assert decoded(b'{"choices":[{"delta":{"content":"a\xffb"}}]}') == [TextDelta("a\ufffdb")]


@pytest.mark.parametrize(
    "odd",
    [
        {"created": "yesterday", "choices": [{"delta": {"content": "a", "role": 7, "x": [[]]}}]},
        {"id": 5, "model": [], "provider": {}, "choices": [{"delta": {"content": "a"}}]},
        {"choices": [{"delta": {"content": "a", "tool_calls": "no", "reasoning": 3}}]},
        {"choices": [None, 4, {"index": "0", "delta": {"content": "a"}, "logprobs": "none"}]},
        {"choices": [{"delta": {"content": "a"}, "finish_reason": 0}], "usage": "much"},
        {"choices": [{"delta": {"content": "a"}, "logprobs": {"content": [{"logprob": "x"}]}}]},
    ],
)
def test_what_has_the_wrong_type_spoils_nothing_else(odd: dict[str, Any]) -> None:
    assert decoded(odd) == [TextDelta("a")]


@pytest.mark.parametrize(
    "nonsense",
    [b"hello", b"[1]", b"{", b"[" * 5000],
)
def test_an_event_that_is_not_json_is_skipped_and_counted(nonsense: bytes) -> None:
    decoder = fresh()
    good = json.dumps(delta(content="a")).encode()
    assert decoder.feed([good, nonsense, good]) == [TextDelta("a")] * 2
    assert decoder.skipped == 1
    assert decoder.failure is None


@pytest.mark.parametrize("number", [b"9" * 6000, b"1e99999999999999999999", b"NaN"])
def test_a_number_that_is_none_costs_no_text(number: bytes) -> None:
    raw = b'{"choices":[{"delta":{"content":"a"}}],"usage":{"cost":%b}}' % number
    assert decoded(raw) == [TextDelta("a"), Usage()]


def test_nothing_but_nonsense_is_not_an_api() -> None:
    decoder = fresh()
    decoder.feed([b"hello"] * MAX_NONSENSE)
    assert isinstance(decoder.failure, NotAnApi)


def test_nonsense_in_a_row_after_an_answer_interrupts_it() -> None:
    decoder = fresh()
    good = json.dumps(delta(content="a")).encode()
    decoder.feed([good, *[b"hello"] * (MAX_NONSENSE - 1), good])
    assert decoder.failure is None
    decoder.feed([b"hello"] * MAX_NONSENSE)
    assert isinstance(decoder.failure, Interrupted)


def test_an_end_without_a_reason_is_an_interruption() -> None:
    decoder = fresh()
    decoder.feed([json.dumps(delta(content="a")).encode()])
    assert isinstance(decoder.end(), Interrupted)


def test_only_the_first_of_several_answers_is_read() -> None:
    assert decoded({"choices": [{"index": 1, "delta": {"content": "b"}}]}) == []


def test_an_answer_in_one_piece_gives_the_same_events() -> None:
    message = {"role": "assistant", "content": "a", "reasoning_content": "r"}
    raw = {"id": "g", **choice(message=message, finish_reason="stop"), "usage": {}}
    events = fresh().whole(b"\n\n" + json.dumps(raw).encode())
    assert events == [
        Served("g"),
        ReasoningDelta("r"),
        TextDelta("a"),
        Finished(FinishReason.STOP, "stop"),
        Usage(),
    ]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"choices":[]}', b"<html>"])
def test_json_that_is_no_answer_is_not_an_api(body: bytes) -> None:
    decoder = fresh()
    assert decoder.whole(body) == []
    assert isinstance(decoder.end(), NotAnApi)


def test_nothing_after_done_is_read() -> None:
    stream = EventStream()
    payloads = stream.feed(chunk("a", finish="stop") + DONE + chunk("b") + event({"error": "no"}))
    decoder = fresh()
    events = decoder.feed(payloads)
    assert TextDelta("b") not in events
    assert decoder.end() is None
