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


def edit(main_window: MainWindow) -> None:
    """Press Edit at the first message."""
    transcript = main_window.conversation.transcript
    transcript.wanted.emit(transcript.items()[0].id, MessageActionId.EDIT)


async def editing(core: Core, theme: Theme, qtbot: QtBot) -> MainWindow:
    """A window in which a message is being rewritten, and a draft waits."""
    held = talk(core, "Title", "Old words")
    main_window = await opened(core, theme, qtbot)
    main_window.open_conversation(held.id)
    main_window.pane.composer.put_text("a draft")
    edit(main_window)
    main_window.pane.composer.put_text("New words")
    return main_window


def test_esc_leaves_the_edit_and_keeps_the_rewrite(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await editing(core, theme, qtbot)
        main_window.pane.escape.press()
        assert main_window.pane.composer.text() == "a draft"
        assert "kept" in main_window.pane.toast._words.text()
        edit(main_window)
        assert main_window.pane.composer.text() == "New words"
        await core.close()

    on_loop(work)


def test_the_edit_can_go_on_after_another_conversation_was_looked_at(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await editing(core, theme, qtbot)
        title = main_window.in_view.id
        main_window.new_conversation()
        assert main_window.pane.composer.text() == ""
        assert not main_window.pane.composer.cancel.isVisible()
        main_window.open_conversation(title)
        assert main_window.pane.composer.text() == "a draft"
        main_window.pane.toast._button.click()
        assert main_window.pane.composer.text() == "New words"
        assert main_window.pane.composer.cancel.isVisible()
        main_window.pane.escape.press()
        assert main_window.pane.composer.text() == "a draft"
        await core.close()

    on_loop(work)


def test_a_rewrite_is_on_the_disk_soon_and_is_there_after_a_crash(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await editing(core, theme, qtbot)
        message = main_window.in_view.path[0].id
        await until(lambda: core.library.setting(f"edit {message}") == "New words")
        # The process is gone here: nothing that the window keeps at its end is kept.
        await core.close()
        again = Core(core.directory)
        main_window = await opened(again, theme, qtbot)
        assert main_window.pane.composer.text() == "a draft"
        main_window.pane.toast._button.click()
        assert main_window.pane.composer.text() == "New words"
        assert main_window.pane.composer.cancel.isVisible()
        main_window.writing.cancel_edit()
        assert main_window.pane.composer.text() == "a draft"
        await again.close()

    on_loop(work)


def test_a_discarded_rewrite_is_gone_but_for_undo(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await editing(core, theme, qtbot)
        composer = main_window.pane.composer
        assert composer.discard.isVisible()
        composer.discard.click()
        assert composer.text() == "a draft"
        edit(main_window)
        assert composer.text() == "Old words"
        assert not composer.discard.isVisible()
        main_window.pane.undo.undo()
        assert composer.text() == "New words"
        await core.close()

    on_loop(work)


def test_a_sent_rewrite_is_no_draft_any_more(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE, WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Old words")
            await until(lambda: idle(core, main_window))
            message = main_window.in_view.path[0].id
            edit(main_window)
            main_window.pane.composer.put_text("New words")
            QTest.keyClick(main_window.pane.composer.field, ESC)
            main_window.pane.escape.press()
            edit(main_window)
            ask(main_window, main_window.pane.composer.text())
            await until(lambda: idle(core, main_window))
            assert words(main_window)[0] == "New words"
            assert core.drafts.rewrite(message) is None
            assert core.drafts.edited_message(main_window.in_view.id) == ""
            await core.close()

    on_loop(work)
