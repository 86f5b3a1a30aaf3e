"""Escape closes a bar, though the window has a shortcut for it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.conversation.find_bar import FindBar
from tests.ui.conftest import keep


def bar_in_a_window(qtbot: QtBot, stopped: list[bool]) -> FindBar:
    """A find bar in a window whose shortcut for Escape notes in `stopped` that it was used."""
    window = QWidget()
    bar = FindBar()
    QVBoxLayout(window).addWidget(bar)
    shortcut = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)
    shortcut.activated.connect(lambda: stopped.append(True))
    keep(qtbot, window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    bar.come_forward()
    return bar


def test_escape_closes_the_bar_and_leaves_the_shortcut_alone(qtbot: QtBot) -> None:
    stopped: list[bool] = []
    bar = bar_in_a_window(qtbot, stopped)
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert stopped == []


def test_other_keys_do_not_close_the_bar(qtbot: QtBot) -> None:
    bar = bar_in_a_window(qtbot, [])
    QTest.keyClick(bar, Qt.Key.Key_A)
    assert bar.isVisible()
