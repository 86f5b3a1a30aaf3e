"""News that comes while a conversation is in view: an undo during an answer, a late cost, and a
window that is closed while a message is being edited."""

import json
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.providers.providers import Provider, ProviderKind
from app.services.chat import late_costs
from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId
from tests import servers
from tests.servers import Connection, answer, serving
from tests.ui.conftest import OnLoop, until, use_server
from tests.ui.shell.test_window import DONE, WHOLE, ask, chunk, endless, idle, opened, words


def undo(main_window: MainWindow) -> None:
    """Click on the offer to undo what was done last."""
    (button,) = (
        button for button in main_window.pane.findChildren(QPushButton) if button.text() == "Undo"
    )
    button.click()


def test_an_undo_while_an_answer_is_under_way_leaves_the_answer_in_view(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE, endless) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "First")
            await until(lambda: idle(core, main_window))
            transcript = main_window.conversation.transcript
            transcript.wanted.emit(transcript.items()[0].id, MessageActionId.DELETE)
            assert words(main_window) == []
            ask(main_window, "Second")
            await until(lambda: words(main_window)[1:] == ["Once upon "])
            undo(main_window)
            assert words(main_window) == ["Second", "Once upon "]
            assert main_window.pane.composer.stop.isVisible()
            await core.close()

    on_loop(work)


def test_a_cost_that_becomes_known_later_is_shown_below_its_answer(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-0123456789abcdef")
    monkeypatch.setattr(late_costs, "PAUSES", (0.0,))
    counted = {"data": {"total_cost": 0.125, "provider_name": "DeepInfra"}}

    def broken_off(connection: Connection) -> None:
        connection.head(headers={"X-Generation-Id": "gen-1"})
        connection.send(servers.chunk("So far"))

    generation = answer(json.dumps(counted), content_type="application/json")
    with serving(broken_off, generation) as server:
        provider = Provider("s", "Scripted", ProviderKind.OPENROUTER, server.url, "model")

        async def work() -> None:
            core.providers.put(provider)
            core.settings.default_provider = provider.id
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "A story")
            await until(lambda: idle(core, main_window))
            items = main_window.conversation.transcript.items
            await until(lambda: items()[1].message.cost == Decimal("0.125"))
            assert words(main_window) == ["A story", "So far"]
            await core.close()

        on_loop(work)


def test_the_text_of_an_edit_does_not_become_the_draft_when_the_window_is_closed(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(answer(chunk("Hello.") + DONE)) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Old words")
            await until(lambda: idle(core, main_window))
            transcript = main_window.conversation.transcript
            main_window.pane.composer.put_text("a draft")
            transcript.wanted.emit(transcript.items()[0].id, MessageActionId.EDIT)
            assert main_window.editing.editor is not None
            main_window.editing.editor.put_text("New words")
            main_window.window.close()
            await core.close()
        again = Core(core.directory)
        main_window = await opened(again, theme, qtbot)
        assert words(main_window) == ["Old words", "Hello."]
        assert main_window.pane.composer.text() == "a draft"
        await again.close()

    on_loop(work)
