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
        desk = await opened(core, theme, qtbot)
        limit_pages(core.library)
        ask(desk, "A question")
        await until(lambda: idle(core, desk))
    return desk


def is_closed(desk: MainWindow) -> bool:
    return desk.window.is_closed


def test_the_bar_names_the_answer_until_it_is_saved(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        desk = await with_unsaved_answer(core, theme, qtbot)
        held = desk.in_view.id
        assert "“A question”" in desk.unsaved.bar.words()
        desk.new_conversation()
        desk.open_conversation(held)
        assert words(desk) == ["A question", LONG]
        _copy, again = desk.unsaved.bar.buttons
        again.click()
        assert "no room" in desk.pane.banner._words.text()
        limit_pages(core.library, 1_000_000)
        again.click()
        assert desk.unsaved.bar.words() == ""
        assert core.library.messages(held)[-1].text == LONG
        desk.window.close()
        assert is_closed(desk)
        await core.close()

    on_loop(work)


def test_quitting_asks_once_and_a_second_request_quits(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        desk = await with_unsaved_answer(core, theme, qtbot)
        desk.window.close()
        assert not is_closed(desk)
        assert "quitting loses it" in desk.unsaved.bar.words()
        desk.unsaved.bar.buttons[1].click()
        assert "quitting" not in desk.unsaved.bar.words()
        desk.window.close()
        assert not is_closed(desk)
        desk.window.close()
        assert is_closed(desk)
        await core.close()

    on_loop(work)


def test_a_copy_elsewhere_has_the_answer_and_quitting_asks_no_more(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, tmp_path: Path
) -> None:
    async def work() -> None:
        desk = await with_unsaved_answer(core, theme, qtbot)
        copy = tmp_path / "elsewhere.json"
        desk.unsaved.write_copy(str(copy))
        await until(lambda: "elsewhere.json" in desk.pane.toast._words.text())
        (conversation,) = json.loads(copy.read_text())["conversations"]
        assert [one["text"] for one in conversation["messages"]] == ["A question", LONG]
        assert conversation["messages"][1]["request"] is not None
        desk.window.close()
        assert is_closed(desk)
        await core.close()

    on_loop(work)


def test_a_copy_that_can_not_be_written_says_so(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, tmp_path: Path
) -> None:
    async def work() -> None:
        desk = await with_unsaved_answer(core, theme, qtbot)
        desk.unsaved.write_copy(str(tmp_path / "missing" / "copy.json"))
        await until(lambda: "could not be written" in desk.pane.banner._words.text())
        desk.window.close()
        assert not is_closed(desk)
        desk.unsaved.bar.buttons[2].click()
        assert is_closed(desk)
        await core.close()

    on_loop(work)
