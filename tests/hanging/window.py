"""Tests that fail on Qt's loop: in the middle of an answer, and beside a task and a thread that
never end."""

import asyncio
import os

import pytest
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.hanging.stubborn_task import never_end
from tests.servers import serving
from tests.services.talking import says_then_stalls
from tests.ui.conftest import OnLoop, keep, until, use_server


def test_fails_in_the_middle_of_an_answer(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(says_then_stalls) as server:
            use_server(core, server.url)
            window = Window(theme, {})
            keep(qtbot, window)
            window.show()
            main_window = MainWindow(core, theme, window)
            main_window.pane.composer.put_text("A story")
            main_window.pane.composer.send.click()
            await until(
                lambda: main_window.pane.composer.stop.isVisible() and server.asked.is_set()
            )
            assert main_window.pane.composer.send.isVisible()

    on_loop(work)


@pytest.mark.timeout(8)
def test_waits_for_a_read_that_never_returns(on_loop: OnLoop) -> None:
    async def work() -> None:
        reading, _writing = os.pipe()
        await asyncio.to_thread(os.read, reading, 1)

    on_loop(work)


@pytest.mark.timeout(8)
def test_waits_for_a_task_that_ignores_cancellation(on_loop: OnLoop) -> None:
    on_loop(never_end)


def test_comes_next() -> None:
    pass
