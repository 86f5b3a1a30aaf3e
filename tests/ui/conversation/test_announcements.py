"""Screen readers are told of toasts, banners and finished answers, wherever the focus is."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.conversation import conversation_view
from app.ui.theme.theme import Theme
from tests.servers import answer, chat, serving
from tests.ui.conftest import OnLoop, until, use_server
from tests.ui.shell.test_window import ask, opened


def test_toasts_banners_and_ends_of_answers_are_said(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def hear(_widget: QWidget, words: str) -> None:
        said.append(words)

    monkeypatch.setattr(conversation_view, "announce", hear)

    async def work() -> None:
        with serving(answer(chat("Hello."))) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Say hello")
            await until(lambda: "Answer finished" in said)
            main_window.pane.copy("words")
            assert said[-1] == "Copied"
            main_window.deletions.delete(main_window.in_view.id)
            assert said[-1] == "Deleted “Say hello”"
            main_window.pane.banner.show_words("Something failed.")
            assert said[-1] == "Something failed."
            await core.close()

    on_loop(work)
