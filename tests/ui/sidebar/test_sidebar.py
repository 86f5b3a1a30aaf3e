"""The sidebar shows a long list and follows its changes row by row."""

import random
import time

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Conversation
from app.domain.chat.conversation_list import ConversationEntry
from app.domain.errors import LibraryError
from app.services.chat.conversations import Conversations
from app.store.conversation_list import ConversationList
from app.store.library import Library
from app.ui.sidebar.list_view import ConversationListView
from app.ui.sidebar.sidebar import Sidebar
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep

COUNT = 3000


class CountedList(ConversationList):
    """The stored list, which counts the rows that are read of it and can fail."""

    rows = 0
    failing = False

    def entries(self, row: int, limit: int, total: int) -> list[ConversationEntry]:
        if self.failing:
            raise LibraryError("The disk is gone.")
        found = super().entries(row, limit, total)
        self.rows += len(found)
        return found


class Desk:
    """A sidebar on a library with COUNT conversations, c0 the oldest, half an hour apart."""

    def __init__(self, theme: Theme, count: int = COUNT) -> None:
        self.library = Library.in_memory()
        self.listing = CountedList(self.library._db)
        now = time.time()
        with self.library._db.transaction():
            for number in range(count):
                moment = now - (count - number) * 1800
                self.library.add_conversation(
                    Conversation(f"c{number}", f"Title {number}", moment, moment)
                )
        self.conversations = Conversations(self.library)
        self.sidebar = Sidebar(theme)
        self.conversations.listed.connect(self.sidebar.apply)
        self.chosen: list[str] = []
        self.sidebar.chosen.connect(self.chosen.append)
        self.list = self.sidebar.findChildren(ConversationListView)[0]
        self.rows = self.sidebar._rows

    def title(self, row: int) -> str:
        found = self.rows.at(self.rows.index(row))
        return "" if found is None else found.title

    def selected(self) -> str:
        chosen = [self.rows.at(index) for index in self.list.selectedIndexes()]
        return "".join(row.id for row in chosen if row is not None)

    def visible(self) -> list[str]:
        """The titles on the screen, each with the name of its group before it."""
        shown = []
        index = self.list.indexAt(QPoint(5, 0))
        while index.isValid() and self.list.visualRect(index).top() < self.list.height():
            row = self.rows.at(index)
            assert row is not None
            shown += [row.group] * bool(row.group) + [row.title]
            index = self.rows.index(index.row() + 1)
        return shown

    def top(self) -> tuple[str, int]:
        """The first visible conversation, and where it is."""
        index = self.list.indexAt(QPoint(5, 0))
        row = self.rows.at(index)
        return "" if row is None else row.id, self.list.visualRect(index).top()


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme) -> Desk:
    desk = Desk(theme)
    keep(qtbot, desk.sidebar)
    desk.sidebar.resize(260, 600)
    desk.sidebar.show_list(desk.listing)
    desk.sidebar.show()
    qtbot.waitExposed(desk.sidebar)
    return desk


def settle(desk: Desk) -> None:
    desk.list.executeDelayedItemsLayout()
    desk.list.grab()


def test_only_the_rows_on_the_screen_are_read(desk: Desk) -> None:
    settle(desk)
    assert desk.rows.rowCount() == COUNT
    assert 0 < desk.listing.rows <= 64
    assert desk.visible()[:2] == ["Today", f"Title {COUNT - 1}"]


def test_a_change_reads_no_rows(desk: Desk) -> None:
    settle(desk)
    desk.listing.rows = 0
    made = desk.conversations.create(provider="p", model="m", title="New")
    desk.conversations.rename(made.id, "Newer")
    desk.conversations.rename("c7", "Far away")
    desk.conversations.delete("c9")
    desk.conversations.delete(made.id)
    settle(desk)
    assert desk.listing.rows == 0
    assert desk.rows.rowCount() == COUNT - 1
    assert desk.title(COUNT - 9) == "Far away"


def test_the_list_is_as_if_read_anew_after_changes(desk: Desk) -> None:
    desk.sidebar.select("c1500")
    for number in (2, 1499, 1500, 1501, 2999):
        desk.conversations.rename(f"c{number}", f"Renamed {number}")
        desk.conversations.delete(f"c{number + 20 if number < 2900 else 2990}")
    desk.conversations.restore("c1520")
    desk.conversations.create(provider="p", model="m", title="New")
    rows = [desk.rows.at(desk.rows.index(row)) for row in range(desk.rows.rowCount())]
    desk.sidebar.show_list(desk.listing)
    assert rows == [desk.rows.at(desk.rows.index(row)) for row in range(desk.rows.rowCount())]


