"""The reply: events in, a message out."""

from decimal import Decimal

from app.domain.chat.conversation import Message, Role, Status, Timings
from app.domain.chat.reasoning_details import details_of
from app.domain.chat.reply import Reply
from app.domain.events import (
    Finished,
    FinishReason,
    Loss,
    PieceLost,
    ReasoningDelta,
    Served,
    TextDelta,
    ToolCallDelta,
    Usage,
)
from app.domain.providers.prices import Price

PRICE = Price(prompt=Decimal(1), completion=Decimal(2))


class Clock:
    """Time that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def new_reply(clock: Clock | None = None) -> Reply:
    message = Message(id="m", parent="q", role=Role.ASSISTANT, text="", created=0)
    return Reply(message, clock or Clock())


def test_pieces_are_joined_in_order() -> None:
    reply = new_reply()
    for text in ("Hel", "lo", "!"):
        reply.apply(TextDelta(text))
    assert reply.text == "Hello!"
    assert reply.message(Status.COMPLETE).text == "Hello!"


def test_half_a_surrogate_pair_waits_for_the_other_half() -> None:
    reply = new_reply()
    reply.apply(TextDelta("a\ud83d"))
    assert reply.message(Status.STREAMING).text == "a"
    reply.apply(TextDelta("\ude00b"))
    assert reply.message(Status.COMPLETE).text == "a😀b"


def test_a_lone_half_and_nul_become_replacement_characters() -> None:
    reply = new_reply()
    reply.apply(TextDelta("\udc00x\x00y\ud83d"))
    assert reply.message(Status.STOPPED).text == "\ufffdx\ufffdy\ufffd"


def test_the_first_finish_reason_counts() -> None:
    reply = new_reply()
    reply.apply(Finished(FinishReason.LENGTH, "length"))
    reply.apply(Finished(FinishReason.STOP, "stop"))
    assert reply.message(Status.COMPLETE).finish_reason == "length"


def test_a_tool_call_is_assembled_by_index() -> None:
    reply = new_reply()
    reply.apply(ToolCallDelta(0, "call_1", "weather", '{"ci'))
    reply.apply(ToolCallDelta(1, "call_2", "time", "{}"))
    reply.apply(ToolCallDelta(0, "call_1", "weather", 'ty": "Bern"}'))
    calls = reply.message(Status.COMPLETE).tool_calls
    assert [(one.id, one.name, one.arguments) for one in calls] == [
        ("call_1", "weather", '{"city": "Bern"}'),
        ("call_2", "time", "{}"),
    ]


def test_lost_pieces_are_counted_in_the_note() -> None:
    reply = new_reply()
    reply.note = "Asked without Top K."
    reply.apply(PieceLost(Loss.UNREADABLE))
    assert reply.message(Status.COMPLETE).note.startswith("Asked without Top K.\n⚠ 1 part of")
    reply.apply(PieceLost(Loss.UNREADABLE))
    assert "2 parts" in reply.message(Status.COMPLETE).note
    reply.apply(PieceLost(Loss.OTHER_ANSWER))
    assert "several answers" in reply.message(Status.COMPLETE).note
    reply.sent()
    assert reply.message(Status.COMPLETE).note == "Asked without Top K."


def test_the_providers_cost_is_believed_before_prices() -> None:
    reply = new_reply()
    reply.apply(Usage(prompt_tokens=10, completion_tokens=10, cost=Decimal("0.5")))
    message = reply.message(Status.COMPLETE, price=PRICE)
    assert (message.cost, message.cost_estimated) == (Decimal("0.5"), False)


def test_without_a_cost_it_is_estimated_from_prices_and_says_so() -> None:
    reply = new_reply()
    reply.apply(Usage(prompt_tokens=1_000_000, completion_tokens=500_000))
    message = reply.message(Status.COMPLETE, price=PRICE)
    assert (message.cost, message.cost_estimated) == (Decimal(2), True)


def test_times_are_from_the_moment_of_asking() -> None:
    clock = Clock()
    reply = new_reply(clock)
    clock.now = 1.0
    reply.apply(ReasoningDelta("hm"))
    clock.now = 3.0
    reply.apply(TextDelta("so"))
    clock.now = 4.0
    message = reply.message(Status.COMPLETE)
    assert message.timings.first_token == 1.0
    assert message.timings.reasoning == 2.0
    assert message.timings.total == 4.0


def test_who_served_is_gathered_from_several_events() -> None:
    reply = new_reply()
    reply.apply(Served(id="gen-1"))
    reply.apply(Served(provider="DeepInfra"))
    assert reply.served == Served(id="gen-1", provider="DeepInfra")
    assert reply.message(Status.COMPLETE).served_by == "DeepInfra"


def test_an_answer_that_goes_on_in_vain_keeps_what_was_known_of_it() -> None:
    before = Message(
        "a",
        "q",
        Role.ASSISTANT,
        "Half",
        0.0,
        Status.COMPLETE,
        served_by="Host",
        finish_reason="length",
        usage=Usage(1, 2),
        cost=Decimal("0.01"),
        timings=Timings(0.1, 0.5),
        reasoning_details='[{"type": "reasoning.text", "text": "why", "index": 0}]',
        generation="gen-1",
    )
    reply = Reply(before)
    reply.sent()
    for status in (Status.STREAMING, Status.INTERRUPTED):
        after = reply.message(status, error="no")
        for name in ("served_by", "finish_reason", "usage", "cost", "timings", "generation"):
            assert getattr(after, name) == getattr(before, name), name
        assert details_of(after.reasoning_details) == details_of(before.reasoning_details)


def test_the_reasoning_is_timed_once_as_the_answer_begins() -> None:
    clock = Clock()
    reply = new_reply(clock)
    clock.now = 1.5
    reply.apply(ReasoningDelta("hm"))
    assert reply.message(Status.STREAMING).timings.reasoning is None
    clock.now = 4.0
    reply.apply(TextDelta("so"))
    clock.now = 9.0
    reply.apply(ReasoningDelta("and more"))
    reply.apply(TextDelta("."))
    assert reply.reasoning_seconds == 2.5
    assert reply.message(Status.COMPLETE).timings.reasoning == 2.5


def test_reasoning_without_an_answer_is_timed_to_the_end() -> None:
    clock = Clock()
    reply = new_reply(clock)
    clock.now = 1.0
    reply.apply(ReasoningDelta("hm"))
    clock.now = 6.0
    assert reply.message(Status.STREAMING).timings.reasoning is None
    assert reply.message(Status.STOPPED).timings.reasoning == 5.0


def test_an_answer_without_reasoning_has_no_time_of_it() -> None:
    reply = new_reply()
    reply.apply(TextDelta("so"))
    assert reply.message(Status.COMPLETE).timings.reasoning is None
