"""The right panel: its two faces, their widths, and the Lab as it is seen in the window."""

import json
import math
import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from app.domain.providers.providers import Provider, ProviderKind
from app.services.program.core import Core
from app.ui.lab.heat_map.heat_bar import HeatBar
from app.ui.lab.side_panel import Face, SidePanel
from app.ui.lab.what_if.bar_painting import BAR
from app.ui.lab.what_if.body import Body
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.servers import DONE, answer, serving
from tests.ui.conftest import OnLoop, keep, until

#: Candidates of 24 characters, one of them mostly of wide letters.
LONG = ("INTERNATIONALIZATION_KEY", *(f" internationalisierung{n:02}" for n in range(19)))
NOBODY = "http://127.0.0.1:9"


def said_with_twenty() -> str:
    """A stream of forty tokens with twenty alternatives each, whose shares add up to 0.95."""
    weights = [0.9**place for place in range(20)]
    shares = [math.log(0.95 * weight / sum(weights)) for weight in weights]
    listed = [
        {"token": one, "logprob": share, "bytes": list(one.encode())}
        for one, share in zip(LONG, shares, strict=True)
    ]
    lines = []
    for number in range(40):
        came = listed[number % 3]
        choice = {
            "index": 0,
            "delta": {"content": came["token"]},
            "logprobs": {"content": [{**came, "top_logprobs": listed}]},
        }
        lines.append(f"data: {json.dumps({'choices': [choice]})}\n\n")
    stop = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    return "".join(lines) + f"data: {json.dumps(stop)}\n\n" + DONE.decode()


def main_window_at(qtbot: QtBot, core: Core, theme: Theme, url: str) -> MainWindow:
    provider = Provider("s", "Scripted", ProviderKind.LLAMA_CPP, f"{url}/v1", "model")
    core.providers.put(provider)
    core.settings.default_provider = provider.id
    window = Window(theme, {"width": 1280, "height": 800, "panel": True})
    keep(qtbot, window)
    window.show()
    return MainWindow(core, theme, window)


async def ask(main_window: MainWindow, core: Core) -> None:
    main_window.lab.ask()
    main_window.window.pane.composer.put_text("Go on.")
    main_window.window.pane.composer.send.click()
    held = main_window.in_view.conversation
    assert held is not None
    await core.chat._answering[held.id]


def body_of(main_window: MainWindow) -> Body:
    (body,) = main_window.window.findChildren(Body)
    return body


def is_whole(widget: QWidget) -> bool:
    """Whether nothing of a widget is clipped or outside the window."""
    above = widget.parentWidget()
    while above is not None:
        place = QRect(widget.mapTo(above, QPoint()), widget.size())
        if not above.rect().contains(place):
            return False
        above = None if above.isWindow() else above.parentWidget()
    return widget.isVisible()


