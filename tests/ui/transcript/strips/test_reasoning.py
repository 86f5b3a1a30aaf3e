"""Reasoning: a window of six lines while it arrives, then a line with its duration."""

import pytest

from app.domain.chat.conversation import Message, Role, Status, Timings
from app.domain.chat.reply import Reply
from app.domain.events import ReasoningDelta, TextDelta
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import Surroundings
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.reasoning import LAID_OUT, LINES, TailStrip
from tests.ui.transcript.messages.test_message_item import labels

WIDTH = 600


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def look(theme: Theme) -> Look:
    return Look(theme)


def streaming() -> Message:
    return Message("m", None, Role.ASSISTANT, "", 0.0, Status.STREAMING)


def tail_of(item: MessageItem) -> TailStrip:
    return next(strip for strip in item.stack.strips if isinstance(strip, TailStrip))


@pytest.mark.parametrize("piece", ["A thought.\n", "words that wrap ", "日本語の考え、", "فكرة "])
def test_the_window_has_at_most_six_lines_and_they_are_the_last(look: Look, piece: str) -> None:
    item, reply = MessageItem(streaming(), look, Surroundings()), Reply(streaming())
    item.lay_out(WIDTH)
    highest = 0
    for number in range(300):
        reply.apply(ReasoningDelta(f"{piece}{number} "))
        item.grow(reply)
        item.lay_out(WIDTH)
        tail = tail_of(item)
        highest = max(highest, tail.lay_out(WIDTH))
        assert tail.source.endswith(f"{number} ")
        assert len(tail.source) <= LAID_OUT + 100
    assert highest >= LINES * look.small_line
    # A line may be higher than usual where another font has to stand in.
    assert highest <= LINES * (look.small_line + 8)


def test_the_window_does_not_get_lower_again_while_reasoning_arrives(look: Look) -> None:
    item, reply = MessageItem(streaming(), look, Surroundings()), Reply(streaming())
    item.lay_out(WIDTH)
    before = 0
    for _number in range(400):
        reply.apply(ReasoningDelta("some words of a long paragraph "))
        item.grow(reply)
        height = item.lay_out(WIDTH)
        assert height >= before
        before = height


def test_a_burst_of_reasoning_shows_its_end(look: Look) -> None:
    item, reply = MessageItem(streaming(), look, Surroundings()), Reply(streaming())
    item.lay_out(WIDTH)
    reply.apply(ReasoningDelta("word " * 50_000 + "the end"))
    item.grow(reply)
    assert tail_of(item).source.endswith("the end")
    assert len(tail_of(item).source) <= LAID_OUT


def test_opened_live_it_shows_all_and_stays_open(look: Look) -> None:
    item, reply = MessageItem(streaming(), look, Surroundings()), Reply(streaming())
    item.lay_out(WIDTH)
    reply.apply(ReasoningDelta("".join(f"Thought {n}.\n" for n in range(30))))
    item.grow(reply)
    item.fold(False)
    item.lay_out(WIDTH)
    assert "Thought 0." in item.text()
    reply.apply(TextDelta("So."))
    item.grow(reply)
    item.lay_out(WIDTH)
    assert "Thought 0." in item.text()


def test_the_duration_is_the_same_live_and_stored(look: Look) -> None:
    clock = Clock()
    item, reply = MessageItem(streaming(), look, Surroundings()), Reply(streaming(), clock)
    item.lay_out(WIDTH)
    clock.now = 1.4
    reply.apply(ReasoningDelta("hm"))
    item.grow(reply)
    clock.now = 4.2
    reply.apply(TextDelta("So."))
    item.grow(reply)
    assert labels(item)[1] == "Thought for 3 s"
    clock.now = 9.0
    item.show_message(reply.message(Status.COMPLETE), Surroundings())
    item.lay_out(WIDTH)
    assert labels(item)[1] == "Thought for 3 s"


def test_without_a_measured_duration_none_is_made_up(look: Look) -> None:
    before = Message("m", None, Role.ASSISTANT, "So.", 0.0, reasoning="hm")
    item = MessageItem(before, look, Surroundings())
    item.lay_out(WIDTH)
    assert labels(item)[1] == "Reasoning"
    timed = Message(
        "n", None, Role.ASSISTANT, "So.", 0.0, reasoning="hm", timings=Timings(0.3, 9.0)
    )
    item = MessageItem(timed, look, Surroundings())
    item.lay_out(WIDTH)
    assert labels(item)[1] == "Reasoning"
