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


class FilledSidebar:
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
def main_window(qtbot: QtBot, theme: Theme) -> FilledSidebar:
    main_window = FilledSidebar(theme)
    keep(qtbot, main_window.sidebar)
    main_window.sidebar.resize(260, 600)
    main_window.sidebar.show_list(main_window.listing)
    main_window.sidebar.show()
    qtbot.waitExposed(main_window.sidebar)
    return main_window


def settle(main_window: FilledSidebar) -> None:
    main_window.list.executeDelayedItemsLayout()
    main_window.list.grab()


def test_only_the_rows_on_the_screen_are_read(main_window: FilledSidebar) -> None:
    settle(main_window)
    assert main_window.rows.rowCount() == COUNT
    assert 0 < main_window.listing.rows <= 64
    assert main_window.visible()[:2] == ["Today", f"Title {COUNT - 1}"]


def test_a_change_reads_no_rows(main_window: FilledSidebar) -> None:
    settle(main_window)
    main_window.listing.rows = 0
    made = main_window.conversations.create(provider="p", model="m", title="New")
    main_window.conversations.rename(made.id, "Newer")
    main_window.conversations.rename("c7", "Far away")
    main_window.conversations.delete("c9")
    main_window.conversations.delete(made.id)
    settle(main_window)
    assert main_window.listing.rows == 0
    assert main_window.rows.rowCount() == COUNT - 1
    assert main_window.title(COUNT - 9) == "Far away"


def test_the_list_is_as_if_read_anew_after_changes(main_window: FilledSidebar) -> None:
    main_window.sidebar.select("c1500")
    for number in (2, 1499, 1500, 1501, 2999):
        main_window.conversations.rename(f"c{number}", f"Renamed {number}")
        main_window.conversations.delete(f"c{number + 20 if number < 2900 else 2990}")
    main_window.conversations.restore("c1520")
    main_window.conversations.create(provider="p", model="m", title="New")
    rows = [
        main_window.rows.at(main_window.rows.index(row))
        for row in range(main_window.rows.rowCount())
    ]
    main_window.sidebar.show_list(main_window.listing)
    assert rows == [
        main_window.rows.at(main_window.rows.index(row))
        for row in range(main_window.rows.rowCount())
    ]


@pytest.mark.parametrize("seed", range(12))
def test_any_changes_show_the_list_as_it_is(qtbot: QtBot, theme: Theme, seed: int) -> None:
    chance = random.Random(seed)
    main_window = FilledSidebar(theme, 400)
    keep(qtbot, main_window.sidebar)
    main_window.sidebar.show_list(main_window.listing)
    main_window.sidebar.select("c200")
    now = time.time()
    for step in range(60):
        name = f"c{chance.randrange(400)}"
        match chance.randrange(5):
            case 0:
                main_window.rows.at(
                    main_window.rows.index(chance.randrange(main_window.rows.rowCount()))
                )
            case 1 if name != "c200":
                main_window.conversations.delete(name)
            case 2:
                main_window.conversations.restore(name)
            case _ if main_window.listing.entry(name) is not None:
                opened = main_window.conversations.open(name)
                moment = now - chance.uniform(0, 400 * 1800)
                main_window.conversations.change(opened, title=f"Step {step}", updated=moment)
        assert main_window.selected() == "c200"
    assert main_window.rows.rowCount() == len(main_window.library.conversations())
    shown = [
        main_window.rows.at(main_window.rows.index(row))
        for row in range(main_window.rows.rowCount())
    ]
    main_window.sidebar.show_list(main_window.listing, "c200")
    assert shown == [
        main_window.rows.at(main_window.rows.index(row))
        for row in range(main_window.rows.rowCount())
    ]


def test_the_selection_follows_its_conversation(main_window: FilledSidebar) -> None:
    main_window.sidebar.select("c1500")
    main_window.conversations.delete("c1501")
    main_window.conversations.create(provider="p", model="m")
    assert main_window.selected() == "c1500"
    main_window.sidebar.show_list(main_window.listing, "c1500")
    assert main_window.selected() == "c1500"
    main_window.conversations.delete("c1500")
    assert main_window.selected() == ""
    assert main_window.chosen == []


