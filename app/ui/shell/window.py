"""The window's frame: what its first picture shows, and how its panes fold and are remembered.

It stands apart from `Desk`, which fills it with life, so that the first frame waits neither for
asyncio nor for anything that only an answer needs.
"""

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

#: Below these widths a pane folds away, unless the person asks for it.
PANEL_FITS = 1000
SIDEBAR_FITS = 720


class Window(QWidget):
    """Sidebar, conversation and a place for the panel."""

    #: The first frame is on the screen.
    painted = Signal()
    #: It became the window that the person works in.
    activated = Signal()
    closing = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, state: dict[str, Any]) -> None:
        """`state` is what `state` returned when the window was last closed."""
        super().__init__()
        #: What screen readers read; made when one asks.
        self.reading: QAccessibleInterface | None = None
        #: Whether it has been closed; it is not opened again.
        self.is_closed = False
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
        """Fill the panel's place."""
        inside = self._panel_place.layout()
        if inside is not None:
            inside.addWidget(panel)

    def state(self) -> dict[str, Any]:
        """Sizes and folded panes, to be restored the next time."""
        return {
            "width": self.width(),
            "height": self.height(),
            "panes": self._splitter.sizes(),
            "sidebar": self._sidebar_wanted,
            "panel": self._panel_wanted,
        }

    def handlers(self) -> Handlers:
        """The actions of the window that are done here."""
        return {
            ActionId.TOGGLE_SIDEBAR: self.toggle_sidebar,
            ActionId.TOGGLE_PARAMETERS: self.toggle_panel,
            ActionId.QUIT: self.close,
        }

    def toggle_sidebar(self) -> None:
        """Fold the sidebar away, or bring it back."""
        self._sidebar_wanted = not self.sidebar.isVisible()
        self._show_pane(self.sidebar, self._sidebar_wanted)

    def toggle_panel(self) -> None:
        """Fold the panel away, or bring it back."""
        self._panel_wanted = not self._panel_place.isVisible()
        self._show_pane(self._panel_place, self._panel_wanted)

    def come_forward(self) -> None:
        """Come to the front: the program was started a second time."""
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
        self._show_pane(self.sidebar, self._sidebar_wanted and width >= SIDEBAR_FITS)
        self._show_pane(self._panel_place, self._panel_wanted and width >= PANEL_FITS)

    def _show_pane(self, pane: QWidget, visible: bool) -> None:
        if not visible and self.focusWidget() in pane.findChildren(QWidget):
            # Qt would give it to whatever comes next.
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
            # The first size may be another than was asked for.
            self._fold(now)
        for limit in (SIDEBAR_FITS, PANEL_FITS):
            if (before < limit) != (now < limit):
                self._fold(now)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self.activated.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        self.is_closed = True
        event.accept()
        self.closed.emit()
