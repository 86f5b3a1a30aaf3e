"""Esc in the window: a bar, an edit and an answer, each by a press of its own."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.parameters.kinds import ParameterGroup
from app.services.program.core import Core
from app.ui.theme.theme import Theme
from tests.servers import serving
from tests.ui.conftest import OnLoop, until, use_server
from tests.ui.shell.test_undo import active
from tests.ui.shell.test_window import WHOLE, ask, endless, idle, opened, words


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


def test_esc_closes_one_thing_after_the_other(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    """In a narrow window: an explanation in a drawer, over the find bar, over an edit, during an
    answer."""

    async def work() -> None:
        with serving(WHOLE, endless) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            main_window.window.resize(480, 720)
            await active(main_window)
            ask(main_window, "A story")
            await until(lambda: len(words(main_window)) == 2 and idle(core, main_window))
            question = main_window.conversation.transcript.items()[0].id
            main_window.editing.edit(question)
            ask(main_window, "Another")
            await until(lambda: words(main_window)[-1:] == ["Once upon "])
            main_window.conversation.find()
            main_window.window.toggle_panel()
            rows = main_window.choices.panel.rows
            rows.groups[ParameterGroup.SAMPLING].head.setChecked(True)
            rows.row("temperature").info.click()
            parts: list[Callable[[], bool]] = [
                rows.is_explaining,
                main_window.window.panes.has_drawer,
                main_window.conversation.find_bar.isVisible,
                main_window.editing.is_open,
                lambda: not idle(core, main_window),
            ]
            assert [is_open() for is_open in parts] == [True] * 5
            for closed in range(1, 5):
                QTest.keyClick(main_window.window.focusWidget(), Qt.Key.Key_Escape)
                assert [is_open() for is_open in parts] == [False] * closed + [True] * (5 - closed)
            QTest.keyClick(main_window.window.focusWidget(), Qt.Key.Key_Escape)
            await until(lambda: idle(core, main_window))
            await core.close()

    on_loop(work)


def test_esc_closes_an_explanation_that_has_lost_the_focus(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await opened(core, theme, qtbot)
        await active(main_window)
        main_window.window.toggle_panel()
        rows = main_window.choices.panel.rows
        rows.groups[ParameterGroup.SAMPLING].head.setChecked(True)
        rows.row("temperature").info.click()
        field = main_window.pane.composer.field
        field.setFocus()
        assert rows.is_explaining()
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert not rows.is_explaining()
        await core.close()

    on_loop(work)