def test_the_scroll_position_is_kept_while_rows_come_and_go_above(
    main_window: FilledSidebar,
) -> None:
    main_window.list.verticalScrollBar().setValue(20_000)
    settle(main_window)
    before, visible = main_window.top(), main_window.visible()
    main_window.conversations.create(provider="p", model="m")
    main_window.conversations.delete(f"c{COUNT - 1}")
    main_window.conversations.delete(f"c{COUNT - 2}")
    main_window.conversations.delete("c3")
    settle(main_window)
    assert main_window.top() == before
    assert main_window.visible() == visible
    main_window.library.add_conversation(Conversation("other", "Elsewhere", 1.0, time.time()))
    main_window.sidebar.show_list(main_window.listing)
    settle(main_window)
    assert main_window.top() == before


def test_at_the_top_a_new_conversation_comes_into_view(main_window: FilledSidebar) -> None:
    main_window.conversations.create(provider="p", model="m", title="Newest")
    settle(main_window)
    assert main_window.visible()[:2] == ["Today", "Newest"]


def test_a_conversation_that_is_sent_to_moves_to_the_top_and_stays_in_view(
    main_window: FilledSidebar,
) -> None:
    main_window.sidebar.select("c1500")
    opened = main_window.conversations.open("c1500")
    main_window.conversations.change(opened, updated=time.time())
    settle(main_window)
    assert main_window.visible()[:2] == ["Today", "Title 1500"]
    assert main_window.selected() == "c1500"


def test_the_list_does_not_scroll_when_the_selected_conversation_stays_in_its_row(
    main_window: FilledSidebar,
) -> None:
    main_window.sidebar.select(f"c{COUNT - 1}")
    main_window.list.verticalScrollBar().setValue(5000)
    before = main_window.top()
    opened = main_window.conversations.open(f"c{COUNT - 1}")
    main_window.conversations.change(opened, updated=time.time(), title="Answered")
    settle(main_window)
    assert main_window.top() == before


def test_keys_reach_every_row(main_window: FilledSidebar) -> None:
    main_window.list.setFocus()
    for key, row in (
        (Qt.Key.Key_End, COUNT - 1),
        (Qt.Key.Key_Up, COUNT - 2),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_PageUp, 0),
    ):
        QTest.keyClick(main_window.list, key)
        assert main_window.list.currentIndex().row() == row
        assert (
            main_window.list.viewport()
            .rect()
            .contains(main_window.list.visualRect(main_window.list.currentIndex()))
        )
    QTest.keyClick(main_window.list, Qt.Key.Key_PageDown)
    page = main_window.list.currentIndex().row()
    assert 5 < page < 20
    assert main_window.chosen[-1] == f"c{COUNT - 1 - page}"


def test_typing_chooses_no_other_conversation(main_window: FilledSidebar) -> None:
    main_window.conversations.rename("c5", "Zoo")
    main_window.list.setFocus()
    before = list(main_window.chosen)
    QTest.keyClicks(main_window.list, "zoo")
    assert main_window.chosen == before


