"""A key that ends a composition waits for the composed text, as Fcitx sends them in this order."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.ui.common.composition_order import CompositionOrder
from tests.ui.conftest import keep


def field_with_focus(qtbot: QtBot) -> QPlainTextEdit:
    field = QPlainTextEdit()
    keep(qtbot, field)
    CompositionOrder(field)
    with qtbot.waitActive(field):
        field.show()
        field.activateWindow()
    field.setFocus()
    return field


def compose(field: QPlainTextEdit, pending: str, done: str = "") -> None:
    event = QInputMethodEvent(pending, [])
    event.setCommitString(done)
    QCoreApplication.sendEvent(field, event)


def test_enter_comes_after_the_syllable_that_it_ends(qtbot: QtBot) -> None:
    field = field_with_focus(qtbot)
    compose(field, "하")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClicks(field, "x")
    compose(field, "", "하")
    qtbot.waitUntil(lambda: field.toPlainText() == "하\nx")


def test_a_key_is_not_held_for_good(qtbot: QtBot) -> None:
    field = field_with_focus(qtbot)
    compose(field, "하")
    QTest.keyClicks(field, "x")
    qtbot.waitUntil(lambda: "x" in field.toPlainText())


def test_a_held_key_stays_with_its_field(qtbot: QtBot) -> None:
    field = field_with_focus(qtbot)
    compose(field, "하")
    QTest.keyClicks(field, "x")
    field.clearFocus()
    assert "x" in field.toPlainText()


def test_without_a_composition_keys_go_straight_through(qtbot: QtBot) -> None:
    field = field_with_focus(qtbot)
    compose(field, "하")
    compose(field, "", "하")
    QTest.keyClicks(field, "1")
    assert field.toPlainText() == "하1"
