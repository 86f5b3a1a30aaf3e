"""The whole window, against a server on loopback whose every byte a test decides."""

import json
import subprocess
import sys
import threading
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.conversation import Status
from app.services.core import Core
from app.ui.theme.theme import Theme
from app.ui.transcript import framing
from app.ui.window import Window
from tests.servers import Connection, answer, serving
from tests.ui.conftest import OnLoop, until, use_server


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


def ask(window: Window, text: str) -> None:
    window.pane.composer.put_text(text)
    QTest.keyClick(window.pane.composer.field, Qt.Key.Key_Return)


def words(window: Window) -> list[str]:
    return [item.spoken() for item in window.pane.transcript.items()]


def idle(core: Core, window: Window) -> bool:
    held = window.pane.held
    return held is not None and not core.chat.is_answering(held.id)


def titles(window: Window) -> list[str]:
    rows = window.sidebar._rows
    return [row.title for n in range(rows.rowCount()) if (row := rows.at(rows.index(n))) and row.id]


async def opened(core: Core, theme: Theme, qtbot: QtBot) -> Window:
    window = Window(core, theme)
    qtbot.addWidget(window)
    window.show()
    await until(lambda: window._panel is not None)
    return window


def test_a_question_is_answered_and_everything_is_there_after_reopening(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE) as server:
            use_server(core, server.url)
            window = await opened(core, theme, qtbot)
            ask(window, "Say hello")
            await until(lambda: idle(core, window))
            assert words(window) == ["Say hello", "**Hello** there."]
            assert "Hello there." in window.pane.transcript.items()[1].text()
            assert window.pane.composer.text() == ""
            assert titles(window) == ["Say hello"]
            window.pane.composer.put_text("a draft")
            window.close()
            await core.close()
        again = Core(core.directory)
        window = await opened(again, theme, qtbot)
        assert words(window) == ["Say hello", "**Hello** there."]
        assert titles(window) == ["Say hello"]
        assert window.pane.composer.text() == "a draft"
        await again.close()

    on_loop(work)


def test_stop_keeps_the_text_that_came(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless) as server:
            use_server(core, server.url)
            window = await opened(core, theme, qtbot)
            ask(window, "A story")
            await until(lambda: words(window)[1:] == ["Once upon "])
            assert window.pane.composer.stop.isVisible()
            window.pane.composer.stop.click()
            await until(lambda: idle(core, window))
            assert server.left.wait(5)
            assert window.pane.composer.send.isVisible()
            held = window.pane.held
            assert held is not None
            last = held.path()[-1]
            assert (last.status, last.text) == (Status.STOPPED, "Once upon ")
            assert "Stopped." in window.pane.transcript.items()[1].text()
            await core.close()

    on_loop(work)


def test_regenerating_makes_a_branch_and_the_old_answer_can_be_seen_again(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(answer(chunk("one") + DONE), answer(chunk("two") + DONE)) as server:
            use_server(core, server.url)
            window = await opened(core, theme, qtbot)
            ask(window, "Count")
            await until(lambda: idle(core, window))
            window.pane.regenerate()
            await until(lambda: words(window)[1:] == ["two"] and idle(core, window))
            second = window.pane.transcript.items()[1]
            assert second.surroundings == framing.Surroundings(2, 2)
            window.pane.transcript.wanted.emit(second.id, framing.PREVIOUS)
            assert words(window) == ["Count", "one"]
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
            window = await opened(core, theme, qtbot)
            ask(window, "First")
            await until(lambda: words(window)[1:] == ["slow "])
            first = window.pane.held
            assert first is not None
            window.new_conversation()
            ask(window, "Second")
            await until(lambda: idle(core, window))
            assert words(window) == ["Second", "**Hello** there."]
            assert core.chat.is_answering(first.id)
            go_on.set()
            await until(lambda: not core.chat.is_answering(first.id))
            assert words(window) == ["Second", "**Hello** there."]
            window.open_conversation(first.id)
            assert words(window) == ["First", "slow answer"]
            await core.close()

    on_loop(work)


def test_a_deleted_conversation_comes_back_by_undo(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE) as server:
            use_server(core, server.url)
            window = await opened(core, theme, qtbot)
            ask(window, "Keep me")
            await until(lambda: idle(core, window))
            held = window.pane.held
            assert held is not None
            window.sidebar.delete_wanted.emit(held.id)
            assert titles(window) == []
            assert words(window) == []
            window.pane.toast._button.click()
            assert titles(window) == ["Keep me"]
            assert words(window) == ["Keep me", "**Hello** there."]
            await core.close()

    on_loop(work)


def test_a_conversation_deleted_while_it_streams_comes_back_with_what_came(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless) as server:
            use_server(core, server.url)
            window = await opened(core, theme, qtbot)
            ask(window, "A story")
            await until(lambda: words(window)[1:] == ["Once upon "])
            held = window.pane.held
            assert held is not None
            window.sidebar.delete_wanted.emit(held.id)
            await until(lambda: not core.chat.is_answering(held.id))
            window.pane.toast._button.click()
            assert words(window) == ["A story", "Once upon "]
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
            window = await opened(core, theme, qtbot)
            ask(window, "Try")
            await until(lambda: idle(core, window))
            failed = window.pane.transcript.items()[1]
            assert failed.message.status is Status.FAILED
            assert "Retry" in failed.text()
            window.pane.transcript.wanted.emit(failed.id, framing.RETRY)
            await until(lambda: words(window)[1:] == ["**Hello** there."])
            await until(lambda: idle(core, window))
            await core.close()

    on_loop(work)


def test_parameters_and_system_prompt_reach_the_wire_and_stay_with_the_conversation(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE) as server:
            use_server(core, server.url)
            window = await opened(core, theme, qtbot)
            panel = window._panel
            assert panel is not None
            panel._rows["temperature"].edited.emit("temperature", 0.25)
            panel._system.setPlainText("Be brief.")
            ask(window, "Hi")
            await until(lambda: idle(core, window))
            body = server.requests[0].json
            assert body["temperature"] == 0.25
            assert body["messages"][0] == {"role": "system", "content": "Be brief."}
            assert "top_p" not in body
            held = window.pane.held
            assert held is not None
            assert held.conversation.parameters == {"temperature": 0.25}
            window.new_conversation()
            assert panel._values == {}
            await core.close()

    on_loop(work)


def test_renaming_shows_the_new_title_everywhere(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE) as server:
            use_server(core, server.url)
            window = await opened(core, theme, qtbot)
            ask(window, "Old")
            await until(lambda: idle(core, window))
            rows = window.sidebar._rows
            rows.setData(rows.index(0), "New title")
            assert titles(window) == ["New title"]
            assert window.pane._title.text() == "New title"
            await core.close()

    on_loop(work)


def test_before_the_first_frame_nothing_slow_is_loaded(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtWidgets import QApplication\n"
        "application = QApplication([])\n"
        "from app.services.core import Core\n"
        "from app.ui.theme.theme import Theme\n"
        "from app.ui.window import Window\n"
        f"core = Core(Path({str(tmp_path / 'library')!r}))\n"
        "window = Window(core, Theme(application, 'light'))\n"
        "window.show()\n"
        "window.grab()\n"
        "slow = {'httpx', 'keyring', 'xllamacpp', 'openai', 'qtawesome'} & sys.modules.keys()\n"
        "print(sorted(slow), core.engine.state)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "[] stopped"
