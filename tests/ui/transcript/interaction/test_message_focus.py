"""The buttons of messages: nothing at rest, all under the pointer and in keyboard focus."""

import gc
import weakref
from collections.abc import Sequence

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role, Timings
from app.domain.events import Usage
from app.ui.transcript.accessibility.message_list import (
    SPARE,
    AccessibleMessage,
    AccessibleMessageList,
)
from app.ui.transcript.actions import MORE, MessageActionId, Surroundings
from app.ui.transcript.interaction.mouse import PointTarget
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.view import TranscriptView

TAB, BACKTAB, ENTER, SPACE = (
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Return,
    Qt.Key.Key_Space,
)
_Id = MessageActionId


def message(number: int, text: str = "Words", **fields: object) -> Message:
    role = Role.ASSISTANT if number % 2 else Role.USER
    return Message(f"m{number}", None, role, text, 0.0, **fields)  # type: ignore[arg-type]


def versions(message: Message) -> Surroundings:
    """The first question has three versions, of which the last is shown."""
    return Surroundings(3, 3) if message.id == "m0" else Surroundings(last=message.id == "m3")


@pytest.fixture
def view(view: TranscriptView) -> TranscriptView:
    view.show_path([message(number) for number in range(4)], versions)
    return view


def point_at(view: TranscriptView, point: QPoint) -> None:
    """Move the pointer to a point of the viewport."""
    none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    place = QPointF(view.viewport().mapToGlobal(point))
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(point), place, none, none, keys)
    QApplication.sendEvent(view.viewport(), event)


def button_centre(view: TranscriptView, index: int, href: str) -> QPoint:
    box = view.focus.button_rectangle(view.items()[index], href)
    assert box is not None
    return box.center()


def is_painted(view: TranscriptView, index: int, href: str) -> bool:
    """Whether anything is drawn in the place of a button."""
    box = view.focus.button_rectangle(view.items()[index], href)
    assert box is not None
    picture: QImage = view.viewport().grab(box).toImage()
    colours = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
    return len(colours) > 1


def test_at_rest_only_the_versions_are_painted(view: TranscriptView) -> None:
    for href in (_Id.COPY, _Id.EDIT, MORE):
        assert not is_painted(view, 0, href)
        assert not is_painted(view, 3, href)
    for href in (_Id.PREVIOUS, _Id.NEXT):
        assert is_painted(view, 0, href)


def test_the_pointer_brings_the_buttons_and_moves_nothing(view: TranscriptView) -> None:
    places = [view.rectangle_of(index) for index in range(4)]
    point_at(view, places[1].center())
    assert all(is_painted(view, 1, href) for href in (_Id.COPY, _Id.REGENERATE, _Id.EDIT, MORE))
    assert not is_painted(view, 2, _Id.COPY)
    assert [view.rectangle_of(index) for index in range(4)] == places


def test_figures_of_an_answer_come_with_the_pointer(view: TranscriptView) -> None:
    usage, timings = Usage(completion_tokens=1234), Timings(0.5, 31.0)
    view.show_path([message(0), message(1, usage=usage, timings=timings, model="m")], versions)
    place = view.rectangle_of(1)
    head = place.adjusted(60, 0, 0, 24 - place.height())
    before = view.viewport().grab(head).toImage()
    point_at(view, place.center())
    assert view.viewport().grab(head).toImage() != before
    assert view.rectangle_of(1) == place


def test_a_greyed_end_of_the_versions_does_nothing(view: TranscriptView) -> None:
    wanted: list[tuple[str, str]] = []
    view.wanted.connect(lambda *news: wanted.append(news))
    for href in (_Id.NEXT, _Id.PREVIOUS):
        point = button_centre(view, 0, href)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert wanted == [("m0", _Id.PREVIOUS)]


def focused(view: TranscriptView, qtbot: QtBot) -> TranscriptView:
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    return view


def test_tab_goes_through_the_buttons_of_the_message_from_left_to_right(
    view: TranscriptView, qtbot: QtBot
) -> None:
    focused(view, qtbot)
    assert (view.focus.message, view.focus.button) == (3, "")
    gone = []
    for _press in range(4):
        QTest.keyClick(view, TAB)
        gone.append(view.focus.button)
    assert gone == [_Id.COPY, _Id.REGENERATE, _Id.EDIT, MORE]
    boxes = [button_centre(view, 3, href).x() for href in gone]
    assert boxes == sorted(boxes)
    QTest.keyClick(view, BACKTAB)
    assert view.focus.button == _Id.EDIT
    view.focus.move(-3)
    assert (view.focus.message, view.focus.button) == (0, "")
    gone = []
    for _press in range(4):
        QTest.keyClick(view, TAB)
        gone.append(view.focus.button)
    # The last version is shown, so that the arrow after it is greyed and passed over.
    assert gone == [_Id.COPY, _Id.EDIT, MORE, _Id.PREVIOUS]


