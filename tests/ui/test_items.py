"""Items that nobody sees are let go, and come back as they were."""

import random

import pytest
from pytestqt.qtbot import QtBot

from app.domain.conversation import Status
from app.domain.events import TextDelta
from app.domain.reply import Reply
from app.ui.theme.theme import Theme
from app.ui.transcript.items import MOST
from app.ui.transcript.view import TranscriptView
from tests.ui.conftest import keep
from tests.ui.test_transcript_view import AROUND, around, conversation, heights_agree, message


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> TranscriptView:
    view = TranscriptView(theme)
    keep(qtbot, view)
    view.resize(700, 500)
    view.show()
    view.show_path(conversation(1_000), around)
    return view


def made(view: TranscriptView) -> int:
    return sum(1 for _item in view._column.items.made())


def go_to(view: TranscriptView, index: int) -> None:
    view._column.show_item(index)
    view._refresh()


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
    assert view.items()[501] is item


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
