"""Halves, wrong types, nonsense and missing ends: what can be understood still arrives."""

import json
from typing import Any

import pytest

from app.api.stream.decoder import MAX_NONSENSE
from app.api.stream.event_stream import EventStream
from app.domain.chat.conversation import ToolCall
from app.domain.errors import (
    Interrupted,
    NotAnApi,
    Refused,
)
from app.domain.events import (
    CallDoubt,
    Event,
    Finished,
    FinishReason,
    Loss,
    PieceLost,
    ReasoningDelta,
    Served,
    TextDelta,
    Usage,
)
from tests.api.http.exchanges import message_of
from tests.api.stream.test_decoder import choice, decoded, delta, fresh
from tests.servers import DONE, chat, chunk, event


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
    [b"[1]", b"{", b"[" * 5000, b'{"choices":[{"delta":{"content":"000', b'"000"'],
)
def test_an_event_that_is_damaged_is_counted_and_noted(nonsense: bytes) -> None:
    decoder = fresh()
    good = json.dumps(delta(content="a")).encode()
    events = decoder.feed([good, nonsense, good])
    assert events == [TextDelta("a"), PieceLost(Loss.UNREADABLE), TextDelta("a")]
    assert decoder.skipped == 1
    assert decoder.failure is None


@pytest.mark.parametrize("waiting", [b"ping", b"OPENROUTER PROCESSING", b"null", b"[done]"])
def test_a_word_sent_while_waiting_loses_nothing(waiting: bytes) -> None:
    good = json.dumps(delta(content="a")).encode()
    assert fresh().feed([good, waiting, good]) == [TextDelta("a")] * 2


@pytest.mark.parametrize("done", [b" [DONE]", b"[DONE] ", b"[DONE]\n[DONE]"])
def test_an_end_with_spaces_around_it_is_the_end(done: bytes) -> None:
    decoder = fresh()
    decoder.feed([json.dumps(delta(content="a")).encode(), done])
    assert decoder.end() is None


@pytest.mark.parametrize("damaged", [b'{"usage": {', b'{"choices":[],"usage":{"total', b"ping"])
def test_a_damaged_usage_after_the_finish_loses_nothing(damaged: bytes) -> None:
    finish = json.dumps(choice(delta={"content": "a"}, finish_reason="stop")).encode()
    events = fresh().feed([finish, damaged, b"[DONE]"])
    assert events == [TextDelta("a"), Finished(FinishReason.STOP, "stop")]


@pytest.mark.parametrize("damaged", [b'{"choices":[{"delta":{"content":"000', b'{"cho', b"{"])
@pytest.mark.parametrize("after", [[b"[DONE]"], []])
def test_a_damaged_event_after_the_finish_is_noted(damaged: bytes, after: list[bytes]) -> None:
    decoder = fresh()
    finish = json.dumps(choice(delta={"content": "Pay 1"}, finish_reason="stop")).encode()
    events = decoder.feed([finish, damaged, *after])
    assert events[2:] == [PieceLost(Loss.UNREADABLE)]
    assert decoder.end() is None


def test_a_damaged_event_before_the_end_is_noted_at_the_end() -> None:
    good = json.dumps(delta(content="a")).encode()
    events = fresh().feed([good, b'{"cho', b"[DONE]"])
    assert events[1] == PieceLost(Loss.UNREADABLE)


@pytest.mark.parametrize("size", [1, 2, 3, 7, None])
def test_a_stream_with_a_damaged_event_decodes_alike_at_every_cut(size: int | None) -> None:
    data = chunk("Pay 1") + b'data: {"choices":[{"delta":{"content":"000\n\n' + chat(" euros")
    events = cut_up(data, size)
    assert [one for one in events if isinstance(one, TextDelta | PieceLost)] == [
        TextDelta("Pay 1"),
        PieceLost(Loss.UNREADABLE),
        TextDelta(" euros"),
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7, None])
def test_events_that_a_single_line_break_ends_are_told_apart(size: int | None) -> None:
    data = chunk("a") + chunk("b")[:-1] + chunk("c") + chunk("d")[:-1] + chat("e")
    texts = [one.text for one in cut_up(data, size) if isinstance(one, TextDelta)]
    assert texts == list("abcde")


def cut_up(data: bytes, size: int | None) -> list[Event]:
    """The events of a stream that comes in pieces of `size` bytes; None: in one."""
    stream, decoder, step = EventStream(), fresh(), size or len(data)
    events: list[Event] = []
    for start in range(0, len(data), step):
        events += decoder.feed(stream.feed(data[start : start + step]))
    return [*events, *decoder.feed(stream.finish())]


