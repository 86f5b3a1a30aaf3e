"""Menus have their keys at the right, and no icons."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.ui.common.action_widgets import add_entry
from app.ui.common.actions import ActionId
from app.ui.theme.menu import RIGHT, Menu
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep


def ends_of_ink(picture: QImage, y: int, height: int) -> list[int]:
    """Return the columns with ink in some rows of a picture."""
    ground = picture.pixelColor(picture.width() // 2, y + 1).lightness()
    return [
        x
        for x in range(4, picture.width() - 4)
        if any(
            abs(picture.pixelColor(x, row).lightness() - ground) > 40
            for row in range(y + 2, y + height - 2)
        )
    ]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_keys_end_at_one_edge_and_words_begin_at_one(qtbot: QtBot, scale: float) -> None:
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme = Theme(application, "light", scale)
    menu = Menu()
    keep(qtbot, menu)
    entries = [
        add_entry(menu, action, lambda: None)
        for action in (ActionId.RENAME, ActionId.REGENERATE, ActionId.DELETE_IN_VIEW)
    ]
    assert all("\t" in entry.text() and entry.icon().isNull() for entry in entries)
    menu.popup(QPoint(0, 0))
    picture = menu.grab().toImage()
    firsts, lasts = set(), set()
    for entry in entries:
        place = menu.actionGeometry(entry)
        assert place.height() >= 28
        inked = ends_of_ink(picture, place.top(), place.height())
        firsts.add(inked[0])
        lasts.add(place.right() + 1 - RIGHT - inked[-1])
    assert max(firsts) - min(firsts) <= 2 * scale
    assert max(lasts) <= 3 * scale
    menu.close()
    assert theme is not None
    Theme(application, "light")
