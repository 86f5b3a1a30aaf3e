"""The whole window, against a server on loopback whose every byte a test decides."""

import json
import subprocess
import sys
import threading
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Status
from app.services.program.core import Core
from app.ui.request.window import RequestWindow
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId, Surroundings
from tests.checkout import ROOT
from tests.servers import Connection, answer, serving
from tests.ui.conftest import OnLoop, keep, until, use_server


def chunk(text: str) -> bytes:
    said = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
    return b"data: " + json.dumps(said).encode() + b"\n\n"


DONE = b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'
WHOLE = answer(chunk("**Hello** ") + chunk("there.") + DONE)


def endless(connection: Connection) -> None:
    """Say a word, then nothing more."""
    connection.head()
    connection.send(chunk("Once upon "))
    connection.stall()


def ask(main_window: MainWindow, text: str) -> None:
    main_window.pane.composer.put_text(text)
    QTest.keyClick(main_window.pane.composer.field, Qt.Key.Key_Return)


def words(main_window: MainWindow) -> list[str]:
    return [item.spoken() for item in main_window.conversation.transcript.items()]


def idle(core: Core, main_window: MainWindow) -> bool:
    held = main_window.in_view.conversation
    return held is not None and not core.chat.is_answering(held.id)


def titles(main_window: MainWindow) -> list[str]:
    rows = main_window.sidebar._rows
    return [row.title for n in range(rows.rowCount()) if (row := rows.at(rows.index(n))) and row.id]


async def opened(core: Core, theme: Theme, qtbot: QtBot) -> MainWindow:
    window = Window(theme, core.settings.window())
    keep(qtbot, window)
    window.show()
    return MainWindow(core, theme, window)