def test_at_1280_by_800_the_lab_is_seen_without_scrolling(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        with serving(answer(said_with_twenty())) as server:
            main_window = main_window_at(qtbot, core, theme, server.url)
            main_window.lab.toggle_lab()
            await ask(main_window, core)
            # Three cuts, so that their lines take room.
            for name, value in (("top_k", 9), ("top_p", 0.5), ("min_p", 0.5)):
                main_window.in_view.set_value(name, value)
            main_window.window.grab()
            assert main_window.sidebar.isVisible()
            body = body_of(main_window)
            labels = [row.parameter.label for row in body.sliders.rows.values()]
            assert labels == ["Temperature", "Top P", "Min P", "Top K"]
            seen = (body.sliders, body.place, body.kept, body.legend, body.bars, body.more)
            for widget in (*seen, body.strip, body.reading, body.survival):
                assert is_whole(widget), widget
            assert not body.order.isVisible()
            assert not main_window.lab.side.lab.verticalScrollBar().isVisible()
            bars, model = body.bars, body.bars.model()
            assert len(bars.picture().lines) == 3
            for place in range(10):
                assert bars.viewport().rect().contains(bars.visualRect(model.index(place, 0)))
            token, bar = bars.columns()
            assert bar >= BAR >= 180
            texts = [row.text for row in bars.picture().rows[:20]]
            assert {len(text) for text in texts} == {24}
            assert all(bars.width_of(text) <= token for text in texts)
        main_window.window.close()
        await core.close()

    on_loop(work)


def test_a_slider_of_the_lab_is_the_parameter(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        with serving(answer(said_with_twenty())) as server:
            main_window = main_window_at(qtbot, core, theme, server.url)
            main_window.lab.toggle_lab()
            await ask(main_window, core)
            body = body_of(main_window)
            row = body.sliders.rows["top_k"]
            QTest.keyClicks(row.editor.control(), "3")
            assert main_window.in_view.values["top_k"] == 3
            assert body.kept.text() == "3 of the top 20 stay"
            main_window.in_view.set_value("top_k", 5)
            assert row.value == 5
            assert body.kept.text() == "5 of the top 20 stay"
            row.reset.click()
            assert "top_k" not in main_window.in_view.values
            # A text that is no value is said, and not sent.
            QTest.keyClicks(row.editor.control(), "x")
            assert "top_k" not in main_window.in_view.values
            assert row.complaint
        main_window.window.close()
        await core.close()

    on_loop(work)


def test_the_request_for_probabilities_can_be_pressed_once(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        main_window = main_window_at(qtbot, core, theme, NOBODY)
        main_window.lab.toggle_lab()
        main_window.lab.toggle_heat()
        (bar,) = main_window.window.findChildren(HeatBar)

        def buttons() -> list[QPushButton]:
            found = main_window.window.findChildren(QPushButton)
            words = "Ask for probabilities"
            return [one for one in found if one.text() == words and one.isVisible()]

        assert len(buttons()) == 2
        buttons()[0].click()
        assert buttons() == []
        assert bar.figures() == "The next answer comes with probabilities."
        # Without the parameter they are offered again.
        main_window.in_view.set_value("logprobs", None)
        assert len(buttons()) == 2
        # A model that does not support them offers nothing, and says so.
        in_view = main_window.in_view
        core.providers.remember_refusal(in_view.provider, in_view.model, "logprobs", "No logprobs")
        in_view.refresh()
        assert buttons() == []
        assert "No logprobs" in bar.figures()
        main_window.window.close()
        await core.close()

    on_loop(work)


def test_the_key_of_the_lab_shows_it_and_goes_back(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        main_window = main_window_at(qtbot, core, theme, NOBODY)
        window, side = main_window.window, main_window.lab.side
        field = window.pane.composer.field
        window.activateWindow()
        await until(window.isActiveWindow)
        field.setFocus()
        narrow = side.width()

        def press() -> tuple[Face, bool]:
            QTest.keyClick(field, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
            return side.face, side.isVisible()

        assert side.face is Face.PARAMETERS
        assert press() == (Face.LAB, True)
        assert side.width() > narrow + 100
        assert field.hasFocus()
        assert press() == (Face.PARAMETERS, True)
        assert side.width() == narrow
        # With the panel hidden the key shows it, and hides it again.
        window.toggle_panel()
        assert press() == (Face.LAB, True)
        press()
        assert not side.isVisible()
        assert side.state() == {"face": "parameters"}
        window.close()
        await core.close()

    on_loop(work)


def test_the_chosen_face_is_remembered(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        main_window = main_window_at(qtbot, core, theme, NOBODY)
        main_window.lab.side.show_face(Face.LAB)
        main_window.window.close()
        assert core.settings.window()["side_panel"] == {"face": "lab"}
        await core.close()

    on_loop(work)


def test_the_faces_are_tabs_for_the_keyboard(qtbot: QtBot) -> None:
    side = SidePanel(QWidget(), {})
    keep(qtbot, side)
    side.show()
    (tabs,) = side.findChildren(QTabBar)
    assert [tabs.tabText(place) for place in range(tabs.count())] == ["Parameters", "Lab"]
    assert tabs.height() >= 28
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    assert side.face is Face.LAB
    QTest.keyClick(tabs, Qt.Key.Key_Left)
    assert side.state() == {"face": "parameters"}


@pytest.mark.parametrize("state", [{}, {"face": 3}, {"face": "nothing"}, {"open": True}])
def test_an_unknown_face_is_that_of_the_parameters(qtbot: QtBot, state: dict[str, object]) -> None:
    side = SidePanel(QWidget(), state)
    keep(qtbot, side)
    assert side.face is Face.PARAMETERS


def test_the_panel_alone_loads_no_arithmetic() -> None:
    script = "import app.ui.lab.workbench, sys; print('numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
