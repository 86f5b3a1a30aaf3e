"""The main window at every width, text size and theme: nothing is cut off, covered or nameless."""

import asyncio
import itertools

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.providers.providers import Provider, ProviderKind
from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.servers import serving
from tests.ui.conftest import OnLoop, keep
from tests.ui.layout.faults import faults_of
from tests.ui.layout.states import ALL, STATES, Room, lay_out, script


@pytest.mark.parametrize("width", ALL)
@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("choice", ["light", "dark"])
def test_nothing_is_cut_off_covered_or_nameless(
    qtbot: QtBot,
    on_loop: OnLoop,
    core: Core,
    qapp: QApplication,
    choice: str,
    scale: float,
    width: int,
) -> None:
    #: Fault → the states in which it was found.
    faults: dict[str, list[str]] = {}

    async def work() -> None:
        with serving(script) as server:
            room = _room(qtbot, core, Theme(qapp, choice, scale), server.url)
            for name, (state, widths) in STATES.items():
                if width not in widths:
                    continue
                await room.rest()
                room.main_window.window.resize(width, 720)
                other = await state(room)
                lay_out()
                await asyncio.sleep(0)
                for fault in _all_faults(room.main_window, other, scale):
                    faults.setdefault(fault, []).append(name)
                if other is not None:
                    other.close()
            room.main_window.window.close()
            await core.close()

    on_loop(work)
    lines = (f"{fault}  ({', '.join(places[:4])})" for fault, places in faults.items())
    assert faults == {}, "\n".join(lines)


def _room(qtbot: QtBot, core: Core, theme: Theme, url: str) -> Room:
    for id_, kind in (("s", ProviderKind.LLAMA_CPP), ("plain", ProviderKind.OPENAI_COMPATIBLE)):
        core.providers.put(Provider(id_, f"Scripted {id_}", kind, f"{url}/v1", "model"))
    core.settings.default_provider = "s"
    window = Window(theme, {})
    keep(qtbot, window)
    window.show()
    return Room(core, MainWindow(core, theme, window))


def _all_faults(main_window: MainWindow, other: QWidget | None, scale: float) -> list[str]:
    if other is not None:
        return faults_of(other, scale)
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
    solid = {name: place for name, place in places.items() if not name.endswith("bubble")}
    for (name, place), (other_name, other) in itertools.combinations(solid.items(), 2):
        covered = place.intersected(other)
        if covered.width() > 8 and covered.height() > 8:
            found.append(f"{name} and {other_name} are painted over each other")
    return found
