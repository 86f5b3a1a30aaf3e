"""Items that nobody sees are let go, and come back as they were."""

import random

import pytest

from app.domain.chat.conversation import Status
from app.domain.chat.reply import Reply
from app.domain.events import TextDelta
from app.ui.transcript.messages.items import MOST
from app.ui.transcript.messages.strip_stack import NEAR
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.test_view import AROUND, around, conversation, heights_agree, message


@pytest.fixture
def view(view: TranscriptView) -> TranscriptView:
    view.show_path(conversation(1_000), around)
    return view


def made(view: TranscriptView) -> int:
    return sum(1 for _item in view._column.items.made())


def go_to(view: TranscriptView, index: int) -> None:
    view._column.show_item(index)
    view.refresh()


def page_to_the_start(view: TranscriptView) -> int:
    """Page through all of it; return how many items there were at most."""
    bar, most = view.verticalScrollBar(), 0
    while bar.value() > 0:
        bar.setValue(bar.value() - 450)
        most = max(most, made(view))
    return most


def test_paging_through_all_of_it_keeps_few(view: TranscriptView) -> None:
    assert page_to_the_start(view) <= MOST + 20
    assert heights_agree(view)


def test_what_comes_back_stands_where_it_stood(view: TranscriptView) -> None:
    dice = random.Random(5)
    places = {}
    for index in range(500, 510):
        go_to(view, index)
        places[index] = (view._column.height_of(index), view.items()[index].text())
    page_to_the_start(view)
    for index in dice.sample(sorted(places), 10):
        go_to(view, index)
        assert (view._column.height_of(index), view.items()[index].text()) == places[index]


def test_what_somebody_changed_stays(view: TranscriptView) -> None:
    go_to(view, 501)
    item = view.items()[501]
    item.fold(folded=False)
    page_to_the_start(view)
    assert view.items()[501] is not item
    assert not view.items()[501].folded


def test_an_answer_that_came_while_it_was_out_of_sight_is_there(view: TranscriptView) -> None:
    placeholder = message(1_001, "", Status.STREAMING)
    view.append(placeholder)
    reply = Reply(placeholder)
    page_to_the_start(view)
    reply.apply(TextDelta("The answer."))
    view.grow(reply)
    view.show_growth()
    assert "The answer." in view.items()[1_000].text()
    view.finish(message(1_001, "The answer. All of it."), AROUND)
    page_to_the_start(view)
    view.show_path([*conversation(1_000), message(1_001, "The answer. All of it.")], around)
    go_to(view, 1_000)
    assert "All of it." in view.items()[1_000].text()


def test_what_is_made_again_has_its_newest_words(view: TranscriptView) -> None:
    before = view.items()[998]
    view.finish(message(998, "Other words."), AROUND)
    page_to_the_start(view)
    assert view.items()[998] is not before
    assert view.items()[998].spoken() == "Other words."


def test_finding_makes_no_items(view: TranscriptView) -> None:
    before = made(view)
    view.searching.seek("no such words")
    assert made(view) == before
    view.searching.seek("words of")
    assert view.searching.found()[0] > 1_000
    assert made(view) <= before + 2


def laid_out(view: TranscriptView, index: int) -> int:
    strips = view.items()[index].stack.strips
    return sum(getattr(strip, "_layout", None) is not None for strip in strips)


def test_of_a_long_answer_only_what_is_near_has_layouts(view: TranscriptView) -> None:
    text = "".join(f"Paragraph {number}.\n\n- a list\n\n" for number in range(2_000))
    placeholder = message(1_001, "", Status.STREAMING)
    view.append(placeholder)
    reply = Reply(placeholder)
    for start in range(0, len(text), 500):
        reply.apply(TextDelta(text[start : start + 500]))
        view.grow(reply)
        view.show_growth()
    assert len(view.items()[1_000].stack) > 4_000
    assert laid_out(view, 1_000) < 2 * NEAR + 60
    bar = view.verticalScrollBar()
    for step in range(40):
        bar.setValue(bar.maximum() - step * 400)
        assert laid_out(view, 1_000) < 2 * NEAR + 60
        assert heights_agree(view)


@pytest.mark.parametrize("text", ["Words *of* many.\n\n" * 9, "| a | b |\n|---|---|\n| c | d |\n"])
def test_what_was_forgotten_looks_as_it_did(view: TranscriptView, text: str) -> None:
    view.show_path([message(1, f"{text}\n```\ncode\n```\n\n$x^2$\n")], around)
    item = view.items()[0]
    before = view.viewport().grab().toImage()
    places = [item.rectangle_of(offset) for offset in range(0, 20, 4)]
    for strip in item.stack.strips:
        strip.forget()
    assert [item.rectangle_of(offset) for offset in range(0, 20, 4)] == places
    for strip in item.stack.strips:
        strip.forget()
    assert view.viewport().grab().toImage() == before
