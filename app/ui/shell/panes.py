"""The three panes of the main window: beside one another in a wide window; where there is no room
for the sidebar or the panel, it is a drawer over the conversation."""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.text.translation import _
from app.ui.common.actions import ACTIONS, ActionId
from app.ui.shell.pane_parts import Handle, Scrim
from app.ui.shell.pane_widths import LINE, PaneWidths, drawer_width
from app.ui.theme.theme import Theme

#: Width of a handle in pixels. It covers the margin of its pane.
GRIP = 8


class Side(IntEnum):
    """A pane beside the conversation."""

    SIDEBAR = 0
    PANEL = 1


#: The name of each pane for screen readers.
NAMES = (ACTIONS[ActionId.TOGGLE_SIDEBAR].words, ACTIONS[ActionId.TOGGLE_PARAMETERS].words)


class Panes(QWidget):
    """Lays out the panes, and opens and closes the drawers, of which one is open at most.

    QSplitter would need the panes moved out of it to be drawers, and loses their focus with that.
    """

    #: A drawer was opened or closed: a sentence for screen readers.
    told = Signal(str)

    def __init__(
        self, theme: Theme, conversation: QWidget, sides: Sequence[QWidget], home: QWidget
    ) -> None:
        """`sides` are the sidebar and the panel. `home` gets the keyboard focus when the pane that
        has it is hidden."""
        super().__init__()
        self._theme = theme
        self._conversation = conversation
        self._sides = tuple(sides)
        self._home = home
        self._before: QWidget | None = None
        #: Whether the sidebar and the panel are drawers. Before the first layout neither is.
        self._floats = [False, False]
        self._is_laid_out = False
        self._drawer: Side | None = None
        self._wanted = [True, False]
        #: Widths in pixels: chosen by the person, and the one that the panel's contents ask for.
        self._limits = PaneWidths.at(theme.scaled)
        self._widths = list(self._limits.usual)
        self._asked = 0
        self._gripped = 0
        #: The lines between the panes.
        self._lines: list[QRect] = []
        # In the order in which a screen reader tells them.
        for pane in (self._sides[0], conversation, self._sides[1]):
            pane.setParent(self)
        self._scrim = Scrim(self)
        self._scrim.pressed.connect(self.close_drawer)
        self._handles = [self._make_handle(side) for side in Side]
        theme.changed.connect(self.update)

    @property
    def is_narrow(self) -> bool:
        """Whether both the sidebar and the panel are drawers."""
        return all(self._floats)

    def has_drawer(self) -> bool:
        """Return whether a drawer is open."""
        return self._drawer is not None

    def is_shown(self, side: Side) -> bool:
        """Return whether a pane is shown, be it beside the conversation or as a drawer."""
        return self._drawer is side if self._floats[side] else self._wanted[side]

    def toggle(self, side: Side) -> None:
        """Show a pane, or hide it."""
        if self.is_shown(side):
            self.hide_side(side)
        else:
            self.show_side(side)

    def show_side(self, side: Side) -> None:
        """Show a pane. A drawer gets the keyboard focus, and closes the other one."""
        if self.is_shown(side):
            return
        if not self.is_narrow:
            wanted, self._wanted[side] = self._wanted[side], True
            self._arrange()
            if self.is_shown(side):
                return
            self._wanted[side] = wanted
        if self._drawer is None:
            self._before = self.window().focusWidget()
        self._open_drawer(side)
        self._focus_drawer()
        self.told.emit(_("{pane} opened").format(pane=NAMES[side]))

    def hide_side(self, side: Side) -> None:
        """Hide a pane."""
        if self._floats[side]:
            if self._drawer is side:
                self.close_drawer()
            return
        self._wanted[side] = False
        self._arrange()

    def close_drawer(self) -> bool:
        """Close the open drawer, and give the keyboard focus back to the widget that had it before.
        Return whether a drawer was open."""
        side, before = self._drawer, self._before
        if side is None:
            return False
        self._drawer = self._before = None
        _application().focusChanged.disconnect(self._follow_focus)
        if self._has_focus(side):
            (before if before is not None and before.isVisible() else self._home).setFocus()
        self._arrange()
        self.told.emit(_("{pane} closed").format(pane=NAMES[side]))
        return True

    def widen_panel(self, width: int) -> None:
        """Make the panel at least so wide as long as the conversation keeps its smallest width; 0
        gives it back the width that the person has chosen."""
        self._asked = width
        self._arrange()

    def state(self) -> dict[str, Any]:
        """Return the widths of the panes and whether each is wanted in a wide window, as JSON
        values."""
        return {
            "panes": list(self._widths),
            "sidebar": self._wanted[Side.SIDEBAR],
            "panel": self._wanted[Side.PANEL],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` returned the last time; invalid entries are ignored. The panel is
        hidden where nothing is remembered."""
        widths = state.get("panes")
        if isinstance(widths, list) and len(widths) > 1:
            # Earlier versions kept three widths, with that of the conversation between the others.
            for side, width in zip(Side, (widths[0], widths[-1]), strict=True):
                if isinstance(width, int) and self._limits.least[side] <= width < 4000:
                    self._widths[side] = width
        self._wanted = [state.get("sidebar") is not False, state.get("panel") is True]
        self._arrange()

    # Layout.

    def _make_handle(self, side: Side) -> Handle:
        handle = Handle(self, side)
        handle.gripped.connect(self._grip)
        handle.moved.connect(self._drag)
        handle.reset_wanted.connect(self._reset_width)
        return handle

    def _least(self, side: Side) -> int:
        # Only a shown pane is asked, since a hidden one would be laid out for it.
        shown = self.is_shown(side)
        needed = self._sides[side].minimumSizeHint().width() if shown else 0
        return max(self._limits.least[side], needed)

    def _wished(self, side: Side) -> int:
        if not self.is_shown(side):
            return 0
        return max(self._widths[side], self._asked if side is Side.PANEL else 0)

    def _wished_beside(self, side: Side) -> int:
        return 0 if self._floats[side] else self._wished(side)

    def _arrange(self) -> None:
        """Give each pane its place, and show or hide it."""
        if self._is_laid_out:
            self._float()
        for side, widget in zip(Side, self._sides, strict=True):
            shown = self.is_shown(side)
            if not shown and self._has_focus(side):
                # Otherwise Qt moves the focus to whatever comes next.
                self._home.setFocus()
            widget.setVisible(shown)
            self._handles[side].setVisible(shown and not self._floats[side])
        self._scrim.setVisible(self._drawer is not None)
        self._place_beside()
        if self._drawer is not None:
            self._place_drawer(self._drawer)
        self.update()

    def _float(self) -> None:
        """Make drawers of the panes that have no room, and panes of drawers that have room."""
        wanted = self._wanted[Side.SIDEBAR], self._wanted[Side.PANEL]
        is_wide = self.width() >= self._limits.narrow
        # The contents of a pane that nobody wants are not asked: they would be laid out for it.
        needed = [
            self._sides[side].minimumSizeHint().width()
            if is_wide and (self._wanted[side] or self._drawer is side)
            else 0
            for side in Side
        ]
        least = max(self._limits.least[0], needed[0]), max(self._limits.least[1], needed[1])
        self._floats = self._limits.without_room(self.width(), wanted, least, self._asked)
        if self._drawer is not None and not self._floats[self._drawer]:
            self._wanted[self._drawer] = True
            self._drawer = self._before = None
            _application().focusChanged.disconnect(self._follow_focus)

    def _place_drawer(self, side: Side) -> None:
        width, height = self.width(), self.height()
        taken = drawer_width(width, self._wished(side), self._least(side))
        left = 0 if side is Side.SIDEBAR else width - taken
        self._scrim.setGeometry(self.rect())
        self._sides[side].setGeometry(self._mirrored(QRect(left, 0, taken, height)))
        self._scrim.raise_()
        self._sides[side].raise_()

    def _place_beside(self) -> None:
        width, height = self.width(), self.height()
        least = self._least(Side.SIDEBAR), self._least(Side.PANEL)
        wished = self._wished_beside(Side.SIDEBAR), self._wished_beside(Side.PANEL)
        left, right = self._limits.shared(width, wished, least)
        start, end = left + LINE * (left > 0), width - right - LINE * (right > 0)
        for widget, rect in (
            (self._sides[0], QRect(0, 0, left, height)),
            (self._handles[0], QRect(left - GRIP, 0, GRIP, height)),
            (self._conversation, QRect(start, 0, end - start, height)),
            (self._sides[1], QRect(width - right, 0, right, height)),
            (self._handles[1], QRect(width - right, 0, GRIP, height)),
        ):
            # A hidden pane, or a drawer, keeps its width.
            if rect.width():
                widget.setGeometry(self._mirrored(rect))
        for handle in self._handles:
            handle.raise_()
        lines = (QRect(left, 0, start - left, height), QRect(end, 0, width - right - end, height))
        self._lines = [self._mirrored(line) for line in lines]

    def _mirrored(self, rect: QRect) -> QRect:
        """Return the place of a rectangle in a window whose language is written to the left."""
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            rect.moveLeft(self.width() - rect.x() - rect.width())
        return rect

    def _grip(self, side: int) -> None:
        self._gripped = self._sides[side].width()

    def _reset_width(self, side: int) -> None:
        self._choose_width(side, self._limits.usual[side])

    def _drag(self, side: int, distance: int) -> None:
        grows = (side == Side.SIDEBAR) is (self.layoutDirection() is Qt.LayoutDirection.LeftToRight)
        self._choose_width(side, self._gripped + (distance if grows else -distance))

    def _choose_width(self, side: int, width: int) -> None:
        if side == Side.PANEL:
            self._asked = 0
        self._widths[side] = max(self._limits.least[side], width)
        self._arrange()
        # A width that has no room is not kept for a wider window.
        self._widths[side] = max(self._limits.least[side], self._sides[side].width())

    # Drawers.

    def _open_drawer(self, side: Side) -> None:
        if self._drawer is not None:
            _application().focusChanged.disconnect(self._follow_focus)
        self._drawer = side
        self._arrange()
        _application().focusChanged.connect(self._follow_focus)

    def _focus_drawer(self) -> None:
        """Give the keyboard focus to the first control of the drawer."""
        first = self._next_in_drawer(None, forward=True)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _follow_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        """Close the drawer when a key or a program moves the focus to the conversation."""
        if now is not None and self._conversation.isAncestorOf(now):
            self.close_drawer()

    def _has_focus(self, side: Side) -> bool:
        # No widget has the focus at first, which PySide's stubs leave out.
        focused: QWidget | None = self.window().focusWidget()
        return focused is not None and self._sides[side].isAncestorOf(focused)

    def _next_in_drawer(self, start: QWidget | None, *, forward: bool) -> QWidget | None:
        """Return the control of the drawer that follows `start` in the order of the Tab key, or
        precedes it. None stands for the drawer itself, and for no control."""
        if self._drawer is None:
            return None
        drawer = self._sides[self._drawer]
        begin = drawer if start is None else start
        for widget in _chain(begin, forward=forward):
            takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
            reachable = widget.isEnabled() and widget.isVisibleTo(drawer)
            if takes and reachable and drawer.isAncestorOf(widget):
                return widget
        return None

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep the Tab key within an open drawer. Qt asks each parent of the focused widget."""
        if self._drawer is None:
            return super().focusNextPrevChild(forward)
        following = self._next_in_drawer(self.window().focusWidget(), forward=forward)
        if following is not None:
            reason = Qt.FocusReason
            following.setFocus(reason.TabFocusReason if forward else reason.BacktabFocusReason)
        return True

    # Events.

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out the panes. Where there is no more room for the pane in which the person is, it
        stays as a drawer."""
        super().resizeEvent(event)
        focused = [side for side in Side if self.is_shown(side) and self._has_focus(side)]
        self._is_laid_out = True
        self._float()
        for side in focused:
            if self._floats[side] and self._drawer is None:
                self._before = self._home
                self._open_drawer(side)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines between the panes."""
        painter = QPainter(self)
        for line in self._lines:
            painter.fillRect(line, QColor(self._theme.colours.line))
        painter.end()


def _chain(begin: QWidget, *, forward: bool) -> Iterator[QWidget]:
    """The widgets after `begin` in the order of the Tab key, or before it, once round."""
    widget = begin.nextInFocusChain() if forward else begin.previousInFocusChain()
    while widget is not None and widget is not begin:
        yield widget
        widget = widget.nextInFocusChain() if forward else widget.previousInFocusChain()


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)  # noqa: S101 - widgets need one
    return application