def test_a_click_chooses_the_row_under_it(main_window: FilledSidebar) -> None:
    index = main_window.rows.index(3)
    place = main_window.list.visualRect(index).center()
    QTest.mouseClick(main_window.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert main_window.chosen == [f"c{COUNT - 4}"]
    assert main_window.list.indexAt(place).row() == 3


def test_rows_lie_one_below_the_other(main_window: FilledSidebar) -> None:
    bottom = 0
    for row in range(200):
        rect = main_window.list.visualRect(main_window.rows.index(row))
        assert rect.top() == bottom
        bottom = rect.bottom() + 1
        for y in (rect.top(), rect.center().y(), rect.bottom()):
            assert main_window.list.indexAt(QPoint(5, y)).row() == row
    assert not main_window.list.indexAt(QPoint(5, -1)).isValid()


def test_the_neighbour_of_a_removed_conversation_is_the_next_below(
    main_window: FilledSidebar,
) -> None:
    assert main_window.sidebar.neighbour("c1500") == "c1499"
    assert main_window.sidebar.neighbour("c0") == "c1"
    assert main_window.sidebar.neighbour("missing") == f"c{COUNT - 1}"


def test_a_title_is_edited_while_rows_move(main_window: FilledSidebar, qtbot: QtBot) -> None:
    main_window.sidebar.select("c1500")
    main_window.sidebar.rename_current()
    [editor] = main_window.list.viewport().findChildren(QLineEdit)
    main_window.conversations.create(provider="p", model="m")
    main_window.conversations.rename("c1499", "Beside it")
    settle(main_window)
    renamed: list[tuple[str, str]] = []
    main_window.sidebar.renamed.connect(lambda *facts: renamed.append(facts))
    editor.setText("Written")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    # Qt commits what an editor holds in a later turn of the loop.
    qtbot.waitUntil(lambda: renamed == [("c1500", "Written")])


def test_answering_is_marked_by_row(main_window: FilledSidebar) -> None:
    answering = {f"c{COUNT - 2}"}
    main_window.sidebar.watch_answers(answering.__contains__)
    main_window.sidebar.update_row(f"c{COUNT - 2}")
    words = [
        main_window.rows.data(main_window.rows.index(row), Qt.ItemDataRole.AccessibleTextRole)
        for row in (0, 1)
    ]
    assert words == [f"Title {COUNT - 1}", f"Title {COUNT - 2}, answering"]


def test_a_screen_reader_finds_a_list_with_its_rows(main_window: FilledSidebar) -> None:
    reading = QAccessible.queryAccessibleInterface(main_window.list)
    assert reading.role() == QAccessible.Role.List
    assert reading.text(QAccessible.Text.Name) == "Chats"
    assert reading.childCount() == COUNT
    row = reading.child(1)
    assert row.role() == QAccessible.Role.ListItem
    assert row.text(QAccessible.Text.Name) == f"Title {COUNT - 2}"
    assert row.rect().height() == main_window.list.visualRect(main_window.rows.index(1)).height()


def test_a_list_that_cannot_be_read_says_so(main_window: FilledSidebar, qtbot: QtBot) -> None:
    main_window.listing.failing = True
    with qtbot.waitSignal(main_window.sidebar.failed) as said:
        main_window.list.scrollToBottom()
        settle(main_window)
    assert said.args == ["The disk is gone."]
    main_window.listing.failing = False
    settle(main_window)
    assert main_window.visible()[-1] == "Title 0"


def test_days_are_named_anew_after_midnight(
    main_window: FilledSidebar, monkeypatch: pytest.MonkeyPatch
) -> None:
    main_window.sidebar.select("c2995")
    tomorrow = time.time() + 24 * 3600
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    main_window.conversations.create(provider="p", model="m", title="Morning")
    settle(main_window)
    assert main_window.visible()[:4:2] == ["Today", "Yesterday"]
    assert main_window.selected() == "c2995"


def test_an_empty_list_can_be_used(qtbot: QtBot, theme: Theme) -> None:
    main_window = FilledSidebar(theme, 0)
    keep(qtbot, main_window.sidebar)
    main_window.sidebar.show_list(main_window.listing)
    main_window.sidebar.show()
    for key in (Qt.Key.Key_End, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_Z):
        QTest.keyClick(main_window.list, key)
    settle(main_window)
    assert main_window.chosen == []
    assert main_window.sidebar.neighbour("c0") == ""
    made = main_window.conversations.create(provider="p", model="m", title="First")
    settle(main_window)
    assert main_window.visible() == ["Today", "First"]
    main_window.list.selectionModel().select(
        main_window.rows.index(0), QItemSelectionModel.SelectionFlag.ClearAndSelect
    )
    assert main_window.chosen == [made.id]
    main_window.conversations.delete(made.id)
    settle(main_window)
    assert main_window.visible() == []
