"""Size, place and state of the main window: kept for the next start, and fitted to the screens
that are there then."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

#: Size at the first start, and the smallest size, in pixels.
USUAL, LEAST = QSize(1280, 800), QSize(480, 400)
#: Room that is left for the window's frame and title bar, whose sizes are not known before it is
#: shown.
FRAME = QSize(4, 32)


def geometry_state(window: QWidget) -> dict[str, Any]:
    """Return the geometry as JSON values: size and place of the window when it is neither
    maximised nor full screen, and whether it is so now."""
    normal = window.normalGeometry()
    state = {
        "width": normal.width(),
        "height": normal.height(),
        "maximised": window.isMaximized(),
        "full_screen": window.isFullScreen(),
    }
    if _has_places():
        # The place of the frame, as `QWidget.move` takes it.
        frame = window.geometry().topLeft() - window.pos()
        place = normal.topLeft() - frame
        state |= {"x": place.x(), "y": place.y()}
    return state


def restore_geometry(window: QWidget, state: Mapping[str, Any]) -> None:
    """Give a window that isn't shown yet the geometry of the last time; invalid entries are
    ignored."""
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    fitted = within(_wished(state), screens)
    window.resize(fitted.size())
    if "x" in state and _has_places():
        window.move(fitted.topLeft())
    if state.get("full_screen") is True:
        window.setWindowState(Qt.WindowState.WindowFullScreen)
    elif state.get("maximised") is True:
        window.setWindowState(Qt.WindowState.WindowMaximized)


def within(wished: QRect, screens: Sequence[QRect]) -> QRect:
    """Return the rectangle of a window on the screen that shows most of `wished`, else on the first
    one, moved and made smaller so that the screen shows all of it. `screens` are the available
    geometries."""
    if not screens:
        return wished
    shown = [_area(screen.intersected(wished)) for screen in screens]
    screen = screens[shown.index(max(shown))]
    size = wished.size().boundedTo(screen.size() - FRAME).expandedTo(LEAST)
    if max(shown) == 0:
        rest = screen.size() - FRAME - size
        return QRect(screen.topLeft() + QPoint(rest.width() // 2, rest.height() // 2), size)
    x = min(wished.x(), screen.right() + 1 - size.width() - FRAME.width())
    y = min(wished.y(), screen.bottom() + 1 - size.height() - FRAME.height())
    return QRect(QPoint(max(screen.x(), x), max(screen.y(), y)), size)


def _area(rect: QRect) -> int:
    return rect.width() * rect.height() if rect.isValid() else 0


def _wished(state: Mapping[str, Any]) -> QRect:
    numbers = [state.get(name) for name in ("x", "y", "width", "height")]
    x, y, width, height = (
        number if isinstance(number, int) and abs(number) < 100_000 else None for number in numbers
    )
    size = USUAL if width is None or height is None else QSize(width, height)
    return QRect(QPoint(x or 0, y or 0), size.expandedTo(LEAST))


def _has_places() -> bool:
    """Return whether the window system tells places of windows, which Wayland does not."""
    return not QGuiApplication.platformName().startswith("wayland")
