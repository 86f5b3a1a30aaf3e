"""The list of a combo box shows whole rows, below the box."""

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.theme.controls import LEAST_ROW, ComboBox
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep


def opened(qtbot: QtBot, count: int, pixels: int) -> tuple[ComboBox, QAbstractItemView]:
    """A combo box with so many rows and this size of text, and its open list."""
    window = QWidget()
    box = ComboBox()
    box.setMaximumWidth(120)
    font = QFont(box.font())
    font.setPixelSize(pixels)
    box.setFont(font)
    for number in range(count):
        box.addItem(f"Row number {number} with a name")
    QVBoxLayout(window).addWidget(box)
    window.resize(200, 80)
    keep(qtbot, window)
    window.show()
    box.showPopup()
    qtbot.waitUntil(box.view().isVisible)
    return box, box.view()


@pytest.mark.parametrize("pixels", [11, 14, 15, 28, 30])
@pytest.mark.parametrize("count", [1, 2, 4, 8, 10, 12, 40])
def test_rows_are_whole(qtbot: QtBot, theme: Theme, count: int, pixels: int) -> None:
    box, view = opened(qtbot, count, pixels)
    heights = [view.sizeHintForRow(row) for row in range(min(count, box.maxVisibleItems()))]
    assert view.viewport().height() == sum(heights)
    assert min(heights) >= max(LEAST_ROW, box.fontMetrics().height())
    assert view.verticalScrollBar().isVisible() == (count > box.maxVisibleItems())
    box.hidePopup()


def test_the_list_does_not_cover_the_box_and_cuts_no_words(qtbot: QtBot, theme: Theme) -> None:
    box, view = opened(qtbot, 12, 14)
    top = view.window().mapToGlobal(view.window().rect().topLeft()).y()
    assert top >= box.mapToGlobal(box.rect().bottomLeft()).y()
    assert view.viewport().width() >= view.sizeHintForColumn(0) > box.width()
    box.hidePopup()