@pytest.mark.parametrize(
    "raw",
    [
        delta(content=["Hel", "lo"]),
        delta(content={"type": "text", "text": "Hello"}),
        delta(content=[{"text": {"value": "Hel"}}, {"type": "image"}, "lo"]),
        delta(audio={"id": "a", "transcript": "Hello"}),
        choice(delta="Hello"),
        choice(text="Hello"),
        choice(index=1, delta={"content": "Hello"}),
        {"choices": {"index": 0, "delta": {"content": "Hello"}}},
        {"choices": {"0": {"delta": {"content": "Hello"}}}},
        {"choices": [{"delta": {"content": "Hello"}}], "error": {"code": 0, "message": ""}},
    ],
    ids=str,
)
def test_text_in_an_unusual_place_is_text(raw: Any) -> None:
    assert decoded(raw) == [TextDelta("Hello")]


@pytest.mark.parametrize("content", [5, True])
def test_content_that_is_no_text_is_noted_as_lost(content: Any) -> None:
    assert decoded(delta(content=content)) == [PieceLost(Loss.UNREADABLE)]


@pytest.mark.parametrize(
    ("raw", "words", "status"),
    [
        ({"detail": "model crashed"}, "model crashed", 500),
        ({"type": "error", "code": "400", "message": "not found"}, "not found", 400),
        ({"object": "error", "message": "too long", "code": 400}, "too long", 400),
        ({"error": True, "message": "no"}, "no", 500),
        ({"errors": [{"message": "no"}]}, "no", 500),
        ({"success": False, "msg": "no"}, "no", 500),
        ({"base_resp": {"status_code": 1008, "status_msg": "no money"}}, "no money", 500),
        ([{"error": {"code": 503, "message": "busy"}}], "busy", 503),
    ],
    ids=str,
)
def test_an_error_of_another_shape_is_a_failure(raw: Any, words: str, status: int) -> None:
    payload = json.dumps(raw).encode()
    streaming, whole = fresh(), fresh()
    streaming.feed([payload, b"[DONE]"])
    whole.whole(payload)
    for failure in (streaming.end(), whole.end()):
        assert isinstance(failure, Refused)
        assert (failure.words, failure.status) == (words, status)


def test_a_message_while_waiting_is_an_error_only_if_no_answer_follows() -> None:
    waiting = json.dumps({"message": "queued"}).encode()
    answered = fresh()
    answered.feed([waiting, json.dumps(choice(delta={"content": "a"})).encode()])
    answered.feed([json.dumps(choice(delta={}, finish_reason="stop")).encode(), b"[DONE]"])
    assert answered.end() is None
    ended = fresh()
    ended.feed([waiting, b"[DONE]"])
    assert "queued" in str(ended.end())
    broken_off = fresh()
    broken_off.feed([waiting])
    assert "queued" in str(broken_off.end())


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
    first = {"index": 1, "delta": {"content": "a"}}
    second = {"index": 0, "delta": {"content": "b"}}
    assert decoded({"choices": [first, second]}, {"choices": [second]}, {"choices": [first]}) == [
        TextDelta("a"),
        PieceLost(Loss.OTHER_ANSWER),
        TextDelta("a"),
    ]


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


@pytest.mark.parametrize("size", [1, 2, 3, 7, None])
def test_calls_in_doubt_are_found_at_every_cut(size: int | None) -> None:
    data = b"".join(
        chunk(tool_calls=[one])
        for one in (
            {"index": 0, "id": "c1", "function": {"name": "list_all", "arguments": ""}},
            {"index": 0, "id": "c2", "function": {"name": "delete", "arguments": ""}},
            {"index": "0", "function": {"arguments": '{"path":"old"}'}},
        )
    )
    calls = message_of(cut_up(data + chat(), size)).tool_calls
    assert calls == (
        ToolCall("c1", "list_all", "", CallDoubt.MIXED),
        ToolCall("c2", "delete", '{"path":"old"}', CallDoubt.MIXED),
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"function_call": {"name": "f", "arguments": "{}"}},
        {"tool_calls": {"id": "c1", "function": {"name": "f", "arguments": "{}"}}},
        {"tool_calls": {"0": {"id": "c1", "function": {"name": "f", "arguments": {}}}}},
    ],
)
def test_a_call_in_an_unusual_place_is_a_call(fields: dict[str, Any]) -> None:
    (call,) = message_of(decoded(delta(**fields))).tool_calls
    assert (call.name, call.arguments) == ("f", "{}")
