"""A full disk: the answer stays, a bar says so, a copy goes elsewhere, quitting asks once."""

import json
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.theme.theme import Theme
from tests.servers import answer, serving
from tests.store.values import limit_pages
from tests.ui.conftest import OnLoop, until, use_server
from tests.ui.shell.test_window import DONE, ask, chunk, idle, opened, words

LONG = "a long answer " * 20_000
LONG_ANSWER = answer(chunk(LONG) + DONE)


async def with_unsaved_answer(core: Core, theme: Theme, qtbot: QtBot) -> MainWindow:
    """A window with an answer for which the disk has no room."""
    with serving(LONG_ANSWER) as server:
        use_server(core, server.url)
        main_window = await opened(core, theme, qtbot)
        limit_pages(core.library)
        ask(main_window, "A question")
        await until(lambda: idle(core, main_window))
    return main_window


def is_closed(main_window: MainWindow) -> bool:
    return main_window.window.is_closed


def test_the_bar_names_the_answer_until_it_is_saved(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await with_unsaved_answer(core, theme, qtbot)
        held = main_window.in_view.id
        assert "“A question”" in main_window.unsaved.bar.words()
        main_window.new_conversation()
        main_window.open_conversation(held)
        assert words(main_window) == ["A question", LONG]
        _copy, again = main_window.unsaved.bar.buttons
        again.click()
        assert "no room" in main_window.pane.banner._words.text()
        limit_pages(core.library, 1_000_000)
        again.click()
        assert main_window.unsaved.bar.words() == ""
        assert core.library.messages(held)[-1].text == LONG
        main_window.window.close()
        assert is_closed(main_window)
        await core.close()

    on_loop(work)


def test_quitting_asks_once_and_a_second_request_quits(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await with_unsaved_answer(core, theme, qtbot)
        main_window.window.close()
        assert not is_closed(main_window)
        assert "quitting loses it" in main_window.unsaved.bar.words()
        main_window.unsaved.bar.buttons[1].click()
        assert "quitting" not in main_window.unsaved.bar.words()
        main_window.window.close()
        assert not is_closed(main_window)
        main_window.window.close()
        assert is_closed(main_window)
        await core.close()

    on_loop(work)


def test_a_copy_elsewhere_has_the_answer_and_quitting_asks_no_more(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, tmp_path: Path
) -> None:
    async def work() -> None:
        main_window = await with_unsaved_answer(core, theme, qtbot)
        copy = tmp_path / "elsewhere.json"
        main_window.unsaved.write_copy(str(copy))
        await until(lambda: "elsewhere.json" in main_window.pane.toast._words.text())
        (conversation,) = json.loads(copy.read_text())["conversations"]
        assert [one["text"] for one in conversation["messages"]] == ["A question", LONG]
        assert conversation["messages"][1]["request"] is not None
        main_window.window.close()
        assert is_closed(main_window)
        await core.close()

    on_loop(work)


def test_a_copy_that_can_not_be_written_says_so(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, tmp_path: Path
) -> None:
    async def work() -> None:
        main_window = await with_unsaved_answer(core, theme, qtbot)
        main_window.unsaved.write_copy(str(tmp_path / "missing" / "copy.json"))
        await until(lambda: "could not be written" in main_window.pane.banner._words.text())
        main_window.window.close()
        assert not is_closed(main_window)
        main_window.unsaved.bar.buttons[2].click()
        assert is_closed(main_window)
        await core.close()

    on_loop(work)