def test_a_question_is_answered_and_everything_is_there_after_reopening(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Say hello")
            await until(lambda: idle(core, main_window))
            assert words(main_window) == ["Say hello", "**Hello** there."]
            assert "Hello there." in main_window.conversation.transcript.items()[1].text()
            assert main_window.pane.composer.text() == ""
            assert titles(main_window) == ["Say hello"]
            main_window.pane.composer.put_text("a draft")
            main_window.window.close()
            await core.close()
        again = Core(core.directory)
        main_window = await opened(again, theme, qtbot)
        assert words(main_window) == ["Say hello", "**Hello** there."]
        assert titles(main_window) == ["Say hello"]
        assert main_window.pane.composer.text() == "a draft"
        await again.close()

    on_loop(work)


def test_stop_keeps_the_text_that_came(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "A story")
            await until(lambda: words(main_window)[1:] == ["Once upon "])
            assert main_window.pane.composer.stop.isVisible()
            main_window.pane.composer.stop.click()
            await until(lambda: idle(core, main_window))
            assert server.left.wait(5)
            assert main_window.pane.composer.send.isVisible()
            held = main_window.in_view.conversation
            assert held is not None
            last = held.path()[-1]
            assert (last.status, last.text) == (Status.STOPPED, "Once upon ")
            assert "Stopped." in main_window.conversation.transcript.items()[1].text()
            await core.close()

    on_loop(work)


def test_regenerating_makes_a_branch_and_the_old_answer_can_be_seen_again(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(answer(chunk("one") + DONE), answer(chunk("two") + DONE)) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Count")
            await until(lambda: idle(core, main_window))
            main_window.conversation.regenerate()
            await until(lambda: words(main_window)[1:] == ["two"] and idle(core, main_window))
            second = main_window.conversation.transcript.items()[1]
            assert second.surroundings == Surroundings(2, 2, last=True)
            main_window.conversation.transcript.wanted.emit(second.id, MessageActionId.PREVIOUS)
            assert words(main_window) == ["Count", "one"]
            await core.close()

    on_loop(work)


def test_switching_while_one_streams_shows_each_its_own(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    go_on = threading.Event()

    def slow(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("slow "))
        connection.wait_for(go_on)
        connection.send(chunk("answer") + DONE)

    async def work() -> None:
        with serving(slow, WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "First")
            await until(lambda: words(main_window)[1:] == ["slow "])
            first = main_window.in_view.conversation
            assert first is not None
            main_window.new_conversation()
            ask(main_window, "Second")
            await until(lambda: idle(core, main_window))
            assert words(main_window) == ["Second", "**Hello** there."]
            assert core.chat.is_answering(first.id)
            go_on.set()
            await until(lambda: not core.chat.is_answering(first.id))
            assert words(main_window) == ["Second", "**Hello** there."]
            main_window.open_conversation(first.id)
            assert words(main_window) == ["First", "slow answer"]
            await core.close()

    on_loop(work)


def test_a_deleted_conversation_comes_back_by_undo(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Keep me")
            await until(lambda: idle(core, main_window))
            held = main_window.in_view.conversation
            assert held is not None
            main_window.sidebar.delete_wanted.emit(held.id)
            assert titles(main_window) == []
            assert words(main_window) == []
            main_window.pane.toast._button.click()
            assert titles(main_window) == ["Keep me"]
            assert words(main_window) == ["Keep me", "**Hello** there."]
            await core.close()

    on_loop(work)


def test_a_conversation_deleted_while_it_streams_comes_back_with_what_came(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "A story")
            await until(lambda: words(main_window)[1:] == ["Once upon "])
            held = main_window.in_view.conversation
            assert held is not None
            main_window.sidebar.delete_wanted.emit(held.id)
            await until(lambda: not core.chat.is_answering(held.id))
            main_window.pane.toast._button.click()
            assert words(main_window) == ["A story", "Once upon "]
            await core.close()

    on_loop(work)


def test_an_error_is_in_the_message_and_retry_asks_again(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    refusal = answer(
        '{"error": {"message": "No.", "code": 401}}', status=401, content_type="application/json"
    )

    async def work() -> None:
        with serving(refusal, WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Try")
            await until(lambda: idle(core, main_window))
            failed = main_window.conversation.transcript.items()[1]
            assert failed.message.status is Status.FAILED
            assert "Retry" in [button.name for button in failed.buttons()]
            main_window.conversation.transcript.wanted.emit(failed.id, MessageActionId.RETRY)
            await until(lambda: words(main_window)[1:] == ["**Hello** there."])
            await until(lambda: idle(core, main_window))
            await core.close()

    on_loop(work)


def test_parameters_and_system_prompt_reach_the_wire_and_stay_with_the_conversation(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            panel = main_window.choices.panel
            panel.rows.row("temperature").edited.emit("temperature", 0.25)
            panel.system.setPlainText("Be brief.")
            ask(main_window, "Hi")
            await until(lambda: idle(core, main_window))
            body = server.requests[0].json
            assert body["temperature"] == 0.25
            assert body["messages"][0] == {"role": "system", "content": "Be brief."}
            assert "top_p" not in body
            held = main_window.in_view.conversation
            assert held is not None
            assert held.conversation.parameters == {"temperature": 0.25}
            main_window.new_conversation()
            assert main_window.in_view.values == {}
            await core.close()

    on_loop(work)


def test_renaming_shows_the_new_title_everywhere(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Old")
            await until(lambda: idle(core, main_window))
            rows = main_window.sidebar._rows
            rows.setData(rows.index(0), "New title")
            assert titles(main_window) == ["New title"]
            assert main_window.pane.header.shown_title() == "New title"
            await core.close()

    on_loop(work)


def test_a_new_branch_begins_at_a_message_and_can_be_undone(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE, WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            for text in ("One", "Two"):
                ask(main_window, text)
                await until(lambda: idle(core, main_window))
            transcript = main_window.conversation.transcript
            transcript.wanted.emit(transcript.items()[1].id, MessageActionId.BRANCH)
            assert words(main_window) == ["One", "**Hello** there."]
            main_window.pane.toast._button.click()
            assert words(main_window) == ["One", "**Hello** there.", "Two", "**Hello** there."]
            await core.close()

    on_loop(work)


def test_the_exact_request_is_shown_and_copied(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Hi")
            await until(lambda: idle(core, main_window))
            transcript = main_window.conversation.transcript
            transcript.wanted.emit(transcript.items()[1].id, MessageActionId.REQUEST)
            shown = main_window.pane.findChild(RequestWindow)
            assert isinstance(shown, RequestWindow)
            shown.tabs.setCurrentWidget(shown.body)
            assert json.loads(shown.text()) == server.requests[0].json
            shown.close()
            await core.close()

    on_loop(work)


def test_a_request_is_compared_with_that_of_the_previous_answer_and_of_the_other_version(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            for text in ("One", "Two"):
                ask(main_window, text)
                await until(lambda: idle(core, main_window))
            main_window.conversation.regenerate()
            await until(lambda: idle(core, main_window))
            transcript = main_window.conversation.transcript
            transcript.wanted.emit(transcript.items()[3].id, MessageActionId.REQUEST)
            shown = main_window.pane.findChild(RequestWindow)
            assert isinstance(shown, RequestWindow)
            shown.tabs.setCurrentWidget(shown.changes)
            assert shown.text().count("messages[") == 2
            assert '+   "content": "Two"' in shown.text()
            shown.changes._chosen.setCurrentText("Version 1 of this answer")
            assert shown.text() == ""
            shown.close()
            await core.close()

    on_loop(work)


def test_before_the_first_frame_nothing_slow_is_loaded(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from app.ui.shell import application\n"
        "running = application._application([])\n"
        "beginning = application.StartupLibrary(Path(sys.argv[1]))\n"
        "window = application.Window(application.Theme(running, 'light'), {})\n"
        "window.sidebar.show_list(beginning.listing)\n"
        "application._show(window)\n"
        "slow = {'asyncio', 'httpx', 'keyring', 'logging.handlers', 'markdown_it', 'openai',\n"
        "        'pygments', 'qasync', 'qtawesome', 'xllamacpp', 'ziamath',\n"
        "        'app.services.program.core', 'app.ui.transcript.view', 'app.store.library',\n"
        "        'app.domain.chat.conversation', 'app.domain.providers.providers'}\n"
        "print(sorted(slow & sys.modules.keys()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "library")],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.strip() == "[]"


def test_a_deleted_message_comes_back_by_undo_and_a_stopped_answer_goes_on(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless, answer(chunk("there was.") + DONE)) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "A story")
            await until(lambda: words(main_window)[1:] == ["Once upon "])
            main_window.pane.composer.stop.click()
            await until(lambda: idle(core, main_window))
            transcript = main_window.conversation.transcript
            names = [action.name for action in transcript.items()[1].actions()]
            assert "Continue" in names
            transcript.wanted.emit(transcript.items()[1].id, MessageActionId.DELETE)
            assert words(main_window) == ["A story"]
            main_window.pane.toast._button.click()
            assert words(main_window) == ["A story", "Once upon "]
            transcript.wanted.emit(transcript.items()[1].id, MessageActionId.CONTINUE)
            await until(lambda: idle(core, main_window))
            assert words(main_window) == ["A story", "Once upon there was."]
            assert "Once upon there was." in transcript.items()[1].text()
            names = [action.name for action in transcript.items()[1].actions()]
            assert "Continue" not in names
            await core.close()

    on_loop(work)
