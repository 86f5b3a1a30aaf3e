"""Finding words in the conversation: counting, going there, marking."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role
from app.ui.conversation.find_bar import FindBar
from app.ui.theme.theme import Theme
from app.ui.transcript.interaction.searching import SearchMatches
from app.ui.transcript.messages.items import MessageItems
from app.ui.transcript.view import TranscriptView
from tests.ui.conftest import keep
from tests.ui.transcript.interaction.test_selecting import showing
from tests.ui.transcript.test_view import AROUND, around, message


def long_view(qtbot: QtBot, theme: Theme) -> TranscriptView:
    texts = [f"question {n}" if n % 2 == 0 else f"words *needle {n}*\n\n" * 3 for n in range(40)]
    return showing(qtbot, theme, *texts)


def find(view: TranscriptView, words: str) -> tuple[int, int]:
    view.searching.seek(words)
    return view.searching.found()


def step(view: TranscriptView, step: int) -> tuple[int, int]:
    view.searching.step(step)
    return view.searching.found()


def shown_words(view: TranscriptView) -> str:
    """What is found, as it stands in the message that the search is at."""
    assert view.searching._matches is not None
    index = view.searching._matches.place()[0]
    item = view.items()[index]
    found = view.searching._matches.range_in(item)
    assert found is not None
    top = view.rectangle_of(index).top() + item.rectangle_of(found[0]).top()
    assert 0 <= top < view.viewport().height()
    return item.text(*found)


def test_all_of_it_is_counted_and_each_step_brings_the_next_into_sight(
    qtbot: QtBot, theme: Theme
) -> None:
    view = long_view(qtbot, theme)
    view.verticalScrollBar().setValue(0)
    assert find(view, "NEEDLE") == (60, 1)
    assert shown_words(view) == "needle"
    for number in (2, 3, 4, 5):
        assert step(view, 1) == (60, number)
        assert shown_words(view) == "needle"
    step(view, -1)
    assert view.searching.found() == (60, 4)


def test_it_goes_round_at_both_ends(qtbot: QtBot, theme: Theme) -> None:
    view = long_view(qtbot, theme)
    view.verticalScrollBar().setValue(0)
    find(view, "needle")
    assert step(view, -1) == (60, 60)
    assert step(view, 1) == (60, 1)


def test_the_search_begins_at_what_is_in_sight(qtbot: QtBot, theme: Theme) -> None:
    view = long_view(qtbot, theme)
    view.scroll_to_end()
    total, current = find(view, "needle")
    assert total == 60
    assert current > 40


def test_folded_reasoning_is_counted_and_opened(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi")
    thought = Message("a", None, Role.ASSISTANT, "plain", 0, reasoning="a needle in thought")
    view.show_path([message(0, "hi"), thought], around)
    assert view.items()[1].folded
    assert find(view, "needle") == (1, 1)
    assert not view.items()[1].folded
    assert shown_words(view) == "needle"


def test_what_is_found_is_painted_on_its_own_ground(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", "a needle, another needle")
    before = view.viewport().grab().toImage()
    find(view, "needle")
    image = view.viewport().grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(200)}
    assert {theme.colours.found, theme.colours.found_here} <= seen
    find(view, "")
    assert view.viewport().grab().toImage() == before


def test_words_with_meaning_to_expressions_are_just_words(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", "is it (a+b)* or [c?")
    assert find(view, "(a+b)*")[0] == 1
    assert find(view, ".")[0] == 0


def test_a_new_answer_is_counted_without_moving(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", "needle", "more", "No results yet")
    assert find(view, "needle") == (1, 1)
    view.finish(message(3, "needle needle"), AROUND)
    assert view.searching.found() == (3, 1)


def test_a_huge_count_is_bounded() -> None:
    items = MessageItems([message(1, "a" * 300_000)])
    assert 0 < SearchMatches("a", items).total <= 100_000


def test_the_bar_tells_what_is_sought_and_escape_closes_it(qtbot: QtBot) -> None:
    bar = FindBar()
    keep(qtbot, bar)
    bar.come_forward()
    qtbot.waitExposed(bar)
    with qtbot.waitSignal(bar.sought, check_params_cb=lambda words: words == "abc"):
        QTest.keyClicks(bar._field, "abc")
    with qtbot.waitSignal(bar.step_wanted) as step:
        QTest.keyClick(bar._field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert step.args == [-1]
    bar.show_count(17, 3)
    assert bar._count.text() == "3 of 17"
    with qtbot.waitSignals([bar.sought, bar.closed]):
        QTest.keyClick(bar._field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert bar.words() == ""
