"""A rewrite that is under way is kept, whatever ends it, until it is sent or discarded."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId
from tests.servers import serving
from tests.ui.conftest import OnLoop, until, use_server
from tests.ui.shell.test_undo import talk
from tests.ui.shell.test_window import WHOLE, ask, idle, opened, words

ESC = Qt.Key.Key_Escape


def edit(desk: MainWindow) -> None:
    """Press Edit at the first message."""
    transcript = desk.conversation.transcript
    transcript.wanted.emit(transcript.items()[0].id, MessageActionId.EDIT)


async def editing(core: Core, theme: Theme, qtbot: QtBot) -> MainWindow:
    """A window in which a message is being rewritten, and a draft waits."""
    held = talk(core, "Title", "Old words")
    desk = await opened(core, theme, qtbot)
    desk.open_conversation(held.id)
    desk.pane.composer.put_text("a draft")
    edit(desk)
    desk.pane.composer.put_text("New words")
    return desk


def test_esc_leaves_the_edit_and_keeps_the_rewrite(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        desk = await editing(core, theme, qtbot)
        desk.writing.stop()
        assert desk.pane.composer.text() == "a draft"
        assert "kept" in desk.pane.toast._words.text()
        edit(desk)
        assert desk.pane.composer.text() == "New words"
        await core.close()

    on_loop(work)


def test_the_edit_can_go_on_after_another_conversation_was_looked_at(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        desk = await editing(core, theme, qtbot)
        title = desk.in_view.id
        desk.new_conversation()
        assert desk.pane.composer.text() == ""
        assert not desk.pane.composer.cancel.isVisible()
        desk.open_conversation(title)
        assert desk.pane.composer.text() == "a draft"
        desk.pane.toast._button.click()
        assert desk.pane.composer.text() == "New words"
        assert desk.pane.composer.cancel.isVisible()
        desk.writing.stop()
        assert desk.pane.composer.text() == "a draft"
        await core.close()

    on_loop(work)


def test_a_rewrite_is_on_the_disk_soon_and_is_there_after_a_crash(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        desk = await editing(core, theme, qtbot)
        message = desk.in_view.path[0].id
        await until(lambda: core.library.setting(f"edit {message}") == "New words")
        # The process is gone here: nothing that the window keeps at its end is kept.
        await core.close()
        again = Core(core.directory)
        desk = await opened(again, theme, qtbot)
        assert desk.pane.composer.text() == "a draft"
        desk.pane.toast._button.click()
        assert desk.pane.composer.text() == "New words"
        assert desk.pane.composer.cancel.isVisible()
        desk.writing.cancel_edit()
        assert desk.pane.composer.text() == "a draft"
        await again.close()

    on_loop(work)


def test_a_discarded_rewrite_is_gone_but_for_undo(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        desk = await editing(core, theme, qtbot)
        composer = desk.pane.composer
        assert composer.discard.isVisible()
        composer.discard.click()
        assert composer.text() == "a draft"
        edit(desk)
        assert composer.text() == "Old words"
        assert not composer.discard.isVisible()
        desk.pane.undo.undo()
        assert composer.text() == "New words"
        await core.close()

    on_loop(work)


def test_a_sent_rewrite_is_no_draft_any_more(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE, WHOLE) as server:
            use_server(core, server.url)
            desk = await opened(core, theme, qtbot)
            ask(desk, "Old words")
            await until(lambda: idle(core, desk))
            message = desk.in_view.path[0].id
            edit(desk)
            desk.pane.composer.put_text("New words")
            QTest.keyClick(desk.pane.composer.field, ESC)
            desk.writing.stop()
            edit(desk)
            ask(desk, desk.pane.composer.text())
            await until(lambda: idle(core, desk))
            assert words(desk)[0] == "New words"
            assert core.drafts.rewrite(message) is None
            assert core.drafts.edited_message(desk.in_view.id) == ""
            await core.close()

    on_loop(work)
