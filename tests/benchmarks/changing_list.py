"""Sending, renaming and deleting in a window whose library has few, or very many, conversations."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import qasync
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QListView

from app.domain.providers.providers import Provider, ProviderKind
from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.benchmarks.lengths import length
from tests.benchmarks.libraries import many_conversations, new_directory
from tests.benchmarks.result import Result, Sample
from tests.benchmarks.screen import application

#: Conversations of the two libraries that are compared.
FEW = length(100, 10)
MANY = length(100_000, 20)
ROUNDS = length(31, 1)
#: A port on which nothing listens: what is measured is over before the answer fails.
NOWHERE = Provider("n", "Nowhere", ProviderKind.OPENAI_COMPATIBLE, "http://127.0.0.1:9/v1", "m")

#: Milliseconds of each kind of change, by the number of conversations.
Figures = dict[str, dict[int, list[float]]]


def list_send() -> Result:
    """A question in a conversation from the middle of the list, which moves to its top."""
    return _result("send", "sending in a conversation from the middle of the list")


def list_begin() -> Result:
    """The first question of a new conversation, which is added at the top of the list."""
    return _result("begin", "the first message of a new conversation")


def list_rename() -> Result:
    """Another title for the conversation in view."""
    return _result("rename", "renaming the conversation in view")


def list_delete() -> Result:
    """The conversation in view is deleted, and its neighbour comes into view."""
    return _result("delete", "deleting the conversation in view, showing its neighbour")


def _result(change: str, what: str) -> Result:
    figures = _figures()[change]
    few, many = Sample(figures[FEW]), Sample(figures[MANY])
    return Result(
        f"list_{change}",
        many.middle,
        few.middle,
        "ms",
        f"processor time of the UI thread for {what}, with the painting of the list, at {MANY:,} "
        f"conversations against {FEW}; {ROUNDS} rounds, alternated, {many.spread(1)} against "
        f"{few.spread(1)}",
    )


@cache
def _figures() -> Figures:
    with ExitStack() as stack:
        directories = {count: stack.enter_context(new_directory()) for count in (FEW, MANY)}
        for count, directory in directories.items():
            many_conversations(directory, count, NOWHERE.id, NOWHERE.model)
        application().setQuitOnLastWindowClosed(False)
        loop = stack.enter_context(qasync.QEventLoop(application()))
        asyncio.set_event_loop(loop)
        figures: Figures = loop.run_until_complete(_measure(directories))
    asyncio.set_event_loop(None)
    return figures


async def _measure(directories: dict[int, Path]) -> Figures:
    programs = {count: _Program(directory) for count, directory in directories.items()}
    figures: Figures = {change: {count: [] for count in programs} for change in _CHANGES}
    gc.collect()
    gc.disable()
    # The first round warms up and isn't counted.
    for number in range(ROUNDS + 1):
        for count, program in programs.items():
            program.show(count // 2 - 2 * number)
            for change, make in _CHANGES.items():
                spent = await make(program)
                if number:
                    figures[change][count].append(spent)
    gc.enable()
    for program in programs.values():
        await program.close()
    return figures


class _Program:
    """The whole program in a window, on a library of numbered conversations."""

    def __init__(self, directory: Path) -> None:
        self.core = Core(directory)
        self.core.providers.put(NOWHERE)
        self.core.settings.default_provider = NOWHERE.id
        theme = Theme(application(), "light")
        window = Window(theme, {})
        window.show()
        self.main_window = MainWindow(self.core, theme, window)
        self._list = self.main_window.sidebar.findChildren(QListView)[0]

    def show(self, number: int) -> None:
        """Bring a conversation into view."""
        self.main_window.open_conversation(f"c{max(0, number)}")
        self._settle()

    async def begin(self) -> float:
        """Send the first question of a new conversation."""
        self.main_window.new_conversation()
        self._settle()
        return await self.send()

    async def send(self) -> float:
        """Send a question, and stop the answer, which will never come."""
        self.main_window.pane.composer.put_text("Tell me everything")
        spent = self._cost(self.main_window.pane.composer.send.click)
        ended = asyncio.Event()
        self.core.chat.finished.connect(lambda *_news: ended.set())
        self.core.chat.stop(self.main_window.in_view.id)
        await ended.wait()
        self._settle()
        return spent

    async def rename(self) -> float:
        """Give the conversation in view another title."""
        title = f"Renamed at {time.monotonic()}"
        return self._cost(
            lambda: self.main_window.sidebar.renamed.emit(self.main_window.in_view.id, title)
        )

    async def delete(self) -> float:
        """Delete the conversation in view."""
        return self._cost(
            lambda: self.main_window.sidebar.delete_wanted.emit(self.main_window.in_view.id)
        )

    async def close(self) -> None:
        """Close the window, then the core."""
        self.main_window.window.close()
        await self.core.close()

    def _cost(self, step: Callable[[], object]) -> float:
        """Milliseconds of this thread for a step, the layout of the list and the painting."""
        began = time.thread_time()
        step()
        self._settle()
        return (time.thread_time() - began) * 1000

    def _settle(self) -> None:
        # Not processEvents, which would run other coroutines inside this one.
        self._list.executeDelayedItemsLayout()
        QCoreApplication.sendPostedEvents()


_CHANGES: dict[str, Callable[[_Program], Awaitable[float]]] = {
    "send": _Program.send,
    "rename": _Program.rename,
    "delete": _Program.delete,
    "begin": _Program.begin,
}