@pytest.mark.parametrize("seed", range(12))
def test_any_changes_show_the_list_as_it_is(qtbot: QtBot, theme: Theme, seed: int) -> None:
    chance = random.Random(seed)
    desk = Desk(theme, 400)
    keep(qtbot, desk.sidebar)
    desk.sidebar.show_list(desk.listing)
    desk.sidebar.select("c200")
    now = time.time()
    for step in range(60):
        name = f"c{chance.randrange(400)}"
        match chance.randrange(5):
            case 0:
                desk.rows.at(desk.rows.index(chance.randrange(desk.rows.rowCount())))
            case 1 if name != "c200":
                desk.conversations.delete(name)
            case 2:
                desk.conversations.restore(name)
            case _ if desk.listing.entry(name) is not None:
                opened = desk.conversations.open(name)
                moment = now - chance.uniform(0, 400 * 1800)
                desk.conversations.change(opened, title=f"Step {step}", updated=moment)
        assert desk.selected() == "c200"
    assert desk.rows.rowCount() == len(desk.library.conversations())
    shown = [desk.rows.at(desk.rows.index(row)) for row in range(desk.rows.rowCount())]
    desk.sidebar.show_list(desk.listing, "c200")
    assert shown == [desk.rows.at(desk.rows.index(row)) for row in range(desk.rows.rowCount())]


def test_the_selection_follows_its_conversation(desk: Desk) -> None:
    desk.sidebar.select("c1500")
    desk.conversations.delete("c1501")
    desk.conversations.create(provider="p", model="m")
    assert desk.selected() == "c1500"
    desk.sidebar.show_list(desk.listing, "c1500")
    assert desk.selected() == "c1500"
    desk.conversations.delete("c1500")
    assert desk.selected() == ""
    assert desk.chosen == []


def test_the_scroll_position_is_kept_while_rows_come_and_go_above(desk: Desk) -> None:
    desk.list.verticalScrollBar().setValue(20_000)
    settle(desk)
    before, visible = desk.top(), desk.visible()
    desk.conversations.create(provider="p", model="m")
    desk.conversations.delete(f"c{COUNT - 1}")
    desk.conversations.delete(f"c{COUNT - 2}")
    desk.conversations.delete("c3")
    settle(desk)
    assert desk.top() == before
    assert desk.visible() == visible
    desk.library.add_conversation(Conversation("other", "Elsewhere", 1.0, time.time()))
    desk.sidebar.show_list(desk.listing)
    settle(desk)
    assert desk.top() == before


def test_at_the_top_a_new_conversation_comes_into_view(desk: Desk) -> None:
    desk.conversations.create(provider="p", model="m", title="Newest")
    settle(desk)
    assert desk.visible()[:2] == ["Today", "Newest"]


def test_a_conversation_that_is_sent_to_moves_to_the_top_and_stays_in_view(desk: Desk) -> None:
    desk.sidebar.select("c1500")
    opened = desk.conversations.open("c1500")
    desk.conversations.change(opened, updated=time.time())
    settle(desk)
    assert desk.visible()[:2] == ["Today", "Title 1500"]
    assert desk.selected() == "c1500"


def test_the_list_does_not_scroll_when_the_selected_conversation_stays_in_its_row(
    desk: Desk,
) -> None:
    desk.sidebar.select(f"c{COUNT - 1}")
    desk.list.verticalScrollBar().setValue(5000)
    before = desk.top()
    opened = desk.conversations.open(f"c{COUNT - 1}")
    desk.conversations.change(opened, updated=time.time(), title="Answered")
    settle(desk)
    assert desk.top() == before


def test_keys_reach_every_row(desk: Desk) -> None:
    desk.list.setFocus()
    for key, row in (
        (Qt.Key.Key_End, COUNT - 1),
        (Qt.Key.Key_Up, COUNT - 2),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_PageUp, 0),
    ):
        QTest.keyClick(desk.list, key)
        assert desk.list.currentIndex().row() == row
        assert desk.list.viewport().rect().contains(desk.list.visualRect(desk.list.currentIndex()))
    QTest.keyClick(desk.list, Qt.Key.Key_PageDown)
    page = desk.list.currentIndex().row()
    assert 5 < page < 20
    assert desk.chosen[-1] == f"c{COUNT - 1 - page}"


def test_typing_finds_a_title_among_rows_that_were_never_shown(desk: Desk) -> None:
    desk.conversations.rename("c17", "Zebra")
    desk.conversations.rename("c5", "Zoo")
    desk.list.setFocus()
    QTest.keyClicks(desk.list, "zoo")
    assert desk.chosen[-1] == "c5"
    desk.list._typed_at = 0.0
    QTest.keyClicks(desk.list, "zz")
    assert desk.chosen[-2:] == ["c17", "c5"]


