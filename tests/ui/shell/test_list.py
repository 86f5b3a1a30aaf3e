"""The list of conversations in the whole window."""

import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Conversation
from app.services.program.core import Core
from app.store.library import Library
from app.ui.shell.main_window import MainWindow
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId
from tests.servers import DONE, Connection, chunk, serving
from tests.ui.conftest import OnLoop, until, use_server
from tests.ui.shell.test_window import WHOLE, ask, endless, idle, opened, titles, words

SPOKEN = Qt.ItemDataRole.AccessibleTextRole


class Painted:
    """What the rows said each time that one was to be painted anew."""

    def __init__(self, main_window: MainWindow) -> None:
        self.rows = main_window.sidebar._rows
        self.words: list[str] = []
        self.rows.dataChanged.connect(self.note)

    def note(self, first: QModelIndex) -> None:
        self.words.append(self.rows.data(first, SPOKEN))


def test_a_conversation_is_marked_while_it_is_answered(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            painted = Painted(main_window)
            ask(main_window, "A story")
            await until(lambda: words(main_window)[1:] == ["Once upon "])
            assert painted.words[-1] == "A story, answering"
            main_window.pane.composer.stop.click()
            await until(lambda: idle(core, main_window))
            assert painted.words[-1] == "A story"
            await core.close()

    on_loop(work)


def test_what_the_command_line_added_is_listed_when_the_window_is_active_again(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        held = core.conversations.create(provider="embedded", model="", title="Here")
        main_window = await opened(core, theme, qtbot)
        main_window.open_conversation(held.id)
        other = Library.open(core.directory)
        other.add_conversation(Conversation("other", "Elsewhere", 1.0, time.time() + 1))
        other.close()
        main_window.window.activated.emit()
        assert titles(main_window) == ["Elsewhere", "Here"]
        [selected] = main_window.sidebar._list.selectedIndexes()
        assert selected.data() == "Here"
        await core.close()

    on_loop(work)


def test_the_last_conversation_is_shown_again_wherever_it_stands_in_the_list(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with core.library._db.transaction():
            for number in range(500):
                core.library.add_conversation(
                    Conversation(f"c{number}", f"Title {number}", 1.0, 1e9 + number)
                )
        core.settings.put_window({"conversation": "c3"})
        main_window = await opened(core, theme, qtbot)
        view = main_window.sidebar._list
        [selected] = view.selectedIndexes()
        assert (selected.row(), selected.data()) == (496, "Title 3")
        view.executeDelayedItemsLayout()
        assert view.viewport().rect().contains(view.visualRect(selected))
        main_window.sidebar.delete_wanted.emit("c3")
        assert main_window.in_view.id == "c2"
        main_window.pane.toast._button.click()
        assert main_window.in_view.id == "c3"
        assert len(titles(main_window)) == 500
        await core.close()

    on_loop(work)


def test_every_answer_under_way_is_marked_not_only_the_first(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE, endless, endless, endless) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "A story")
            await until(lambda: idle(core, main_window))
            painted = Painted(main_window)
            answer = main_window.in_view.path[1].id

            async def marked_while_answering(begin: Callable[[], object]) -> None:
                begin()
                await until(lambda: words(main_window)[-1:] == ["Once upon "])
                assert painted.words[-1] == "A story, answering"
                main_window.writing.stop()
                await until(lambda: idle(core, main_window))
                assert painted.words[-1] == "A story"

            await marked_while_answering(lambda: ask(main_window, "And then?"))
            await marked_while_answering(main_window.conversation.regenerate)
            main_window.conversation.actions.act(answer, MessageActionId.BRANCH)
            await marked_while_answering(lambda: ask(main_window, "Another way?"))
            await core.close()

    on_loop(work)


def test_an_answer_out_of_view_is_marked_as_new_until_it_is_seen(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    go_on = threading.Event()

    def slow(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("slow "))
        connection.wait_for(go_on)
        connection.send(chunk("answer") + DONE)

    async def work() -> None:
        with serving(slow) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "First")
            await until(lambda: words(main_window)[1:] == ["slow "])
            first = main_window.in_view.id
            main_window.new_conversation()
            go_on.set()
            await until(lambda: not core.chat.is_answering(first))
            rows = main_window.sidebar._rows
            assert rows.data(rows.index(0), SPOKEN) == "First, new answer"
            # It is kept on the disk.
            stored = core.library.conversation(first)
            assert stored.unread
            main_window.open_conversation(first)
            assert rows.data(rows.index(0), SPOKEN) == "First"
            assert not core.library.conversation(first).unread
            await core.close()

    on_loop(work)


def test_a_click_on_a_conversation_closes_the_drawer_and_an_arrow_key_does_not(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        for title in ("One", "Two"):
            core.conversations.create(provider="embedded", model="", title=title)
        main_window = await opened(core, theme, qtbot)
        window, view = main_window.window, main_window.sidebar._list
        window.resize(480, 720)
        window.activateWindow()
        await until(window.isActiveWindow)
        window.toggle_sidebar()
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Down)
        first, second = titles(main_window)
        assert main_window.pane.header.shown_title() == second
        assert main_window.sidebar.isVisible()
        row = view.visualRect(view.model().index(0, 0))
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
        assert main_window.pane.header.shown_title() == first
        assert not main_window.sidebar.isVisible()
        await core.close()

    on_loop(work)
