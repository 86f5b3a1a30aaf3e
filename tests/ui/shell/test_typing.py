"""Typed text reaches the message field from every control of the window, and focus comes back."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QInputMethodQueryEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from app.domain.parameters.kinds import ParameterGroup
from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.theme.theme import Theme
from tests.ui.conftest import OnLoop
from tests.ui.shell.test_undo import active, talk
from tests.ui.shell.test_window import opened

CTRL = Qt.KeyboardModifier.ControlModifier


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def in_the_list(main_window: MainWindow) -> QWidget:
    return main_window.sidebar._list


def in_the_transcript(main_window: MainWindow) -> QWidget:
    return main_window.conversation.transcript


def on_a_button(main_window: MainWindow) -> QWidget:
    return next(
        button
        for button in main_window.sidebar.findChildren(QPushButton)
        if button.text() == "Settings"
    )


def on_a_slider(main_window: MainWindow) -> QWidget:
    panel = main_window.choices.panel
    if not panel.isVisible():
        main_window.window.toggle_panel()
    panel.rows.groups[ParameterGroup.SAMPLING].head.setChecked(True)
    sliders = panel.findChildren(QSlider)
    return next(slider for slider in sliders if slider.isVisible() and slider.isEnabled())


CONTROLS = (in_the_list, in_the_transcript, on_a_button, on_a_slider)
Control = Callable[[MainWindow], QWidget]


async def with_focus_on(
    core: Core, theme: Theme, qtbot: QtBot, control: Control
) -> tuple[MainWindow, QWidget]:
    """A window with two conversations, the newer one in view, and the focus on a control."""
    talk(core, "alpha", "first")
    talk(core, "beta", "second")
    main_window = await opened(core, theme, qtbot)
    await active(main_window)
    main_window.sidebar._list.setCurrentIndex(main_window.sidebar._rows.index(0))
    widget = control(main_window)
    widget.setFocus()
    assert widget.hasFocus()
    return main_window, widget


@pytest.mark.parametrize("control", CONTROLS)
def test_letters_digits_and_signs_go_to_the_message_field(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, control: Control
) -> None:
    async def work() -> None:
        main_window, widget = await with_focus_on(core, theme, qtbot, control)
        shown = main_window.in_view.id
        QTest.keyClicks(widget, "a")
        field = main_window.pane.composer.field
        assert field.hasFocus()
        QTest.keyClicks(focused(), "lpha 7?")
        assert main_window.pane.composer.text() == "alpha 7?"
        assert main_window.in_view.id == shown
        await core.close()

    on_loop(work)


@pytest.mark.parametrize("control", CONTROLS)
def test_space_and_arrows_stay_with_the_focused_control(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, control: Control
) -> None:
    async def work() -> None:
        main_window, widget = await with_focus_on(core, theme, qtbot, control)
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Space):
            QTest.keyClick(widget, key)
        assert widget.window().focusWidget() is widget
        assert main_window.pane.composer.text() == ""
        await core.close()

    on_loop(work)


@pytest.mark.parametrize("control", CONTROLS)
def test_a_paste_goes_to_the_message_field(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, control: Control
) -> None:
    async def work() -> None:
        main_window, widget = await with_focus_on(core, theme, qtbot, control)
        QGuiApplication.clipboard().setText("pasted")
        QTest.keyClick(widget, Qt.Key.Key_V, CTRL)
        assert main_window.pane.composer.text() == "pasted"
        assert main_window.pane.composer.field.hasFocus()
        await core.close()

    on_loop(work)


@pytest.mark.parametrize("control", CONTROLS)
def test_a_composition_begins_in_the_message_field(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, control: Control
) -> None:
    async def work() -> None:
        main_window, widget = await with_focus_on(core, theme, qtbot, control)
        query = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
        QCoreApplication.sendEvent(widget, query)
        assert query.value(Qt.InputMethodQuery.ImEnabled) is True
        QCoreApplication.sendEvent(widget, QInputMethodEvent("", []))
        assert widget.hasFocus(), "an event without text moves nothing"
        QCoreApplication.sendEvent(widget, QInputMethodEvent("ㅎ", []))
        field = main_window.pane.composer.field
        assert field.hasFocus()
        assert field.textCursor().block().layout().preeditAreaText() == "ㅎ"
        commit = QInputMethodEvent("", [])
        commit.setCommitString("하")
        QCoreApplication.sendEvent(field, commit)
        assert main_window.pane.composer.text() == "하"
        await core.close()

    on_loop(work)


def test_a_text_field_keeps_what_is_typed(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window, _list = await with_focus_on(core, theme, qtbot, in_the_list)
        main_window.conversation.find()
        found = main_window.conversation.find_bar.findChild(QLineEdit)
        assert isinstance(found, QLineEdit)
        QTest.keyClicks(found, "find me")
        assert found.text() == "find me"
        assert main_window.pane.composer.text() == ""
        await core.close()

    on_loop(work)


@pytest.mark.parametrize("control", [in_the_list, in_the_transcript])
def test_a_bar_that_closes_gives_the_focus_back(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, control: Control
) -> None:
    async def work() -> None:
        main_window, widget = await with_focus_on(core, theme, qtbot, control)
        main_window.conversation.find()
        QTest.keyClick(focused(), Qt.Key.Key_Escape)
        assert not main_window.conversation.find_bar.isVisible()
        assert widget.hasFocus()
        await core.close()

    on_loop(work)


def test_a_clicked_button_leaves_the_focus_where_it_was(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window, _list = await with_focus_on(core, theme, qtbot, in_the_list)
        field = main_window.pane.composer.field
        field.setFocus()
        clicked: list[bool] = []
        button = on_a_button(main_window)
        main_window.sidebar.settings_wanted.disconnect(main_window.show_settings)
        main_window.sidebar.settings_wanted.connect(lambda: clicked.append(True))
        window = main_window.window.windowHandle()
        QTest.mouseClick(
            window,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            button.mapTo(main_window.window, QPoint(8, 8)),
        )
        assert clicked == [True]
        assert field.hasFocus()
        QTest.keyClick(focused(), Qt.Key.Key_Space)
        assert clicked == [True]
        assert main_window.pane.composer.text() == " "
        await core.close()

    on_loop(work)


def test_hiding_the_sidebar_gives_the_focus_back(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window, widget = await with_focus_on(core, theme, qtbot, in_the_transcript)
        main_window.sidebar._list.setFocus()
        main_window.sidebar.hide()
        assert widget.hasFocus()
        await core.close()

    on_loop(work)


def test_a_button_pressed_by_the_mouse_after_another_gives_the_focus_to_the_field(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    """Two buttons once gave the focus to each other until the stack was full: a click on the ⓘ of
    an open explanation."""

    async def work() -> None:
        main_window = await opened(core, theme, qtbot)
        await active(main_window)
        main_window.window.toggle_panel()
        rows = main_window.choices.panel.rows
        rows.groups[ParameterGroup.SAMPLING].head.setChecked(True)
        info = rows.row("min_p").info
        on_a_button(main_window).setFocus()
        info.setFocus()
        info.click()
        assert rows.is_explaining()
        window = main_window.window.windowHandle()
        middle = info.mapTo(main_window.window, info.rect().center())
        none = Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, none, middle)
        assert not rows.is_explaining()
        assert focused() is main_window.pane.composer.field
        await core.close()

    on_loop(work)
