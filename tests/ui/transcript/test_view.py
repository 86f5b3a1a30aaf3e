"""The conversation on the screen: the reader's place, selection, following."""

import random

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reply import Reply
from app.domain.events import TextDelta
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import Surroundings
from app.ui.transcript.messages.column import BOTTOM, TOP
from app.ui.transcript.view import TranscriptView

AROUND = Surroundings()


def message(number: int, text: str, status: Status = Status.COMPLETE) -> Message:
    role = Role.ASSISTANT if number % 2 else Role.USER
    return Message(id=f"m{number}", parent=None, role=role, text=text, created=0, status=status)


def around(message: Message) -> Surroundings:
    return AROUND


def conversation(count: int) -> list[Message]:
    dice = random.Random(7)
    return [
        message(n, f"{n}. " + "words of a sentence " * dice.randint(1, 60)) for n in range(count)
    ]


@pytest.fixture
def view(view: TranscriptView) -> TranscriptView:
    view.show_path([], around)
    return view


def top_of(view: TranscriptView, index: int) -> int:
    return view.rectangle_of(index).top()


def heights_agree(view: TranscriptView) -> bool:
    column = view._column
    total = sum(column.height_of(n) for n in range(len(column.items)))
    return view.verticalScrollBar().maximum() == max(
        0, TOP + total + BOTTOM - view.viewport().height()
    )


def drag(port: QWidget, start: QPointF, end: QPointF) -> None:
    """Press, move and release; QTest's own move holds no button."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    kind = QEvent.Type
    for what, place, button, held in (
        (kind.MouseButtonPress, start, left, left),
        (kind.MouseMove, end, none, left),
        (kind.MouseButtonRelease, end, left, none),
    ):
        to = port.mapToGlobal(place)
        event = QMouseEvent(what, place, to, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(port, event)


def test_a_conversation_opens_at_its_end(view: TranscriptView) -> None:
    view.show_path(conversation(40), around)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    assert view.rectangle_of(39).bottom() <= view.viewport().height()


def test_only_what_is_in_sight_is_laid_out(view: TranscriptView) -> None:
    view.show_path(conversation(2000), around)
    assert sum(bool(item.stack.strips) for item in view.items()) < 30


def test_the_scroll_range_is_the_sum_of_the_heights_and_the_place_stays(
    view: TranscriptView,
) -> None:
    dice = random.Random(3)
    view.show_path(conversation(60), around)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    assert heights_agree(view)
    for step in range(200):
        index = view._column.index_at(bar.value() + 200)
        before = top_of(view, index)
        match dice.randint(0, 2):
            case 0:
                view.finish(message(59, "changed " * dice.randint(1, 900)), AROUND)
            case 1:
                view.finish(message(step % 50 + 1, "other " * dice.randint(1, 200)), AROUND) if (
                    step % 50 + 1 > index
                ) else None
            case _:
                view.show_waiting("m59", "Loading…")
        assert top_of(view, index) == before
        assert heights_agree(view)


def test_it_follows_a_stream_at_the_bottom_and_stops_when_scrolled_up(
    qtbot: QtBot, view: TranscriptView
) -> None:
    view.show_path(conversation(10), around)
    placeholder = message(11, "", Status.STREAMING)
    view.append(placeholder)
    reply = Reply(placeholder)
    bar = view.verticalScrollBar()
    for _piece in range(40):
        reply.apply(TextDelta("A line of the answer.\n\n"))
        view.grow(reply)
        view.show_growth()
    assert bar.value() == bar.maximum()
    bar.setValue(bar.value() - 50)
    place = bar.value()
    for _piece in range(10):
        reply.apply(TextDelta("More of the answer.\n\n"))
        view.grow(reply)
        view.show_growth()
    assert bar.value() == place
    assert view._to_end.isVisible()
    QTest.mouseClick(view._to_end, Qt.MouseButton.LeftButton)
    assert bar.value() == bar.maximum()


def test_many_pieces_make_one_frame(qtbot: QtBot, view: TranscriptView) -> None:
    placeholder = message(1, "", Status.STREAMING)
    view.append(placeholder)
    reply = Reply(placeholder)
    frames = []
    item = view.items()[0]
    grow = item.grow
    item.grow = lambda reply: (frames.append(1), grow(reply))  # type: ignore[method-assign, assignment, func-returns-value]
    for _piece in range(500):
        reply.apply(TextDelta("word "))
        view.grow(reply)
    qtbot.waitUntil(lambda: "word word" in item.text())
    assert len(frames) == 1


def test_resizing_keeps_the_message_in_sight(view: TranscriptView) -> None:
    view.show_path(conversation(60), around)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    index = view._column.index_at(bar.value())
    view.resize(420, 500)
    assert view._column.index_at(bar.value()) == index
    assert heights_agree(view)


def test_a_change_of_theme_draws_in_other_colours(view: TranscriptView, theme: Theme) -> None:
    view.show_path(conversation(3), around)
    light = view.viewport().grab().toImage()
    theme.choose("dark")
    assert view.viewport().grab().toImage() != light
    theme.choose("light")
    assert view.viewport().grab().toImage() == light
