"""A window that was closed leaves no widget behind, however often it is opened."""

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role
from app.domain.ids import new_id
from app.services.program.core import Core
from app.ui.picker.picker import Picker
from app.ui.request.window import RequestWindow
from app.ui.shell.main_window import MainWindow
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId
from tests.store.values import REQUEST, URL
from tests.ui.conftest import OnLoop
from tests.ui.shell.test_window import opened

OPENINGS = 20


def act(action: MessageActionId, place: int = -1) -> Callable[[MainWindow], object]:
    """Return a function that does an action on a message in view."""

    def do(main_window: MainWindow) -> None:
        main_window.conversation.transcript.wanted.emit(main_window.in_view.path[place].id, action)

    return do


def compare_presets(main_window: MainWindow) -> None:
    main_window.choices.presets.show_window()
    for window in main_window.window.findChildren(QDialog):
        if hasattr(window, "compare"):
            window.compare()


def show_hosts(main_window: MainWindow) -> None:
    main_window.choices.show_picker()
    [picker] = main_window.window.findChildren(Picker)
    settings = main_window.in_view.settings
    picker.hosts_wanted.emit(settings.provider, settings.model)


OPENERS: dict[str, Callable[[MainWindow], object]] = {
    "request": act(MessageActionId.REQUEST),
    "request that is not kept": act(MessageActionId.REQUEST, 0),
    "settings": lambda main_window: main_window.show_settings(),
    "picker": lambda main_window: main_window.choices.show_picker(),
    "hosts": show_hosts,
    "presets": lambda main_window: main_window.choices.presets.show_window(),
    "preset's name": lambda main_window: main_window.choices.presets.save_as(),
    "preset comparison": compare_presets,
    "sweep": act(MessageActionId.SWEEP),
    "seed check": lambda main_window: main_window.lab.check_seed(),
    "recently deleted": lambda main_window: main_window.deletions.show_deleted(),
    "copy elsewhere": lambda main_window: main_window.unsaved.save_copy(),
}


def census() -> Counter[str]:
    """Count the widgets of the application by their classes."""
    return Counter(type(widget).__name__ for widget in QApplication.allWidgets())


def orphans(main_window: MainWindow) -> list[str]:
    """Name the widgets that belong to no window, so that no window takes them along."""
    return [
        type(widget).__name__
        for widget in QApplication.topLevelWidgets()
        if widget.parent() is None and widget is not main_window.window
    ]


async def turn(times: int = 3) -> None:
    """Let Qt's loop turn, in which closed windows are deleted."""
    for _turn in range(times):
        await asyncio.sleep(0.005)


async def open_and_close(
    main_window: MainWindow, open_window: Callable[[MainWindow], object]
) -> int:
    """Open a window and close all windows but the main one; return their number."""
    open_window(main_window)
    await turn()
    shown = [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget is not main_window.window and widget.isVisible()
    ]
    assert orphans(main_window) == []
    for widget in shown:
        if isinstance(widget, RequestWindow):
            for index in range(widget.tabs.count()):
                widget.tabs.setCurrentIndex(index)
        widget.close()
    await turn()
    return len(shown)


async def asked(core: Core, theme: Theme, qtbot: QtBot) -> MainWindow:
    """A window with a question and two answers, of which only one has its request."""
    held = core.conversations.create(provider="openrouter", model="m", title="Title")
    question = Message(new_id(), None, Role.USER, "Why?", 1.0)
    core.conversations.add_message(held, question)
    first = Message(new_id(), question.id, Role.ASSISTANT, "Because.", 2.0, model="m")
    core.conversations.add_message(held, first)
    second = Message(new_id(), first.id, Role.ASSISTANT, "So.", 3.0, model="m")
    none = core.conversations.probabilities("")
    core.conversations.add_branch(held, second, none, (URL, REQUEST))
    main_window = await opened(core, theme, qtbot)
    main_window.open_conversation(held.id)
    return main_window


@pytest.mark.parametrize("name", OPENERS)
def test_twenty_openings_leave_no_widget(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, name: str
) -> None:
    async def work() -> None:
        main_window = await asked(core, theme, qtbot)
        # What is made at the first opening and kept is not counted.
        assert await open_and_close(main_window, OPENERS[name])
        await open_and_close(main_window, OPENERS[name])
        before = census()
        for _opening in range(OPENINGS):
            assert await open_and_close(main_window, OPENERS[name])
        await turn(10)
        assert census() - before == Counter()
        await core.close()

    on_loop(work)


def test_a_closed_request_window_takes_all_its_pages_along(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await asked(core, theme, qtbot)
        await turn()
        before = census()
        # The reference outlives the window, as that of a cycle does until it is collected.
        window = RequestWindow(theme, None, [], core.conversations.request, main_window.pane)
        window.show()
        await turn()
        window.close()
        await turn(10)
        assert census() - before == Counter()
        await core.close()

    on_loop(work)
