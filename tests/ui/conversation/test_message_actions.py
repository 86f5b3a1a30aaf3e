"""Actions on a message are done, wait for the answer under way, or are unknown."""

import json

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Status
from app.services.program.core import Core
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MESSAGE_ACTIONS, MessageActionId
from tests.servers import answer, serving
from tests.ui.conftest import OnLoop, until, use_server
from tests.ui.shell.test_window import WHOLE, ask, endless, idle, opened, words


def test_an_unknown_action_is_an_error(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Say hello")
            await until(lambda: idle(core, main_window))
            message_id = main_window.in_view.path[1].id
            with pytest.raises(ValueError, match="loquat:unknown"):
                main_window.conversation.actions.act(message_id, "loquat:unknown")
            await core.close()

    on_loop(work)


def test_what_changes_the_conversation_waits_for_the_answer_under_way(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "A story")
            await until(lambda: words(main_window)[1:] == ["Once upon "])
            transcript, asked = main_window.conversation.transcript, len(server.requests)
            for item in transcript.items():
                for action in MESSAGE_ACTIONS.values():
                    if not action.while_answering:
                        transcript.wanted.emit(item.id, action.id)
            assert words(main_window) == ["A story", "Once upon "]
            assert (main_window.pane.composer.text(), len(server.requests)) == ("", asked)
            transcript.wanted.emit(transcript.items()[0].id, MessageActionId.COPY)
            assert QGuiApplication.clipboard().text() == "A story"
            # Qt's offscreen platform crashes at exit on data that Python made.
            QGuiApplication.clipboard().clear()
            main_window.writing.stop()
            await until(lambda: idle(core, main_window))
            await core.close()

    on_loop(work)


def test_a_value_that_is_allowed_is_set_and_asked_with(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    refused = answer(
        json.dumps({"error": {"message": "max_tokens must be <= 8192", "param": "max_tokens"}}),
        status=400,
        content_type="application/json",
    )

    async def work() -> None:
        with serving(refused, WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            main_window.in_view.set_value("max_tokens", 100_000)
            ask(main_window, "Say hello")
            await until(lambda: idle(core, main_window))
            failed = main_window.in_view.path[1]
            assert failed.status is Status.FAILED
            main_window.conversation.actions.act(failed.id, MessageActionId.USE_VALUE)
            await until(lambda: idle(core, main_window))
            assert main_window.in_view.path[1].status is Status.COMPLETE
            assert [one.json["max_tokens"] for one in server.requests] == [100_000, 8192]
            assert main_window.in_view.values["max_tokens"] == 8192
            await core.close()

    on_loop(work)
