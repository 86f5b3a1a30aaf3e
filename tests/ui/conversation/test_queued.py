"""Messages written while an answer streams: queued, edited, dropped, paused, kept."""

import threading

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Role
from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.theme.theme import Theme
from tests.servers import Connection, serving
from tests.ui.composer.test_composer import LONG, paste
from tests.ui.conftest import OnLoop, until, use_server
from tests.ui.shell.test_undo import active, undo
from tests.ui.shell.test_window import DONE, WHOLE, ask, chunk, endless, idle, opened, words


class Slow:
    """An answer that ends when the test says so."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def __call__(self, connection: Connection) -> None:
        connection.head()
        connection.send(chunk("slow "))
        connection.wait_for(self.go_on)
        connection.send(chunk("answer") + DONE)


def type_and_enter(main_window: MainWindow, text: str) -> None:
    field = main_window.pane.composer.field
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def questions(main_window: MainWindow) -> list[str]:
    return [one.text for one in main_window.in_view.path if one.role is Role.USER]


def queued(main_window: MainWindow) -> list[str]:
    bar = main_window.writing.queued.bar
    return [row.message.text for row in bar.rows] if bar.isVisible() else []


async def streaming(core: Core, theme: Theme, qtbot: QtBot, url: str) -> MainWindow:
    """A window in whose conversation an answer streams and two messages wait."""
    use_server(core, url)
    main_window = await opened(core, theme, qtbot)
    ask(main_window, "First")
    await until(lambda: len(words(main_window)) == 2 and bool(words(main_window)[1]))
    type_and_enter(main_window, "Second")
    type_and_enter(main_window, "Third")
    return main_window


def test_enter_queues_and_the_messages_go_one_after_each_answer(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        slow = Slow()
        with serving(slow, WHOLE, WHOLE) as server:
            main_window = await streaming(core, theme, qtbot, server.url)
            assert queued(main_window) == ["Second", "Third"]
            assert main_window.pane.composer.text() == ""
            slow.go_on.set()
            await until(lambda: len(questions(main_window)) == 3 and idle(core, main_window))
            assert questions(main_window) == ["First", "Second", "Third"]
            assert words(main_window)[1::2] == ["slow answer", *["**Hello** there."] * 2]
            assert queued(main_window) == []
            await core.close()

    on_loop(work)


def test_a_conversation_out_of_view_goes_on_with_its_queue(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        slow = Slow()
        with serving(slow, WHOLE, WHOLE) as server:
            main_window = await streaming(core, theme, qtbot, server.url)
            first = main_window.in_view.id
            main_window.new_conversation()
            assert queued(main_window) == []
            slow.go_on.set()
            opened_first = core.conversations.open(first)
            await until(lambda: not core.queue.messages(opened_first))
            await until(lambda: not core.chat.is_answering(first))
            assert words(main_window) == []
            main_window.open_conversation(first)
            assert questions(main_window) == ["First", "Second", "Third"]
            await core.close()

    on_loop(work)


def test_esc_stops_and_pauses_and_resume_goes_on(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless, WHOLE, WHOLE) as server:
            main_window = await streaming(core, theme, qtbot, server.url)
            await active(main_window)
            bar = main_window.writing.queued.bar
            assert not bar.resume.isVisible()
            QTest.keyClick(main_window.pane.composer.field, Qt.Key.Key_Escape)
            await until(bar.resume.isVisible)
            assert "stopped" in bar.words()
            assert queued(main_window) == ["Second", "Third"]
            bar.resume.click()
            await until(lambda: len(questions(main_window)) == 3 and idle(core, main_window))
            assert questions(main_window) == ["First", "Second", "Third"]
            await core.close()

    on_loop(work)


def test_send_now_stops_the_answer(qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme) -> None:
    async def work() -> None:
        with serving(endless, WHOLE, WHOLE) as server:
            main_window = await streaming(core, theme, qtbot, server.url)
            main_window.writing.queued.bar.rows[1].send.click()
            await until(lambda: len(questions(main_window)) == 3 and idle(core, main_window))
            assert questions(main_window) == ["First", "Third", "Second"]
            await core.close()

    on_loop(work)


def test_edit_takes_a_message_back_before_what_is_written(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless) as server:
            main_window = await streaming(core, theme, qtbot, server.url)
            composer = main_window.pane.composer
            QTest.keyClicks(composer.field, "Fourth")
            main_window.writing.queued.bar.rows[0].edit.click()
            assert composer.text() == "Second\n\nFourth"
            assert queued(main_window) == ["Third"]
            assert core.drafts.text(main_window.in_view.id) == "Second\n\nFourth"
            await core.close()

    on_loop(work)


def test_a_dropped_message_comes_back_by_undo(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless) as server:
            main_window = await streaming(core, theme, qtbot, server.url)
            await active(main_window)
            main_window.writing.queued.bar.rows[0].drop.click()
            assert queued(main_window) == ["Third"]
            undo(main_window)
            assert queued(main_window) == ["Second", "Third"]
            await core.close()

    on_loop(work)


def test_the_queue_and_a_folded_draft_are_there_after_a_kill(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless) as server:
            main_window = await streaming(core, theme, qtbot, server.url)
            composer = main_window.pane.composer
            QTest.keyClicks(composer.field, "draft ")
            paste(composer, LONG)
            main_window.writing.keep_draft()
            # A second program on the same library: the first has closed nothing.
            again = Core(core.directory)
            other = await opened(again, theme, qtbot)
            assert queued(other) == ["Second", "Third"]
            assert other.writing.queued.bar.resume.isVisible()
            assert other.pane.composer.text() == f"draft {LONG}"
            assert list(other.pane.composer.field.folds()) == [(6, 6 + len(LONG))]
            await again.close()
            await core.close()

    on_loop(work)
