"""The main window at every width, text size and theme: nothing is cut off, covered or nameless."""

import itertools
from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QEvent, QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.servers import DONE, answer, chunk, serving
from tests.ui.conftest import OnLoop, keep, until, use_server
from tests.ui.layout.faults import faults_of
from tests.ui.shell.test_window import ask, idle

WIDTHS = (480, 900, 1280, 1920)
SCALES = (1.0, 2.0)
ANSWER = (
    "# 标题 and title\n\nA *text* in العربية and 🍊🌳, with `code`, a [link](https://example.org).\n\n"
    "- one\n- two\n\n```python\n"
    "print('a line of code that is long enough to reach the edge of its block')\n```\n\n"
    "| tree | fruit | month of harvest |\n| --- | --- | --- |\n| loquat | yellow | May |\n"
)

#: Brings the window into a state.
State = Callable[[MainWindow], object]


def _panel(main_window: MainWindow) -> None:
    main_window.window.toggle_panel()


def _find(main_window: MainWindow) -> None:
    main_window.conversation.find()


def _edit(main_window: MainWindow) -> None:
    main_window.conversation.actions.act(main_window.in_view.path[0].id, "loquat:edit")


def _long_message(main_window: MainWindow) -> None:
    main_window.pane.composer.put_text("A line of a long message.\n" * 40)


STATES: dict[str, State] = {
    "answer": lambda main_window: None,
    "empty": lambda main_window: main_window.new_conversation(),
    "panel": _panel,
    "find": _find,
    "long message": _long_message,
}


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("choice", ["light", "dark"])
def test_nothing_is_cut_off_covered_or_nameless(
    qtbot: QtBot, on_loop: OnLoop, core: Core, qapp: QApplication, choice: str, scale: float
) -> None:
    faults: dict[str, list[str]] = {}

    async def work() -> None:
        with serving(answer(chunk(ANSWER) + DONE)) as server:
            use_server(core, server.url)
            theme = Theme(qapp, choice, scale)
            for (name, state), width in itertools.product(STATES.items(), WIDTHS):
                window = Window(theme, {})
                keep(qtbot, window)
                window.resize(width, 720)
                window.show()
                main_window = MainWindow(core, theme, window)
                if main_window.in_view.conversation is None:
                    ask(main_window, "Tell me about 日本語 trees, العربية and 🍊.")
                    await until(partial(idle, core, main_window))
                state(main_window)
                _lay_out()
                if found := _all_faults(main_window, scale):
                    faults[f"{name} at {width} px"] = found
                window.close()
            await core.close()

    on_loop(work)
    assert faults == {}


def _lay_out() -> None:
    for _turn in range(3):
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()


def _all_faults(main_window: MainWindow, scale: float) -> list[str]:
    found = faults_of(main_window.window, scale)
    view = main_window.conversation.transcript
    if view.isVisible():
        found += _painted_faults(view.painted_rectangles(), view.viewport().rect())
    return found


def _painted_faults(places: dict[str, QRect], viewport: QRect) -> list[str]:
    """Faults of what the transcript paints: it reports the rectangles."""
    found = [
        f"{name}: painted outside the view"
        for name, place in places.items()
        if place.left() < 0 or place.right() > viewport.right()
    ]
    for (name, place), (other_name, other) in itertools.combinations(places.items(), 2):
        covered = place.intersected(other)
        if covered.width() > 1 and covered.height() > 1:
            found.append(f"{name} and {other_name} are painted over each other")
    return found
