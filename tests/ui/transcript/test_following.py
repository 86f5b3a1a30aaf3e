"""The view follows an answer until the person reads something else, and tells what is new."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reading_place import ReadingPlace
from app.domain.chat.reply import Reply
from app.domain.events import ReasoningDelta, TextDelta
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.test_view import AROUND, around, conversation, message

LEFT = Qt.MouseButton.LeftButton


class Stream:
    """An answer under way at the end of a conversation of ten messages."""

    def __init__(self, view: TranscriptView) -> None:
        self.view = view
        view.show_path(conversation(10), around)
        self.placeholder = message(11, "", Status.STREAMING)
        view.append(self.placeholder)
        self.reply = Reply(self.placeholder)
        self.more(20)

    def more(self, count: int = 5) -> None:
        """Let some paragraphs come."""
        for _piece in range(count):
            self.reply.apply(TextDelta("A line of the answer.\n\n"))
            self.view.grow(self.reply)
            self.view.show_growth()

    def think(self, count: int) -> None:
        """Let some lines of reasoning come."""
        for number in range(count):
            self.reply.apply(ReasoningDelta(f"Thought {number}.\n"))
            self.view.grow(self.reply)
            self.view.show_growth()

    def end(self) -> None:
        """Let the answer have its final form."""
        self.view.finish(self.reply.message(Status.COMPLETE), AROUND)

    @property
    def follows(self) -> bool:
        """Whether what comes next moves the view."""
        bar = self.view.verticalScrollBar()
        before = bar.value()
        self.more()
        assert bar.value() in {before, bar.maximum()}
        return bar.value() != before


def turn_wheel(view: TranscriptView, notches: int) -> None:
    at = QPoint(100, 100)
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def test_an_answer_is_followed_while_its_end_is_in_sight(view: TranscriptView) -> None:
    assert Stream(view).follows


def test_a_press_in_the_text_stops_following_and_the_end_resumes(view: TranscriptView) -> None:
    stream = Stream(view)
    QTest.mousePress(view.viewport(), LEFT, pos=QPoint(120, 200))
    assert not stream.follows
    QTest.mouseRelease(view.viewport(), LEFT, pos=QPoint(120, 200))
    assert not stream.follows
    assert view._to_end.isVisible()
    QTest.mouseClick(view._to_end, LEFT)
    assert not view._to_end.isVisible()
    assert stream.follows


@pytest.mark.parametrize("key", [Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Home])
def test_keys_that_scroll_up_stop_following(view: TranscriptView, key: Qt.Key) -> None:
    stream = Stream(view)
    QTest.keyClick(view, key)
    assert not stream.follows
    QTest.keyClick(view, Qt.Key.Key_End)
    assert stream.follows


def test_selecting_with_the_keyboard_stops_following(view: TranscriptView) -> None:
    stream = Stream(view)
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert not stream.follows


def test_stepping_to_a_message_stops_following(view: TranscriptView) -> None:
    stream = Stream(view)
    view.focus.move(-1)
    assert not stream.follows


def test_the_wheel_stops_following_even_where_nothing_scrolls_yet(view: TranscriptView) -> None:
    view.show_path([message(1, "", Status.STREAMING)], around)
    reply = Reply(message(1, "", Status.STREAMING))
    turn_wheel(view, 1)
    for _piece in range(40):
        reply.apply(TextDelta("A line of the answer.\n\n"))
        view.grow(reply)
        view.show_growth()
    assert view.verticalScrollBar().value() == 0
    turn_wheel(view, -1000)
    assert view._column.following


def test_the_wheel_resumes_at_the_end_after_a_press(view: TranscriptView) -> None:
    stream = Stream(view)
    QTest.mouseClick(view.viewport(), LEFT, pos=QPoint(120, 200))
    turn_wheel(view, -1)
    assert stream.follows


def test_answers_that_come_below_are_counted_until_the_end_is_in_sight(
    view: TranscriptView,
) -> None:
    stream = Stream(view)
    view.verticalScrollBar().setValue(0)
    assert view._to_end.text() == ""
    stream.end()
    assert view._to_end.text() == "1 new"
    view.append(message(13, "Another answer."))
    view.append(message(15, "A third."))
    assert view._to_end.text() == "3 new"
    assert view._to_end.accessibleName() == "To the end, 3 new"
    assert view.verticalScrollBar().value() == 0
    QTest.mouseClick(view._to_end, LEFT)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    assert not view._to_end.isVisible()
    view.verticalScrollBar().setValue(0)
    assert view._to_end.text() == ""


def test_an_answer_whose_end_was_seen_is_not_new(view: TranscriptView) -> None:
    stream = Stream(view)
    stream.end()
    view.verticalScrollBar().setValue(0)
    assert view._to_end.isVisible()
    assert view._to_end.text() == ""


def test_at_rest_near_the_end_there_is_no_button(view: TranscriptView) -> None:
    view.show_path(conversation(40), around)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() - 100)
    assert not view._to_end.isVisible()
    bar.setValue(bar.maximum() - 1_000)
    assert view._to_end.isVisible()


def test_what_came_while_a_conversation_was_out_of_view_is_new(view: TranscriptView) -> None:
    path = conversation(20)
    view.show_path([], around)
    view.show_path(path, around, place=ReadingPlace("m3", seen="m15"))
    # m17 and m19 are answers; the others are the person's.
    assert view._to_end.text() == "2 new"


@pytest.mark.parametrize("width", [480, 760, 1_280])
@pytest.mark.parametrize("new", [0, 1])
def test_the_button_is_in_the_middle_above_the_end(
    view: TranscriptView, width: int, new: int
) -> None:
    view.resize(width, 500)
    view.show_path(conversation(40), around)
    view.verticalScrollBar().setValue(0)
    if new:
        view.append(message(41, "New."))
    port, button = view.viewport().geometry(), view._to_end.geometry()
    assert view._to_end.isVisible()
    assert abs(button.center().x() - view.rectangle_of(0).center().x()) <= 1
    assert port.bottom() - button.bottom() == 8


def test_lines_fade_at_an_edge_beyond_which_they_go_on(view: TranscriptView) -> None:
    view.resize(600, 400)
    view.show_path(conversation(40), around)
    bar, port = view.verticalScrollBar(), view.viewport()
    ground = port.palette().color(port.backgroundRole()).lightness()

    def inked(y: int) -> bool:
        picture = port.grab().toImage()
        return any(picture.pixelColor(x, y).lightness() < ground - 24 for x in range(30, 550))

    edges: dict[int, list[bool]] = {0: [], port.height() - 1: []}
    for value in range(200, 260, 5):
        bar.setValue(value)
        for y, seen in edges.items():
            seen.append(inked(y))
    assert edges == {y: [False] * 12 for y in edges}


def test_a_message_that_is_sent_from_the_queue_moves_nothing(view: TranscriptView) -> None:
    view.show_path(conversation(40), around)
    view.verticalScrollBar().setValue(0)
    view.append(Message("q", "m39", Role.USER, "One more.", 0.0))
    assert view.verticalScrollBar().value() == 0
    # The person's own words are not new.
    assert view._to_end.text() == ""


@pytest.mark.parametrize("following", [True, False])
def test_nothing_moves_when_the_answer_begins_after_reasoning(
    view: TranscriptView, following: bool
) -> None:
    view.show_path(conversation(10), around)
    view.append(placeholder := message(11, "", Status.STREAMING))
    stream = Stream.__new__(Stream)
    stream.view, stream.placeholder, stream.reply = view, placeholder, Reply(placeholder)
    stream.think(30)
    if not following:
        view.hold()
    before = [view.rectangle_of(index).top() for index in range(11)]
    stream.more(1)
    assert [view.rectangle_of(index).top() for index in range(11)] == before
    stream.more(1)
    stream.end()
    assert [view.rectangle_of(index).top() for index in range(11)] == before
    # When the answer has filled the place of the reasoning, it is followed again.
    view.show_path([*conversation(10), placeholder], around)
    stream.reply = Reply(placeholder)
    stream.more(40)
    assert view._column.following


def test_folding_what_is_at_the_end_moves_nothing(view: TranscriptView) -> None:
    code = "```python\n" + "\n".join(f"x = {n}" for n in range(300)) + "\n```\n"
    view.show_path([*conversation(6), message(7, code)], around)
    item = view.items()[6]
    view._column.change(item, lambda: item.unfold(reasoning=False))
    view.scroll_to_end()
    view.verticalScrollBar().setValue(view._column.top_of(6) - 50)
    before = view.rectangle_of(6).top()
    strip = next(one for one in item.stack.strips if type(one).__name__ == "CodeHead")
    view._column.change(item, lambda: item.fold_code(strip))
    view.refresh()
    assert view.rectangle_of(6).top() == before
