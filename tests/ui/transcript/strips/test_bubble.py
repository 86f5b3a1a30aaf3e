"""A long message of the person's shows twelve lines until it is opened."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.domain.chat.conversation import Message, Role
from app.ui.transcript.interaction.selecting import Position
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.strips.folds import Folds
from app.ui.transcript.strips.strip import Strip, TextStrip
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.test_view import around

LINES = "\n".join(f"line {n}" for n in range(30))


def show(view: TranscriptView, text: str) -> MessageItem:
    path = [
        Message("q", None, Role.USER, text, 0.0),
        Message("a", "q", Role.ASSISTANT, "Yes.", 0.0),
    ]
    view.show_path(path, around)
    return view.items()[0]


def link(item: MessageItem) -> Strip | None:
    hrefs = {Folds.OPEN, Folds.CLOSE}
    return next(
        (
            one
            for one in item.stack.strips
            if isinstance(one, TextStrip) and any(each.href in hrefs for each in one._ranges)
        ),
        None,
    )


def click_link(view: TranscriptView, item: MessageItem) -> None:
    """Click on "Show all" or "Show less", scrolled into sight."""
    strip = link(item)
    assert strip is not None
    top = item.stack.top_of(item.stack.strips.index(strip))
    index = view._column.items.index(item)
    view.show_offset(index, top)
    corner = view.rectangle_of(index).topLeft()
    at = corner + QPoint(item.inset + 10, top + 14)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_twelve_lines_are_shown_whole(view: TranscriptView) -> None:
    item = show(view, "\n".join(f"line {n}" for n in range(12)))
    assert "line 11" in item.text()
    assert link(item) is None


@pytest.mark.parametrize(
    "text",
    [LINES, "words of one paragraph " * 200, "長い段落。" * 400, "x" * 3_000, "\n" * 40 + "end"],
)
def test_more_than_twelve_lines_are_folded_at_any_width(view: TranscriptView, text: str) -> None:
    for width in (480, 700):
        view.resize(width, 500)
        item = show(view, text)
        words = [one for one in item.stack.strips if isinstance(one, TextStrip) and one.text]
        assert sum(len(strip.line_starts()) for strip in words) <= 12
        assert link(item) is not None
        assert text.startswith(item.text().rstrip("\n"))


def test_show_all_opens_it_and_show_less_folds_it(view: TranscriptView) -> None:
    item = show(view, LINES)
    folded = item.text()
    click_link(view, item)
    assert item.text() == LINES + "\n"
    click_link(view, item)
    assert item.text() == folded


def test_what_was_opened_stays_open_in_this_session(view: TranscriptView) -> None:
    click_link(view, show(view, LINES))
    view.show_path([Message("other", None, Role.USER, "Other.", 0.0)], around)
    assert "line 29" in show(view, LINES).text()


def test_finding_opens_it_and_it_can_be_folded_again(view: TranscriptView) -> None:
    item = show(view, LINES)
    view.searching.seek("line 27")
    found = view.searching.range_in(0)
    assert found is not None
    assert item.text(*found) == "line 27"
    view.searching.seek("")
    click_link(view, item)
    assert "line 27" not in item.text()


def test_a_selection_over_the_fold_is_copied_whole(view: TranscriptView) -> None:
    show(view, LINES)
    view.selecting.begin(Position(0, 5))
    view.selecting.move_head(Position(1, 3))
    assert view.selecting.text() == LINES[5:] + "\n\nYes"