def test_a_click_chooses_the_row_under_it(desk: Desk) -> None:
    index = desk.rows.index(3)
    place = desk.list.visualRect(index).center()
    QTest.mouseClick(desk.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.chosen == [f"c{COUNT - 4}"]
    assert desk.list.indexAt(place).row() == 3


def test_rows_lie_one_below_the_other(desk: Desk) -> None:
    bottom = 0
    for row in range(200):
        rect = desk.list.visualRect(desk.rows.index(row))
        assert rect.top() == bottom
        bottom = rect.bottom() + 1
        for y in (rect.top(), rect.center().y(), rect.bottom()):
            assert desk.list.indexAt(QPoint(5, y)).row() == row
    assert not desk.list.indexAt(QPoint(5, -1)).isValid()


def test_the_neighbour_of_a_removed_conversation_is_the_next_below(desk: Desk) -> None:
    assert desk.sidebar.neighbour("c1500") == "c1499"
    assert desk.sidebar.neighbour("c0") == "c1"
    assert desk.sidebar.neighbour("missing") == f"c{COUNT - 1}"


def test_a_title_is_edited_while_rows_move(desk: Desk, qtbot: QtBot) -> None:
    desk.sidebar.select("c1500")
    desk.sidebar.rename_current()
    [editor] = desk.list.viewport().findChildren(QLineEdit)
    desk.conversations.create(provider="p", model="m")
    desk.conversations.rename("c1499", "Beside it")
    settle(desk)
    renamed: list[tuple[str, str]] = []
    desk.sidebar.renamed.connect(lambda *facts: renamed.append(facts))
    editor.setText("Written")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    # Qt commits what an editor holds in a later turn of the loop.
    qtbot.waitUntil(lambda: renamed == [("c1500", "Written")])


def test_answering_is_marked_by_row(desk: Desk) -> None:
    answering = {f"c{COUNT - 2}"}
    desk.sidebar.watch_answers(answering.__contains__)
    desk.sidebar.update_row(f"c{COUNT - 2}")
    words = [
        desk.rows.data(desk.rows.index(row), Qt.ItemDataRole.AccessibleTextRole) for row in (0, 1)
    ]
    assert words == [f"Title {COUNT - 1}", f"Title {COUNT - 2}, answering"]


def test_a_screen_reader_finds_a_list_with_its_rows(desk: Desk) -> None:
    reading = QAccessible.queryAccessibleInterface(desk.list)
    assert reading.role() == QAccessible.Role.List
    assert reading.text(QAccessible.Text.Name) == "Conversations"
    assert reading.childCount() == COUNT
    row = reading.child(1)
    assert row.role() == QAccessible.Role.ListItem
    assert row.text(QAccessible.Text.Name) == f"Title {COUNT - 2}"
    assert row.rect().height() == desk.list.visualRect(desk.rows.index(1)).height()


def test_a_list_that_cannot_be_read_says_so(desk: Desk, qtbot: QtBot) -> None:
    desk.listing.failing = True
    with qtbot.waitSignal(desk.sidebar.failed) as said:
        desk.list.scrollToBottom()
        settle(desk)
    assert said.args == ["The disk is gone."]
    desk.listing.failing = False
    settle(desk)
    assert desk.visible()[-1] == "Title 0"


def test_days_are_named_anew_after_midnight(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sidebar.select("c2995")
    tomorrow = time.time() + 24 * 3600
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    desk.conversations.create(provider="p", model="m", title="Morning")
    settle(desk)
    assert desk.visible()[:4:2] == ["Today", "Yesterday"]
    assert desk.selected() == "c2995"


def test_an_empty_list_can_be_used(qtbot: QtBot, theme: Theme) -> None:
    desk = Desk(theme, 0)
    keep(qtbot, desk.sidebar)
    desk.sidebar.show_list(desk.listing)
    desk.sidebar.show()
    for key in (Qt.Key.Key_End, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_Z):
        QTest.keyClick(desk.list, key)
    settle(desk)
    assert desk.chosen == []
    assert desk.sidebar.neighbour("c0") == ""
    made = desk.conversations.create(provider="p", model="m", title="First")
    settle(desk)
    assert desk.visible() == ["Today", "First"]
    desk.list.selectionModel().select(
        desk.rows.index(0), QItemSelectionModel.SelectionFlag.ClearAndSelect
    )
    assert desk.chosen == [made.id]
    desk.conversations.delete(made.id)
    settle(desk)
    assert desk.visible() == []
