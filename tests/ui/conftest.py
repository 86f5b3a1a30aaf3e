"""The window's tests run on Qt's loop, as the window does."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.providers.providers import Provider, ProviderKind
from app.services.program.core import Core
from app.ui.common.in_view import InView
from app.ui.theme.theme import STYLE_ARGUMENTS, Theme
from app.ui.transcript.view import TranscriptView
from tests.event_loops import DaemonExecutor, cancel_others, within
from tests.time_limits import limit_of

OnLoop = Callable[[Callable[[], Coroutine[Any, Any, None]]], None]


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """What the application is made with, as pytest-qt asks for it."""
    return ["loquat", *STYLE_ARGUMENTS]


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def on_loop(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[OnLoop]:
    """Run a coroutine on Qt's loop, as `asyncio.run` would on its own.

    The alarm of pytest-timeout reaches no test while Qt waits for events, so that the limit here
    is lower. Tasks and threads that outlive the test are errors of its teardown.
    """
    # As the program does: Qt would stop the loop with the last window that a test closes.
    qapp.setQuitOnLastWindowClosed(False)
    failures: list[Any] = []
    limit = min(30.0, limit_of(request.node) / 2 or 30.0)
    with qasync.QEventLoop(qapp) as loop, DaemonExecutor() as executor:
        loop.set_default_executor(executor)
        asyncio.set_event_loop(loop)
        loop.set_exception_handler(lambda _loop, context: failures.append(context))

        def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
            loop.run_until_complete(within(work(), limit))

        try:
            yield run
            loop.run_until_complete(cancel_others())
        finally:
            asyncio.set_event_loop(None)
    # A listener that fails stops nobody, and would go unnoticed.
    assert [context for context in failures if "exception" in context] == []


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """A program on a library of its own. Whoever uses it closes it, on the loop."""
    return Core(tmp_path / "library")


@pytest.fixture
def in_view(qapp: QApplication, core: Core) -> Iterator[InView]:
    """The empty page of a program, in which no conversation has begun."""
    in_view = InView(core)
    yield in_view
    core.library.close()


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> TranscriptView:
    """An empty transcript on the screen."""
    view = TranscriptView(theme)
    keep(qtbot, view)
    view.resize(700, 500)
    view.show()
    return view


def use_server(core: Core, url: str) -> Provider:
    """Have new conversations talk to a server."""
    provider = Provider("s", "Scripted", ProviderKind.OPENAI_COMPATIBLE, f"{url}/v1", "model")
    core.providers.put(provider)
    core.settings.default_provider = provider.id
    return provider


def keep(qtbot: QtBot, widget: QWidget) -> None:
    """Keep a window until the test's end, then close it.

    `addWidget` alone holds it weakly: Python would collect it in the middle of its own painting.
    """

    def hold(closing: QWidget) -> None:
        assert widget is not None
        # As the program does when its window closes: the process that sets formulas ends.
        for view in (closing, *closing.findChildren(TranscriptView)):
            if isinstance(view, TranscriptView):
                view.formulas.end()

    qtbot.addWidget(widget, before_close_func=hold)


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Let Qt's loop turn until a condition holds."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError("it never came about")
        await asyncio.sleep(0.005)
