"""The system prompt's field grows with its text."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.parameters.system_field import LEAST_LINES, MOST_LINES, SystemField
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep


def test_it_grows_from_two_lines_to_ten_and_then_scrolls(qtbot: QtBot, theme: Theme) -> None:
    field = SystemField()
    keep(qtbot, field)
    field.resize(268, 10)
    field.show()
    line = field.fontMetrics().lineSpacing()
    low = field.height()
    assert low >= LEAST_LINES * line
    for lines in (3, MOST_LINES):
        field.setPlainText("\n".join("a" * lines))
        QApplication.sendPostedEvents()
        assert field.height() == low + (lines - LEAST_LINES) * line
        assert field.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        assert field.verticalScrollBar().maximum() == 0
    field.setPlainText("\n".join("a" * 30))
    QApplication.sendPostedEvents()
    assert field.height() == low + (MOST_LINES - LEAST_LINES) * line
    assert field.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded


def test_wrapped_lines_count_as_lines(qtbot: QtBot, theme: Theme) -> None:
    field = SystemField()
    keep(qtbot, field)
    field.resize(268, 10)
    field.show()
    low = field.height()
    field.setPlainText("Answer in one sentence. " * 12)
    QApplication.sendPostedEvents()
    assert field.height() > low
    assert field.verticalScrollBar().maximum() == 0
