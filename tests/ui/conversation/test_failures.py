"""A failed answer says what happened and what to do; its buttons are for mouse and keyboard."""

import json

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId
from tests.servers import answer, chat, serving
from tests.ui.conftest import OnLoop, keep, until, use_server

REFUSED = answer(
    json.dumps({"error": {"message": "User not found."}}),
    status=401,
    content_type="application/json",
)


def test_a_rejected_key_has_a_card_that_the_keyboard_can_use(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        with serving(REFUSED, answer(chat("Hi"))) as server:
            use_server(core, server.url)
            window = Window(theme, {})
            keep(qtbot, window)
            main_window = MainWindow(core, theme, window)
            window.resize(480, 720)
            window.show()
            transcript, composer = main_window.conversation.transcript, window.pane.composer
            composer.put_text("Well?")
            composer.send.click()
            await until(lambda: bool(server.requests) and not main_window.in_view.is_answering())
            (_question, failed) = transcript.items()
            transcript.refresh()
            assert "rejected the API key\n" in failed.text()
            assert "User not found." not in failed.text()
            names = [button.name for button in failed.buttons()]
            assert names == ["Add a key…", "Retry", "Details", "More"]
            for button in failed.buttons():
                box = transcript.focus.button_rectangle(failed, button.href)
                assert box is not None
                assert min(box.width(), box.height()) >= 28
                assert transcript.viewport().rect().contains(box)
            transcript.setFocus()
            transcript.make_current(1)
            for _step in names[:3]:
                QTest.keyClick(transcript, Qt.Key.Key_Tab)
            assert transcript.focus.button == MessageActionId.DETAILS
            QTest.keyClick(transcript, Qt.Key.Key_Space)
            assert "User not found." in failed.text()
            QTest.keyClick(transcript, Qt.Key.Key_Backtab)
            QTest.keyClick(transcript, Qt.Key.Key_Return)
            await until(lambda: len(server.requests) == 2)
            await until(lambda: not main_window.in_view.is_answering())
        await core.close()

    on_loop(work)
