"""*Law:* whatever arrives, folds or is measured, what is being read stays where it is."""

import random
from collections.abc import Callable
from functools import partial

import pytest

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reply import Reply
from app.domain.events import ReasoningDelta, TextDelta
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import Surroundings
from app.ui.transcript.interaction.selecting import Position
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.test_view import around, heights_agree

PIECES = (
    "Some words of a sentence that is long enough to wrap in a narrow window. ",
    "\n\n",
    "\n- an item\n- another\n",
    "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n",
    "\n\n```python\n" + "x = 1\n" * 25 + "```\n\n",
    "日本語の文章。",
    "a" * 300,
    "\n\n# A heading\n\n",
)


def conversation(dice: random.Random, count: int) -> list[Message]:
    return [
        Message(
            f"m{n}",
            None,
            Role.ASSISTANT if n % 2 else Role.USER,
            f"{n}. " + "".join(dice.choices(PIECES, k=dice.randint(1, 40))),
            0.0,
            reasoning="Thinking about it. " * dice.choice((0, 60)) if n % 2 else "",
        )
        for n in range(count)
    ]


class Reading:
    """Someone who reads: the character in the upper third of the window is what they look at."""

    def __init__(self, view: TranscriptView) -> None:
        self.view = view
        bar = view.verticalScrollBar()
        for down in range(180, 500, 20):
            index = view._column.index_at(bar.value() + down)
            item = view.items()[index]
            inside = bar.value() + down - view._column.top_of(index)
            number = max(0, item.stack.at(inside))
            strip = item.stack.strips[number]
            if strip.text and 0 <= inside < item.stack.height():
                break
        self.message = item.id
        self.index, self.strip = index, strip
        self.text = strip.text
        self.top = self._top_of(number)

    def _top_of(self, number: int) -> int:
        view = self.view
        item = view.items()[self.index]
        top = view._column.top_of(self.index) + item.stack.top_of(number)
        return top - view.verticalScrollBar().value()

    def moved(self) -> int:
        """How far what was read has moved, in pixels."""
        strips = self.view.items()[self.index].stack.strips
        numbers = [n for n, one in enumerate(strips) if one is self.strip] or [
            n for n, one in enumerate(strips) if one.text.startswith(self.text)
        ]
        return min((abs(self._top_of(n) - self.top) for n in numbers), default=10_000)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_read_stays_through_a_thousand_steps(view: TranscriptView, seed: int) -> None:
    dice = random.Random(seed)
    messages = conversation(dice, 40)
    streaming = Message("s", "m39", Role.ASSISTANT, "", 0.0, Status.STREAMING)
    view.show_path([*messages, streaming], around)
    reply = Reply(streaming)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)

    def stream() -> None:
        reply.apply(TextDelta(dice.choice(PIECES)))
        view.grow(reply)
        view.show_growth()

    def change_below() -> None:
        """What is under what is being read gets other words, or folds."""
        index = dice.randrange(reading.index + 1, 40) if reading.index < 39 else 0
        if index:
            text = "".join(dice.choices(PIECES, k=dice.randint(1, 40)))
            view.finish(Message(f"m{index}", None, messages[index].role, text, 0.0), Surroundings())

    def fold_above() -> None:
        """A message above opens or folds its reasoning, or all that it has."""
        first = view._column.index_at(bar.value())
        item = view.items()[dice.randrange(0, max(1, first))]
        if first and not item.is_user:
            item.fold(not item.folded)
            item.unfold(reasoning=dice.random() < 0.5)
            view._remeasure(item)

    def wait() -> None:
        view.show_waiting("s", dice.choice(("Loading…", "Still loading…", "")))

    def idle() -> None:
        view._idle._work()

    def scroll() -> None:
        """A notch of the wheel: everything moves by as much, and by no more."""
        way = dice.choice((-STEP, STEP))
        before = bar.value()
        if 200 < before < bar.maximum() - 700:
            bar.setValue(before + way)
            reading.top -= way

    steps: list[Callable[[], None]] = [stream, change_below, fold_above, wait, idle, scroll]
    for number in range(1_000):
        reading = Reading(view)
        step = dice.choice(steps)
        step()
        assert reading.moved() == 0, (number, step.__name__)
        assert heights_agree(view), (number, step.__name__)
        if number % 50 == 49:
            bar.setValue(dice.randrange(600, bar.maximum() - 800))
    assert not view._column.following


STEP = 48


@pytest.mark.parametrize("seed", range(3))
def test_the_words_at_the_top_stay_there_at_every_width(view: TranscriptView, seed: int) -> None:
    dice = random.Random(seed)
    text = "".join(f"Word{n} " + "of a sentence. " * dice.randint(0, 3) for n in range(900))
    view.show_path([Message("m", None, Role.ASSISTANT, text, 0.0)], around)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    for _step in range(60):
        place = view.place_at(view.viewport().rect().topLeft())
        position = place.position
        assert isinstance(position, Position)
        before = view.items()[0].rectangle_of(position.offset).top() - bar.value()
        view.resize(dice.randint(300, 900), dice.randint(300, 600))
        after = view.items()[0].rectangle_of(position.offset).top() - bar.value()
        # A word may stand on the line before or after, when the lines are others.
        assert abs(after - before) <= 30
        assert heights_agree(view)


def test_reasoning_that_was_opened_is_not_folded_by_the_answer(view: TranscriptView) -> None:
    streaming = Message("s", None, Role.ASSISTANT, "", 0.0, Status.STREAMING)
    view.show_path([streaming], around)
    reply = Reply(streaming)
    reply.apply(ReasoningDelta("A long thought.\n" * 200))
    view.grow(reply)
    view.show_growth()
    view.items()[0].fold(folded=False)
    view._remeasure(view.items()[0])
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    reading = Reading(view)
    reply.apply(TextDelta("The answer."))
    view.grow(reply)
    view.show_growth()
    assert reading.moved() == 0
    assert "A long thought." in view.items()[0].text()


def words_at_the_top(view: TranscriptView) -> tuple[str, int]:
    """The beginning of the line at the top of the viewport, and its distance from the edge."""
    position = view.place_at(view.viewport().rect().topLeft()).position
    assert isinstance(position, Position)
    item = view.items()[position.message]
    line = item.rectangle_of(position.offset).top() + view.rectangle_of(position.message).top()
    return item.text(position.offset, position.offset + 30), round(line)


@pytest.mark.parametrize("seed", range(3))
def test_the_words_at_the_top_stay_in_another_theme_and_text_size(
    view: TranscriptView, theme: Theme, seed: int
) -> None:
    dice = random.Random(seed)
    view.show_path(conversation(dice, 30), around)
    bar = view.verticalScrollBar()
    bar.setValue(dice.randint(1_000, bar.maximum() - 2_000))
    before = words_at_the_top(view)
    theme.choose("dark")
    assert words_at_the_top(view) == before
    for scale in (2.0, 1.3, 1.0):
        theme._text_scale = scale
        theme.changed.emit()
    # The line at the top is the one with the same first word, which wraps elsewhere in between.
    assert words_at_the_top(view)[0] == before[0]


def test_folding_what_is_read_keeps_the_words_around_it(view: TranscriptView) -> None:
    text = "".join(f"Paragraph {n}.\n\n" for n in range(60))
    answer = Message("m", None, Role.ASSISTANT, text, 0.0, reasoning="A long thought.\n" * 200)
    view.show_path([answer], around)
    item = view.items()[0]
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    for folded in (False, True):
        reading = Reading(view)
        view._column.change(item, partial(item.fold, folded))
        view.refresh()
        assert reading.moved() == 0
