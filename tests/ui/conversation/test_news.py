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


def undo(desk: MainWindow) -> None:
    """Click on the offer to undo what was done last."""
    (button,) = (
        button for button in desk.pane.findChildren(QPushButton) if button.text() == "Undo"
    )
    button.click()


def test_an_undo_while_an_answer_is_under_way_leaves_the_answer_in_view(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE, endless) as server:
            use_server(core, server.url)
            desk = await opened(core, theme, qtbot)
            ask(desk, "First")
            await until(lambda: idle(core, desk))
            transcript = desk.conversation.transcript
            transcript.wanted.emit(transcript.items()[0].id, MessageActionId.DELETE)
            assert words(desk) == []
            ask(desk, "Second")
            await until(lambda: words(desk)[1:] == ["Once upon "])
            undo(desk)
            assert words(desk) == ["Second", "Once upon "]
            assert desk.pane.composer.stop.isVisible()
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
            desk = await opened(core, theme, qtbot)
            ask(desk, "A story")
            await until(lambda: idle(core, desk))
            items = desk.conversation.transcript.items
            await until(lambda: items()[1].message.cost == Decimal("0.125"))
            assert words(desk) == ["A story", "So far"]
            await core.close()

        on_loop(work)


def test_the_text_of_an_edit_does_not_become_the_draft_when_the_window_is_closed(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(answer(chunk("Hello.") + DONE)) as server:
            use_server(core, server.url)
            desk = await opened(core, theme, qtbot)
            ask(desk, "Old words")
            await until(lambda: idle(core, desk))
            transcript = desk.conversation.transcript
            desk.pane.composer.put_text("a draft")
            transcript.wanted.emit(transcript.items()[0].id, MessageActionId.EDIT)
            desk.pane.composer.put_text("New words")
            desk.window.close()
            await core.close()
        again = Core(core.directory)
        desk = await opened(again, theme, qtbot)
        assert words(desk) == ["Old words", "Hello."]
        assert desk.pane.composer.text() == "a draft"
        await again.close()

    on_loop(work)
