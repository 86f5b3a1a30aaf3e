"""The window opens as it was left: its size, place and state, on a screen that is there."""

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.shell.window import Window
from app.ui.shell.window_geometry import FRAME, LEAST, within
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep

FIRST, SECOND = QRect(0, 0, 1920, 1080), QRect(1920, 0, 1280, 1024)


def opened(qtbot: QtBot, theme: Theme, state: dict[str, object]) -> Window:
    """A window with this state from the last time."""
    window = Window(theme, state)
    keep(qtbot, window)
    window.show()
    QApplication.processEvents()
    return window


def again(qtbot: QtBot, theme: Theme, window: Window) -> Window:
    """The window of the next start, after this one has closed."""
    state = window.state()
    window.close()
    return opened(qtbot, theme, state)


def test_size_and_place_are_remembered(qtbot: QtBot, theme: Theme) -> None:
    window = opened(qtbot, theme, {})
    window.move(120, 80)
    window.resize(1000, 700)
    QApplication.processEvents()
    later = again(qtbot, theme, window)
    assert later.size() == QSize(1000, 700)
    assert later.pos() == window.pos()


@pytest.mark.parametrize("full", [False, True], ids=["maximised", "full screen"])
def test_a_large_window_is_remembered_and_its_normal_size_beside_it(
    qtbot: QtBot, theme: Theme, full: bool
) -> None:
    window = opened(qtbot, theme, {})
    window.move(120, 80)
    window.resize(1000, 700)
    QApplication.processEvents()
    normal = window.geometry()
    for _start in range(3):
        (window.showFullScreen if full else window.showMaximized)()
        QApplication.processEvents()
        window = again(qtbot, theme, window)
        assert (window.isMaximized(), window.isFullScreen()) == (not full, full)
        assert window.width() > 1800
    window.showNormal()
    QApplication.processEvents()
    assert window.size() == normal.size()
    # The frame of a maximised window has other margins: some pixels.
    moved = window.geometry().topLeft() - normal.topLeft()
    assert moved.manhattanLength() <= 12


def test_a_window_of_a_screen_that_is_gone_opens_on_one_that_is_there(
    qtbot: QtBot, theme: Theme
) -> None:
    state: dict[str, object] = {"x": 5000, "y": -3000, "width": 3000, "height": 4000}
    window = opened(qtbot, theme, state)
    there = window.screen().availableGeometry()
    assert there.contains(window.geometry())
    assert there.contains(window.frameGeometry())


@pytest.mark.parametrize(
    "state",
    [
        {"width": "wide", "height": None},
        {"width": 10**9, "height": 800, "x": 10**9, "y": 0},
        {"x": True, "y": [], "maximised": "yes"},
        {"width": -5, "height": 0, "panes": [0, 0, 0]},
        {"panes": "none", "panel": 7, "sidebar": None},
    ],
)
def test_a_damaged_state_is_ignored(qtbot: QtBot, theme: Theme, state: dict[str, object]) -> None:
    window = opened(qtbot, theme, state)
    assert window.width() >= LEAST.width()
    assert window.height() >= LEAST.height()
    assert window.screen().availableGeometry().contains(window.geometry())
    assert not window.isMaximized()
    assert window.sidebar.isVisible() is (not window.panes.is_narrow)


@pytest.mark.parametrize(
    ("wished", "fitted"),
    [
        # Where it fits it stays, on either screen.
        (QRect(100, 100, 1280, 800), QRect(100, 100, 1280, 800)),
        (QRect(2000, 10, 900, 640), QRect(2000, 10, 900, 640)),
        # Partly outside: moved inwards, on the screen that shows most of it.
        (QRect(-200, -50, 1280, 800), QRect(0, 0, 1280, 800)),
        (QRect(1700, 300, 1000, 800), QRect(1920, 1024 - 800 - FRAME.height(), 1000, 800)),
        # On no screen: in the middle of the first.
        (QRect(9000, 9000, 1280, 800), QRect(318, 124, 1280, 800)),
        (QRect(-4000, 0, 480, 400), QRect(718, 324, 480, 400)),
        # Larger than its screen.
        (QRect(1920, 0, 3000, 3000), QRect(1920, 0, 1280 - FRAME.width(), 1024 - FRAME.height())),
    ],
)
def test_the_rectangle_is_fitted_to_the_screens(wished: QRect, fitted: QRect) -> None:
    assert within(wished, [FIRST, SECOND]) == fitted


def test_a_first_start_on_a_small_screen_takes_what_is_there() -> None:
    small = QRect(0, 0, 1024, 600)
    assert within(QRect(0, 0, 1280, 800), [small]).size() == small.size() - FRAME
