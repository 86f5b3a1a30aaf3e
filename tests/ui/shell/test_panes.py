"""Panes fold away as the window becomes narrow, and come back as it becomes wide."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.shell.window import PANEL_FITS, SIDEBAR_FITS, Window
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep

#: Pixels.
WIDE, HEIGHT = 1280, 800


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> Window:
    """A wide window with both panes."""
    made = Window(theme, {"width": WIDE, "height": HEIGHT})
    keep(qtbot, made)
    made.show()
    assert panes(made) == (True, True)
    return made


def panes(window: Window) -> tuple[bool, bool]:
    """Whether the sidebar and the panel can be seen."""
    panel = window.findChild(QWidget, "panel")
    assert panel is not None
    return window.sidebar.isVisible(), panel.isVisible()


@pytest.mark.parametrize(
    ("width", "left"),
    [
        (PANEL_FITS, (True, True)),
        (PANEL_FITS - 1, (True, False)),
        (SIDEBAR_FITS, (True, False)),
        (SIDEBAR_FITS - 1, (False, False)),
    ],
)
def test_a_narrower_window_folds_panes_away_and_a_wider_one_brings_them_back(
    window: Window, width: int, left: tuple[bool, bool]
) -> None:
    window.resize(width, HEIGHT)
    assert panes(window) == left
    window.resize(WIDE, HEIGHT)
    assert panes(window) == (True, True)


def test_a_pane_that_was_folded_away_by_hand_stays_so_in_a_wider_window(window: Window) -> None:
    window.toggle_panel()
    window.resize(SIDEBAR_FITS - 1, HEIGHT)
    window.resize(WIDE, HEIGHT)
    assert panes(window) == (True, False)


def test_a_pane_that_was_asked_for_in_a_narrow_window_stays_until_a_limit_is_crossed(
    window: Window,
) -> None:
    window.resize(PANEL_FITS - 100, HEIGHT)
    window.toggle_panel()
    window.resize(PANEL_FITS - 50, HEIGHT)
    assert panes(window) == (True, True)
