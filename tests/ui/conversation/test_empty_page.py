"""The empty page: the composer under the heading, in the middle of the pane."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.ui.conversation.welcome import Offer
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep


def opened(qtbot: QtBot, theme: Theme, *, last: str = "") -> Window:
    """Return a shown window, which is about to open the conversation `last`, if any."""
    window = Window(theme, {"conversation": last, "sidebar": False})
    keep(qtbot, window)
    window.resize(900, 640)
    window.show()
    return window


def edges_of_composer(window: Window) -> tuple[int, int]:
    """Return the space above and below the composer in its pane, in pixels."""
    composer, pane = window.pane.composer, window.pane
    top = composer.mapTo(pane, QPoint(0, 0)).y()
    return top, pane.height() - top - composer.height()


def test_the_composer_stands_in_the_middle_until_there_are_messages(
    qtbot: QtBot, theme: Theme
) -> None:
    window = opened(qtbot, theme)
    _above, below = edges_of_composer(window)
    assert below > window.pane.height() // 4
    window.pane.show_page(empty=False)
    assert edges_of_composer(window)[1] < 40
    window.pane.show_page(empty=True)
    assert edges_of_composer(window)[1] == below


def test_a_toast_covers_neither_the_offers_nor_the_composer(qtbot: QtBot, theme: Theme) -> None:
    window = opened(qtbot, theme)
    toast, pane = window.pane.toast, window.pane
    toast.show_words("Chat deleted", "Undo", toast.hide)
    _above, below = edges_of_composer(window)
    assert toast.geometry().top() >= pane.height() - below
    window.pane.show_page(empty=False)
    above, _below = edges_of_composer(window)
    assert toast.geometry().bottom() < above


def test_nothing_moves_when_the_last_conversation_opens(qtbot: QtBot, theme: Theme) -> None:
    """It is opened after the first frame."""
    window = opened(qtbot, theme, last="abc")
    assert not window.pane.welcome.isVisible()
    before = edges_of_composer(window)
    window.pane.show_page(empty=False)
    assert edges_of_composer(window) == before
    # It may have been deleted.
    window.pane.show_page(empty=True)
    assert window.pane.welcome.isVisible()


@pytest.mark.parametrize("rows", [1, 2])
def test_offers_stand_below_each_other_where_they_have_no_room(
    qtbot: QtBot, theme: Theme, rows: int
) -> None:
    window = opened(qtbot, theme)
    welcome = window.pane.welcome
    welcome.setParent(None)
    keep(qtbot, welcome)
    welcome.show()
    welcome.show_answerer("A sentence.", [Offer.CONNECT, Offer.SERVER])
    shown = [one for one in welcome.findChildren(QPushButton) if one.isVisible()]
    widths = [button.sizeHint().width() for button in shown]
    welcome.resize((sum if rows == 1 else max)(widths) + 80, 400)
    QApplication.processEvents()
    assert len({button.geometry().top() for button in shown}) == rows
