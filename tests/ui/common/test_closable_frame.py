"""Esc closes a frame while the keyboard is in it, and does what the window does with it else."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.common.action_widgets import bind
from app.ui.common.actions import ActionId
from app.ui.common.closable_frame import ClosableFrame
from tests.ui.conftest import keep


def test_esc_closes_the_frame_before_it_stops_an_answer(qtbot: QtBot) -> None:
    window, frame, inside, beside = QWidget(), ClosableFrame(), QLineEdit(), QLineEdit()
    QVBoxLayout(frame).addWidget(inside)
    rows = QVBoxLayout(window)
    rows.addWidget(frame)
    rows.addWidget(beside)
    done: list[str] = []
    bind(window, ActionId.STOP, lambda: done.append("stopped"))
    frame.closed.connect(lambda: done.append("closed"))
    keep(qtbot, window)
    with qtbot.waitActive(window):
        window.show()
    inside.setFocus()
    QTest.keyClick(inside, Qt.Key.Key_Escape)
    assert (done, frame.isVisible()) == (["closed"], False)
    beside.setFocus()
    QTest.keyClick(beside, Qt.Key.Key_Escape)
    assert done == ["closed", "stopped"]


def test_other_keys_do_not_close_the_frame(qtbot: QtBot) -> None:
    frame = ClosableFrame()
    keep(qtbot, frame)
    frame.show()
    QTest.keyClick(frame, Qt.Key.Key_A)
    assert frame.isVisible()
