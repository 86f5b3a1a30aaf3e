"""The main window's frame: the panes of the first frame, and the sizes that are kept.

It is apart from the code that connects it to the program, so that the first frame waits for neither
asyncio nor anything that only an answer needs.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessibleInterface, QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.text.translation import _
from app.ui.common.actions import ActionId, Handlers
from app.ui.common.escape_order import Layer
from app.ui.conversation.pane import ConversationPane
from app.ui.shell.panes import Panes, Side
from app.ui.shell.window_geometry import LEAST, geometry_state, restore_geometry
from app.ui.sidebar.sidebar import Sidebar
from app.ui.theme.theme import Theme


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
        self.setMinimumSize(LEAST)
        self.sidebar = Sidebar(theme)
        self.pane = ConversationPane(theme)
        # The conversation of the last time is opened after the first frame.
        self.pane.show_page(empty=not state.get("conversation"))
        self._panel_place = QWidget()
        self._panel_place.setObjectName("panel")
        inside = QHBoxLayout(self._panel_place)
        inside.setContentsMargins(0, 0, 0, 0)
        field = self.pane.composer.field
        self.panes = Panes(theme, self.pane, (self.sidebar, self._panel_place), field)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panes)
        self._connect()
        self.show_title("")
        restore_geometry(self, state)
        self.panes.restore(state)
        field.setFocus()

    def _connect(self) -> None:
        self.pane.header.sidebar_wanted.connect(self.toggle_sidebar)
        self.pane.header.panel_wanted.connect(self.toggle_panel)
        self.sidebar.settled.connect(self.panes.close_drawer)
        self.panes.told.connect(self._announce)
        self.pane.escape.add(Layer.DRAWER, self.panes.has_drawer, self.panes.close_drawer)

    def put_panel(self, panel: QWidget) -> None:
        """Put the panel in its pane."""
        inside = self._panel_place.layout()
        if inside is not None:
            inside.addWidget(panel)

    def state(self) -> dict[str, Any]:
        """Return the geometry of the window and of its panes as JSON values, for the next
        start."""
        return geometry_state(self) | self.panes.state()

    def handlers(self) -> Handlers:
        """Return the functions for the window's actions that this class does."""
        return {
            ActionId.TOGGLE_SIDEBAR: self.toggle_sidebar,
            ActionId.TOGGLE_PARAMETERS: self.toggle_panel,
            ActionId.QUIT: self.close,
        }

    def show_title(self, title: str) -> None:
        """Show a conversation's title as that of the window; an empty title is left out."""
        words = _("{title} — Loquat").format(title=title) if title else "Loquat"
        # Qt would replace the sign [*] by a mark of unsaved changes.
        self.setWindowTitle(words.replace("[*]", "[*][*]"))

    def toggle_sidebar(self) -> None:
        """Show or hide the sidebar."""
        self.panes.toggle(Side.SIDEBAR)

    def toggle_panel(self) -> None:
        """Show or hide the parameter panel."""
        self.panes.toggle(Side.PANEL)

    def widen_panel(self, width: int) -> None:
        """Make the panel at least so wide, as far as the conversation has room; 0 gives it back
        the width that the person has chosen. See `Panes.widen_panel`."""
        self.panes.widen_panel(width)

    def come_forward(self) -> None:
        """Bring the window to the front, out of the task bar as well: the program was started a
        second time."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _announce(self, words: str) -> None:
        from app.ui.transcript.accessibility.announce import announce

        announce(self, words)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

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
