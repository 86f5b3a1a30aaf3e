"""Esc in the window: a bar, an edit and an answer, each by a press of its own."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.theme.theme import Theme
from tests.servers import serving
from tests.ui.conftest import OnLoop, until, use_server
from tests.ui.shell.test_undo import active
from tests.ui.shell.test_window import ask, endless, idle, opened, words


def test_esc_closes_the_find_bar_before_it_stops_the_answer(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            await active(main_window)
            ask(main_window, "A story")
            await until(lambda: words(main_window)[1:] == ["Once upon "])
            main_window.conversation.find()
            field = main_window.pane.composer.field
            field.setFocus()
            QTest.keyClick(field, Qt.Key.Key_Escape)
            assert not main_window.conversation.find_bar.isVisible()
            assert not idle(core, main_window)
            assert field.hasFocus()
            QTest.keyClick(field, Qt.Key.Key_Escape)
            await until(lambda: idle(core, main_window))
            await core.close()

    on_loop(work)


def test_esc_closes_the_heat_maps_bar_wherever_the_focus_is(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await opened(core, theme, qtbot)
        await active(main_window)
        main_window.lab.toggle_heat()
        assert main_window.lab.probabilities().is_open
        field = main_window.pane.composer.field
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert not main_window.lab.probabilities().is_open
        assert field.hasFocus()
        await core.close()

    on_loop(work)
