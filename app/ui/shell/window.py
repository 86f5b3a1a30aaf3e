"""The main window's frame: the panes of the first frame, how they fold, and the sizes that are
kept.

It is apart from the code that connects it to the program, so that the first frame waits for neither
asyncio nor anything that only an answer needs.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAccessibleInterface,
    QCloseEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from app.ui.common.actions import ActionId, Handlers
from app.ui.common.measures import PANEL_WIDTH, SIDEBAR_WIDTH
from app.ui.conversation.pane import ConversationPane
from app.ui.sidebar.sidebar import Sidebar
from app.ui.theme.theme import Theme

#: Widths of the window in pixels below which the panel and the sidebar are hidden when the window
#: is resized.
PANEL_FITS = 1000
SIDEBAR_FITS = 720
#: Width in pixels that the conversation keeps beside a wide panel.
CONVERSATION_FITS = 420


def _always() -> bool:
    return True


class Window(QWidget):
    """Main window with three panes: sidebar, conversation, and a place for the parameter panel."""

    #: The first frame is painted.
    painted = Signal()
    #: The window became the active one.
    activated = Signal()
    #: The window is about to close; its widgets still have their state.
    closing = Signal()
    #: The window has closed.
    closed = Signal()

    def __init__(self, theme: Theme, state: dict[str, Any]) -> None:
        """`state` is the result of `state` from the last time, or an empty dictionary; invalid
        entries are ignored."""
        super().__init__()
        #: The accessibility interface of the window, made when a screen reader asks for it.
        self.reading: QAccessibleInterface | None = None
        #: Whether the window has been closed; it is never opened again.
        self.is_closed = False
        #: Says whether the window may close now; a window that may not close stays open.
        self.may_close: Callable[[], bool] = _always
        self._painted = False
        self.setWindowTitle("Loquat")
        self.setMinimumSize(480, 400)
        self.sidebar = Sidebar(theme)
        self.pane = ConversationPane(theme)
        self._panel_place = QWidget()
        self._panel_place.setObjectName("panel")
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._arrange()
        self.pane.sidebar_wanted.connect(self.toggle_sidebar)
        self.pane.panel_wanted.connect(self.toggle_panel)
        self._restore(state)

    def put_panel(self, panel: QWidget) -> None:
        """Put the panel in its pane."""
        inside = self._panel_place.layout()
        if inside is not None:
            inside.addWidget(panel)

    def state(self) -> dict[str, Any]:
        """Return sizes in pixels and the panes that are wanted, as JSON values, for the
        next start."""
        return {
            "width": self.width(),
            "height": self.height(),
            "panes": self._splitter.sizes(),
            "sidebar": self._sidebar_wanted,
            "panel": self._panel_wanted,
        }

    def handlers(self) -> Handlers:
        """Return the functions for the window's actions that this class does."""
        return {
            ActionId.TOGGLE_SIDEBAR: self.toggle_sidebar,
            ActionId.TOGGLE_PARAMETERS: self.toggle_panel,
            ActionId.QUIT: self.close,
        }

    def toggle_sidebar(self) -> None:
        """Show or hide the sidebar."""
        self._sidebar_wanted = not self.sidebar.isVisible()
        self._show_pane(self.sidebar, self._sidebar_wanted)

    def toggle_panel(self) -> None:
        """Show or hide the parameter panel."""
        self._panel_wanted = not self._panel_place.isVisible()
        self._show_pane(self._panel_place, self._panel_wanted)

    def resize_panel(self, width: int) -> None:
        """Make the panel `width` pixels wide, or less, so that the conversation keeps
        CONVERSATION_FITS pixels."""
        sidebar, conversation, panel = self._splitter.sizes()
        width = max(
            self._panel_place.minimumWidth(), min(width, conversation + panel - CONVERSATION_FITS)
        )
        self._splitter.setSizes([sidebar, conversation + panel - width, width])

    def come_forward(self) -> None:
        """Bring the window to the front, out of the task bar as well: the program was started a
        second time."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _arrange(self) -> None:
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        for widget in (self.sidebar, self.pane, self._panel_place):
            self._splitter.addWidget(widget)
        self._splitter.setStretchFactor(1, 1)
        self.sidebar.setMinimumWidth(180)
        self.pane.setMinimumWidth(320)
        self._panel_place.setMinimumWidth(260)
        inside = QHBoxLayout(self._panel_place)
        inside.setContentsMargins(0, 0, 0, 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    def _restore(self, state: dict[str, Any]) -> None:
        width, height = state.get("width", 1280), state.get("height", 800)
        if isinstance(width, int) and isinstance(height, int):
            self.resize(max(480, min(width, 8000)), max(400, min(height, 8000)))
        sizes = state.get("panes")
        if isinstance(sizes, list) and len(sizes) == 3 and all(isinstance(s, int) for s in sizes):
            self._splitter.setSizes(sizes)
        else:
            rest = self.width() - SIDEBAR_WIDTH - PANEL_WIDTH
            self._splitter.setSizes([SIDEBAR_WIDTH, rest, PANEL_WIDTH])
        self._sidebar_wanted = state.get("sidebar") is not False
        self._panel_wanted = state.get("panel") is not False
        self._fold(self.width())
        self.pane.composer.field.setFocus()

    def _fold(self, width: int) -> None:
        """Hide the panes for which a window of this width has no room."""
        self._show_pane(self.sidebar, self._sidebar_wanted and width >= SIDEBAR_FITS)
        self._show_pane(self._panel_place, self._panel_wanted and width >= PANEL_FITS)

    def _show_pane(self, pane: QWidget, visible: bool) -> None:
        if not visible and self.focusWidget() in pane.findChildren(QWidget):
            # Otherwise Qt moves the focus to whatever comes next.
            self.pane.composer.field.setFocus()
        pane.setVisible(visible)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before, now = event.oldSize().width(), event.size().width()
        if before < 0:
            # The window system may give another first size than the one asked for.
            self._fold(now)
        for limit in (SIDEBAR_FITS, PANEL_FITS):
            if (before < limit) != (now < limit):
                self._fold(now)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self.activated.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        self.is_closed = True
        event.accept()
        self.closed.emit()
