"""Every key of the window's actions works wherever the focus is."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.common.actions import ACTIONS_BY_SCOPE, Scope
from app.ui.common.keys import sequences
from app.ui.shell.main_window import MainWindow
from app.ui.theme.theme import Theme
from tests.ui.conftest import OnLoop
from tests.ui.shell.test_typing import CONTROLS, Control, with_focus_on


def in_the_message_field(main_window: MainWindow) -> QWidget:
    return main_window.pane.composer.field


def on_a_button_of_the_header(main_window: MainWindow) -> QWidget:
    buttons = main_window.pane.findChildren(QToolButton)
    return next(
        button
        for button in buttons
        if button.isVisible() and button.focusPolicy() & Qt.FocusPolicy.TabFocus
    )


@pytest.mark.parametrize("control", [in_the_message_field, *CONTROLS, on_a_button_of_the_header])
def test_every_key_of_the_window_works(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, control: Control
) -> None:
    async def work() -> None:
        main_window, widget = await with_focus_on(core, theme, qtbot, control)
        done: list[str] = []
        for bound in main_window.window.actions():
            bound.triggered.disconnect()
            bound.triggered.connect(partial(done.append, bound.objectName()))
        silent = []
        for action in ACTIONS_BY_SCOPE[Scope.WINDOW]:
            for sequence in sequences(action.id) if action.keys else ():
                done.clear()
                QTest.keySequence(widget, sequence)
                if done != [action.id]:
                    silent.append((action.id.value, sequence.toString(), list(done)))
        assert silent == []
        assert widget.hasFocus()
        await core.close()

    on_loop(work)
