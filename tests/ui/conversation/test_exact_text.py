"""What was written is what is sent, kept, shown and copied, to the last character."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId
from app.ui.transcript.interaction.selecting import Position
from tests.servers import answer, serving
from tests.ui.composer.test_composer import EXACT, compose, paste
from tests.ui.conftest import OnLoop, until, use_server
from tests.ui.conversation.test_queued import questions
from tests.ui.shell.test_window import DONE, WHOLE, ask, chunk, idle, opened, words


def test_what_is_sent_kept_and_shown_is_what_was_pasted(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE, WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            composer = main_window.pane.composer
            paste(composer, f"{EXACT}\n\n")
            main_window.writing.keep_draft()
            assert core.drafts.text("") == f"{EXACT}\n\n"
            QTest.keyClick(composer.field, Qt.Key.Key_Return)
            await until(lambda: idle(core, main_window))
            assert questions(main_window) == [EXACT]
            assert server.requests[0].json["messages"][0]["content"] == EXACT
            compose(composer.field, "한")
            QTest.keyClick(composer.field, Qt.Key.Key_Return)
            await until(lambda: len(words(main_window)) == 4 and idle(core, main_window))
            assert questions(main_window) == [EXACT, "한"]
            await core.close()

    on_loop(work)


def test_what_is_copied_from_a_conversation_is_what_was_written(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        spaced = "a\u00a0b\u202fc 10\u2028km d\u2029e"
        with serving(answer(chunk(spaced) + DONE)) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, spaced)
            await until(lambda: idle(core, main_window))
            transcript = main_window.conversation.transcript
            clipboard = QApplication.clipboard()
            for item in transcript.items():
                transcript.wanted.emit(item.id, MessageActionId.COPY)
                assert clipboard.text() == spaced
                index = transcript.items().index(item)
                transcript.selecting.begin(Position(index, 0))
                transcript.selecting.move_head(Position(index, 5))
                transcript.setFocus()
                QTest.keyClick(transcript, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
                assert clipboard.text() == spaced[:5]
            clipboard.clear()
            await core.close()

    on_loop(work)
