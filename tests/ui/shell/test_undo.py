"""Deletions: a held key deletes once, Ctrl+Z brings back one after another, the list the rest."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role, Status
from app.domain.ids import new_id
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.ui.common.undo_keys import has_undo
from app.ui.conversation.recently_deleted import RecentlyDeleted
from app.ui.shell.main_window import MainWindow
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId
from tests.servers import serving
from tests.ui.conftest import OnLoop, keep, until, use_server
from tests.ui.shell.test_window import ask, endless, opened, titles, words

DELETE, CTRL = Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier


def talk(core: Core, title: str, *texts: str) -> OpenConversation:
    """Make a conversation with a path of messages."""
    held = core.conversations.create(provider="embedded", model="m", title=title)
    for text in texts:
        parent = held.conversation.current
        core.conversations.add_message(held, Message(new_id(), parent, Role.USER, text, 1.0))
    return held


def deleting_keys(main_window: MainWindow) -> list[bool]:
    """Whether each Delete key of the window's lists repeats while it is held."""
    view = main_window.sidebar._list
    return [action.autoRepeat() for action in view.actions()]


async def active(main_window: MainWindow) -> None:
    """Wait until the window is the active one, as its keys need."""
    main_window.window.activateWindow()
    await until(main_window.window.isActiveWindow)


def undo(main_window: MainWindow) -> None:
    QTest.keyClick(main_window.window, Qt.Key.Key_Z, CTRL)


def test_six_deleted_conversations_come_back_one_by_one(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        names = [f"Number {n}" for n in range(6)]
        for name in names:
            talk(core, name, "text")
        main_window = await opened(core, theme, qtbot)
        view = main_window.sidebar._list
        before = titles(main_window)
        await active(main_window)
        view.setFocus()
        view.setCurrentIndex(view.model().index(0, 0))
        for _press in names:
            QTest.keyClick(view, DELETE)
        assert titles(main_window) == []
        assert "Number 0" in main_window.pane.toast._words.text()
        for count in range(1, 7):
            undo(main_window)
            assert len(titles(main_window)) == count
        assert titles(main_window) == before
        await core.close()

    on_loop(work)


def test_a_held_delete_key_deletes_once(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await opened(core, theme, qtbot)
        assert deleting_keys(main_window) == [False]
        await core.close()

    on_loop(work)


def test_ctrl_z_is_the_fields_while_the_field_has_something_to_undo(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        held = talk(core, "Kept", "text")
        main_window = await opened(core, theme, qtbot)
        field = main_window.pane.composer.field
        await active(main_window)
        field.setFocus()
        main_window.sidebar.delete_wanted.emit(held.id)
        QTest.keyClicks(field, "abc")
        QTest.keyClick(field, Qt.Key.Key_Z, CTRL)
        assert field.toPlainText() == ""
        assert titles(main_window) == []
        QTest.keyClick(field, Qt.Key.Key_Z, CTRL)
        assert titles(main_window) == ["Kept"]
        await core.close()

    on_loop(work)


def test_a_field_knows_whether_it_has_something_to_undo(qtbot: QtBot) -> None:
    line, number = QLineEdit(), QSpinBox()
    for field in (line, number):
        keep(qtbot, field)
        assert not has_undo(field)
        QTest.keyClicks(field, "5")
        assert has_undo(field)
    line.setReadOnly(True)
    assert not has_undo(line)


def test_a_conversation_deleted_out_of_view_stops_and_comes_back_whole(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "A story")
            await until(lambda: words(main_window)[1:] == ["Once upon "])
            held = main_window.in_view.conversation
            assert held is not None
            main_window.new_conversation()
            main_window.sidebar.delete_wanted.emit(held.id)
            # Before the answer has ended.
            main_window.pane.toast._button.click()
            assert main_window.in_view.id == held.id
            await until(lambda: not core.chat.is_answering(held.id))
            assert words(main_window) == ["A story", "Once upon "]
            last = main_window.in_view.path[-1]
            assert (last.status, last.text) == (Status.STOPPED, "Once upon ")
            assert main_window.pane.composer.send.isVisible()
            assert core.library.messages(held.id)[-1].status is Status.STOPPED
            await core.close()

    on_loop(work)


def test_the_list_has_what_was_deleted_and_restores_it(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        held, other = talk(core, "With a message", "one", "two"), talk(core, "Gone", "text")
        main_window = await opened(core, theme, qtbot)
        main_window.open_conversation(held.id)
        main_window.conversation.transcript.wanted.emit(
            main_window.in_view.path[1].id, MessageActionId.DELETE
        )
        main_window.sidebar.delete_wanted.emit(other.id)
        main_window.sidebar.deleted_wanted.emit()
        (listed,) = main_window.window.findChildren(RecentlyDeleted)
        rows = [listed.list.item(row).text() for row in range(listed.list.count())]
        assert [row.split("\n")[0] for row in rows] == ["Gone", "two"]
        assert "1 message" in rows[0]
        assert "“With a message”" in rows[1]
        listed.list.selectAll()
        listed.restore()
        assert listed.list.count() == 0
        assert titles(main_window) == ["Gone", "With a message"]
        assert words(main_window) == ["one", "two"]
        listed.close()
        await core.close()

    on_loop(work)


def test_deleting_for_good_asks_first(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        for name in ("a", "b"):
            core.conversations.delete(talk(core, name, "text").id)
        main_window = await opened(core, theme, qtbot)
        main_window.deletions.show_deleted()
        (listed,) = main_window.window.findChildren(RecentlyDeleted)
        listed._erase.click()
        assert "“b”" in listed.question.words()
        keep_it, erase = listed.question.buttons
        keep_it.click()
        assert listed.list.count() == 2
        listed._erase.click()
        erase.click()
        assert [item.title for item in core.trash.items()] == ["a"]
        listed._erase_all.click()
        listed.question.buttons[1].click()
        assert core.trash.items() == []
        listed.close()
        await core.close()

    on_loop(work)


def test_a_message_deleted_before_its_conversation_comes_back_after_it(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        held = talk(core, "Both", "one", "two")
        main_window = await opened(core, theme, qtbot)
        main_window.open_conversation(held.id)
        last = main_window.in_view.path[-1].id
        main_window.conversation.transcript.wanted.emit(last, MessageActionId.DELETE)
        main_window.sidebar.delete_wanted.emit(held.id)
        for _press in range(2):
            main_window.pane.undo.undo()
        assert words(main_window) == ["one", "two"]
        assert main_window.pane.undo.next() is None
        await core.close()

    on_loop(work)
