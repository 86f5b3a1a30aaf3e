"""What contradicts itself is explained before it is sent, with ways out."""

from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.servers import answer, chat, serving
from tests.ui.conftest import OnLoop, keep, until, use_server


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        ("Turn them on", {"logprobs": True, "top_logprobs": 3}),
        ("No alternatives", {}),
        ("Send anyway", {"top_logprobs": 3}),
        ("Don't send", None),
    ],
)
def test_a_conflict_holds_a_question_back_until_it_is_settled(
    qtbot: QtBot,
    core: Core,
    theme: Theme,
    on_loop: OnLoop,
    words: str,
    sent: dict[str, Any] | None,
) -> None:
    async def work() -> None:
        with serving(answer(chat("Hi"))) as server:
            use_server(core, server.url)
            window = Window(theme, {})
            keep(qtbot, window)
            main_window = MainWindow(core, theme, window)
            window.show()
            main_window.in_view.set_value("top_logprobs", 3)
            window.pane.composer.put_text("Well?")
            window.pane.composer.send.click()
            bar = main_window.writing.conflicts
            assert bar.isVisible()
            assert main_window.in_view.conversation is None
            assert window.pane.composer.text() == "Well?"
            next(one for one in bar.findChildren(QPushButton) if one.text() == words).click()
            assert not bar.isVisible()
            if sent is not None:
                await until(lambda: len(server.requests) == 1)
                body = server.requests[0].json
                assert {name: body[name] for name in body if "logprobs" in name} == sent
                await until(
                    lambda: (
                        main_window.in_view.conversation is not None
                        and not main_window.in_view.conversation.reply
                    )
                )
            else:
                assert window.pane.composer.text() == "Well?"
                assert server.requests == []
        await core.close()

    on_loop(work)
