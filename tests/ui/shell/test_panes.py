"""The panes stand beside one another in a wide window; in a narrow one they are drawers."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.ui.shell.pane_widths import (
    BESIDE_DRAWER,
    CONVERSATION_LEAST,
    NARROW,
    PaneWidths,
)
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep

#: Pixels.
WIDE, HEIGHT = 1280, 800
SMALL = (480, 720)


def opened(qtbot: QtBot, theme: Theme, **state: object) -> Window:
    """A window with this state from the last time, and a text field in its panel."""
    made = Window(theme, {"width": WIDE, "height": HEIGHT, **state})
    made.put_panel(QLineEdit())
    keep(qtbot, made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> Window:
    """A wide window with both panes."""
    made = opened(qtbot, theme, panel=True)
    assert panes(made) == (True, True)
    return made


@pytest.fixture
def small(qtbot: QtBot, theme: Theme) -> Window:
    """A window of the smallest width."""
    return opened(qtbot, theme, panel=True, width=SMALL[0], height=SMALL[1])


def panel_of(window: Window) -> QWidget:
    panel = window.findChild(QWidget, "panel")
    assert panel is not None
    return panel


def panes(window: Window) -> tuple[bool, bool]:
    """Whether the sidebar and the panel can be seen."""
    return window.sidebar.isVisible(), panel_of(window).isVisible()


def places(window: Window) -> list[QRect]:
    """The rectangles of the visible panes, from left to right."""
    shown = [pane for pane in (window.sidebar, window.pane, panel_of(window)) if pane.isVisible()]
    return [pane.geometry() for pane in shown]


def click_beside(window: Window, x: int) -> None:
    """Click the place of the window at this distance from its left edge."""
    place = window.panes.childAt(QPoint(x, 300))
    assert place is not None
    QTest.mouseClick(place, Qt.MouseButton.LeftButton)


def test_the_panel_is_folded_at_the_first_start_and_remembered_afterwards(
    qtbot: QtBot, theme: Theme
) -> None:
    first = Window(theme, {})
    keep(qtbot, first)
    first.resize(WIDE, HEIGHT)
    first.show()
    assert panes(first) == (True, False)
    first.toggle_panel()
    again = Window(theme, first.state())
    keep(qtbot, again)
    again.show()
    assert panes(again) == (True, True)


@pytest.mark.parametrize("width", [1010, 1100, WIDE, 1900])
def test_panes_of_a_wide_window_lie_beside_one_another_without_a_gap(
    window: Window, width: int
) -> None:
    window.resize(width, HEIGHT)
    sidebar, conversation, panel = places(window)
    assert (sidebar.left(), panel.right()) == (0, width - 1)
    assert conversation.left() - sidebar.right() == 2  # a line between them
    assert panel.left() - conversation.right() == 2
    assert conversation.width() >= CONVERSATION_LEAST


@pytest.mark.parametrize("width", [NARROW, 1000])
def test_the_sidebar_makes_room_for_the_panel(window: Window, width: int) -> None:
    window.resize(width, HEIGHT)
    assert panes(window) == (False, True)
    assert window.pane.width() >= CONVERSATION_LEAST
    window.toggle_sidebar()  # a drawer
    assert panes(window) == (True, True)
    assert window.sidebar.geometry().left() == 0
    assert window.pane.geometry().left() == 0
    assert window.panes.close_drawer()
    window.toggle_panel()
    assert panes(window) == (True, False)
    assert window.pane.geometry().left() > window.sidebar.geometry().right()
    window.toggle_panel()
    assert panes(window) == (False, True)
    window.resize(WIDE, HEIGHT)
    assert panes(window) == (True, True)


def test_a_panel_that_needs_more_than_there_is_becomes_a_drawer(window: Window) -> None:
    field = panel_of(window).findChild(QLineEdit)
    assert field is not None
    field.setMinimumWidth(450)
    window.resize(1000, HEIGHT)
    assert window.pane.width() >= CONVERSATION_LEAST
    assert panes(window) == (True, False)
    window.toggle_panel()
    assert panes(window) == (True, True)
    assert panel_of(window).width() >= 450
    assert window.pane.geometry().right() == 999
    window.toggle_panel()
    assert panes(window) == (True, False)


def test_a_folded_sidebar_stays_so_after_it_was_a_drawer(window: Window) -> None:
    window.toggle_sidebar()
    window.resize(1000, HEIGHT)
    window.toggle_sidebar()
    window.panes.close_drawer()
    window.toggle_panel()
    assert panes(window) == (False, False)


@pytest.mark.parametrize("width", [480, 640, NARROW - 1])
def test_the_conversation_has_the_whole_width_of_a_narrow_window(
    window: Window, width: int
) -> None:
    window.resize(width, HEIGHT)
    assert panes(window) == (False, False)
    assert places(window) == [QRect(0, 0, width, HEIGHT)]
    for toggle in (window.toggle_sidebar, window.toggle_panel):
        toggle()
        assert window.pane.geometry() == QRect(0, 0, width, HEIGHT)
    window.resize(WIDE, HEIGHT)
    assert panes(window) == (True, True)


def test_one_drawer_is_open_at_a_time(small: Window) -> None:
    small.toggle_sidebar()
    assert panes(small) == (True, False)
    small.toggle_panel()
    assert panes(small) == (False, True)
    small.toggle_panel()
    assert panes(small) == (False, False)


def test_a_click_beside_a_drawer_closes_it(small: Window) -> None:
    small.toggle_sidebar()
    click_beside(small, small.width() - BESIDE_DRAWER // 2)
    assert panes(small) == (False, False)
    small.toggle_panel()
    click_beside(small, BESIDE_DRAWER // 2)
    assert panes(small) == (False, False)


def test_a_closed_drawer_gives_the_focus_back(small: Window) -> None:
    small.pane.header.model.setFocus()
    small.toggle_panel()
    assert panel_of(small).isAncestorOf(small.focusWidget())
    small.pane.escape.press()
    assert panes(small) == (False, False)
    assert small.focusWidget() is small.pane.header.model


def test_the_focus_goes_back_past_a_second_drawer(small: Window) -> None:
    small.pane.header.model.setFocus()
    small.toggle_panel()
    small.toggle_sidebar()
    assert small.panes.close_drawer()
    assert not small.panes.close_drawer()
    assert small.focusWidget() is small.pane.header.model


def test_tab_stays_in_an_open_drawer(small: Window) -> None:
    small.toggle_sidebar()
    met = []
    for _press in range(8):
        met.append(small.focusWidget())
        QTest.keyClick(small.focusWidget(), Qt.Key.Key_Tab)
    assert all(small.sidebar.isAncestorOf(widget) for widget in met)
    assert len(set(met)) == 4  # New chat, the list, Recently deleted, Settings
    QTest.keyClick(small.focusWidget(), Qt.Key.Key_Backtab)
    assert small.sidebar.isAncestorOf(small.focusWidget())


def test_a_drawer_closes_when_the_focus_goes_to_the_conversation(small: Window) -> None:
    small.toggle_sidebar()
    small.pane.composer.field.setFocus()
    QApplication.processEvents()
    assert panes(small) == (False, False)
    assert small.focusWidget() is small.pane.composer.field


def test_a_pane_in_use_stays_open_across_the_limit(window: Window) -> None:
    field = panel_of(window).findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    window.resize(*SMALL)
    assert panes(window) == (False, True)
    assert window.focusWidget() is field
    window.resize(WIDE, HEIGHT)
    assert panes(window) == (True, True)
    assert window.focusWidget() is field


def test_a_drawer_that_was_opened_stays_as_a_pane_of_a_wide_window(
    qtbot: QtBot, theme: Theme
) -> None:
    window = opened(qtbot, theme, width=SMALL[0])
    window.toggle_panel()
    window.resize(WIDE, HEIGHT)
    assert panes(window) == (True, True)


def test_a_pane_that_was_folded_by_hand_stays_so_in_a_wider_window(window: Window) -> None:
    window.toggle_panel()
    window.resize(*SMALL)
    window.resize(WIDE, HEIGHT)
    assert panes(window) == (True, False)


def test_screen_readers_are_told_of_drawers(small: Window) -> None:
    told: list[str] = []
    small.panes.told.connect(told.append)
    small.toggle_sidebar()
    small.toggle_panel()
    small.panes.close_drawer()
    assert told == ["Sidebar opened", "Parameters opened", "Parameters closed"]


def test_the_panel_is_widened_as_far_as_the_conversation_has_room(window: Window) -> None:
    usual = panel_of(window).width()
    window.widen_panel(460)
    assert panel_of(window).width() == 460
    window.resize(1000, HEIGHT)
    assert panes(window) == (False, True)
    assert window.pane.width() == CONVERSATION_LEAST
    window.resize(WIDE, HEIGHT)
    assert panel_of(window).width() == 460
    window.widen_panel(0)
    assert panel_of(window).width() == usual


def test_a_widened_drawer_leaves_room_for_a_click_beside_it(small: Window) -> None:
    small.toggle_panel()
    small.widen_panel(460)
    assert panel_of(small).width() == SMALL[0] - BESIDE_DRAWER


@pytest.mark.parametrize(("number", "distance"), [(0, 60), (1, -60)])
def test_the_width_of_a_pane_is_dragged_and_remembered(
    qtbot: QtBot, theme: Theme, window: Window, number: int, distance: int
) -> None:
    handle = window.panes._handles[number]
    before = [place.width() for place in places(window)]
    start, end = QPoint(4, 300), QPoint(4 + distance, 300)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(handle, end)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=handle.rect().center())
    after = [place.width() for place in places(window)]
    index = 2 * number
    assert after[index] == before[index] + 60
    assert after[1] == before[1] - 60
    again = Window(theme, window.state())
    keep(qtbot, again)
    again.show()
    assert [place.width() for place in places(again)] == after


def test_widths_that_an_earlier_version_kept_are_read(qtbot: QtBot, theme: Theme) -> None:
    window = opened(qtbot, theme, panel=True, panes=[220, 700, 340])
    assert [place.width() for place in places(window)][::2] == [220, 340]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ((252, 300), (238, 300)),  # the sidebar gives way first
        ((0, 300), (0, 300)),
        ((252, 0), (252, 0)),
        ((180, 600), (180, 358)),
        ((0, 600), (0, 539)),
    ],
)
def test_the_conversation_keeps_its_smallest_width(
    wanted: tuple[int, int], left: tuple[int, int]
) -> None:
    widths = PaneWidths.at(int)
    assert widths.shared(1100, wanted, widths.least) == list(left)


def test_panes_need_twice_the_width_at_twice_the_text_size(
    qtbot: QtBot, qapp: QApplication
) -> None:
    window = Window(Theme(qapp, "light", 2.0), {})
    keep(qtbot, window)
    window.show()
    for width in (480, 900, WIDE):
        window.resize(width, HEIGHT)
        assert panes(window) == (False, False)
        window.toggle_sidebar()
        assert window.sidebar.width() == min(504, width - BESIDE_DRAWER)
        window.panes.close_drawer()
    window.resize(2 * NARROW, HEIGHT)
    assert panes(window) == (True, False)
    Theme(qapp, "light")