@pytest.mark.parametrize("key", [ENTER, SPACE])
def test_enter_and_space_press_the_button_in_focus_once(
    view: TranscriptView, qtbot: QtBot, key: Qt.Key
) -> None:
    wanted: list[tuple[str, str]] = []
    view.wanted.connect(lambda *news: wanted.append(news))
    focused(view, qtbot)
    QTest.keyClick(view, TAB)
    QTest.keyClick(view, key)
    assert wanted == [("m3", _Id.COPY)]


def test_shift_tab_comes_in_at_the_last_button(view: TranscriptView, qtbot: QtBot) -> None:
    focused(view, qtbot)
    view.clearFocus()
    view.setFocus(Qt.FocusReason.BacktabFocusReason)
    assert (view.focus.message, view.focus.button) == (3, MORE)
    assert is_painted(view, 3, MORE)


def shown_menu(view: TranscriptView) -> QMenu:
    (menu,) = (one for one in view.findChildren(QMenu) if one.isVisible())
    assert isinstance(menu, QMenu)
    return menu


def lines(menu: QMenu) -> list[str]:
    return ["—" if action.isSeparator() else action.text() for action in menu.actions()]


ANSWER_MENU = [
    *("Copy\tCtrl+C", "Regenerate\tCtrl+R", "Edit", "—", "Branch from here", "—"),
    *("Use these parameters", "Sweep\tCtrl+G", "Seed check\tCtrl+Shift+G", "Show request", "—"),
    "Delete",
]


def test_the_more_button_and_a_right_click_open_one_menu(view: TranscriptView) -> None:
    point = button_centre(view, 3, MORE)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    menu = shown_menu(view)
    assert lines(menu) == ANSWER_MENU
    menu.close()
    groups = view.menu.entries(PointTarget(3, None, "", None))
    by_right_click = [entry.words for group in groups for entry in group]
    assert by_right_click == [line.split("\t")[0] for line in ANSWER_MENU if line != "—"]


def test_the_menu_of_a_version_greys_the_end(view: TranscriptView) -> None:
    view.open_message_menu(0)
    menu = shown_menu(view)
    before, after = menu.actions()[:2]
    assert (before.isEnabled(), after.isEnabled()) == (True, False)
    menu.close()


def test_delete_says_how_many_messages_it_takes(view: TranscriptView) -> None:
    view.menu.taken = {"m1": 3, "m3": 1}.__getitem__
    words = [view.menu.entries(PointTarget(index, None, "", None))[-1][0].words for index in (1, 3)]
    assert words == ["Delete 3 messages", "Delete"]


def children(interface: QAccessibleInterface) -> Sequence[QAccessibleInterface]:
    return [interface.child(number) for number in range(interface.childCount())]


def test_screen_readers_find_the_buttons_with_their_states(
    view: TranscriptView, qtbot: QtBot
) -> None:
    view.menu.taken = {"m0": 4}.__getitem__
    focused(view, qtbot)
    view.focus.move(-3)
    QTest.keyClick(view, TAB)
    reading = AccessibleMessageList(view).child(0)
    assert reading is not None
    name = QAccessible.Text.Name
    states = {
        button.text(name): (button.state().disabled, button.state().focused)
        for button in children(reading)
    }
    assert states == {
        "Previous version": (False, False),
        "Next version": (True, False),
        "Copy": (False, True),
        "Edit": (False, False),
        "Delete 4 messages": (False, False),
        "More": (False, False),
    }
    assert reading.text(QAccessible.Text.Description) == "Version 3 of 3"


def test_messages_that_are_gone_are_freed_though_a_screen_reader_had_them(
    view: TranscriptView,
) -> None:
    listed = AccessibleMessageList(view)
    seen: list[weakref.ref[MessageItem]] = []
    readings: list[AccessibleMessage] = []
    for turn in range(6):
        path = [message(turn * 100 + number) for number in range(SPARE)]
        view.show_path(path, lambda _message: Surroundings())
        for index in range(SPARE):
            reading = listed.child(index)
            assert isinstance(reading, AccessibleMessage)
            readings.append(reading)
            seen.append(weakref.ref(reading.item))
    gc.collect()
    alive = sum(item() is not None for item in seen)
    # Those in view, as many that may wait, and the one for which the others stand.
    assert alive <= 3 * SPARE
    gone = [reading for reading in readings if not reading.isValid()]
    assert len(gone) == 5 * SPARE
    assert all(reading.text(QAccessible.Text.Name) for reading in gone)
