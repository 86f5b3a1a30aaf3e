"""The place of the what-if bars below the parameters: its header, which folds it away.

What it holds is made when it is opened first: at the program's start there is the header alone.
"""

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from app.domain.text.translation import _
from app.ui.common.actions import ActionId, Scope
from app.ui.common.keys import action_for
from app.ui.theme.icons import icon
from app.ui.theme.words import put_tip

#: How high it is at first, and how much of the column at most; when it begins to scroll.
HEIGHT, SHARE, LEAST = 460, 0.56, 180


class Header(QPushButton):
    """Opens and folds; Left and Right do so too, as in a tree."""

    def __init__(self) -> None:
        super().__init__(_("What if"))
        self.setObjectName("flat")
        self.setCheckable(True)
        self.setIconSize(QSize(14, 14))
        put_tip(self, _("What the parameters do to the tokens of an answer"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (action := action_for(event, Scope.WHAT_IF)) is None:
            super().keyPressEvent(event)
        else:
            self.setChecked(action is ActionId.UNFOLD)


class WhatIf(QWidget):
    """A header, and below it what the sampler lab puts there."""

    #: Whether it was opened or folded.
    toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._inside: tuple[QWidget, ...] = ()
        self._header = Header()
        self._header.toggled.connect(self._show)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 4, 8, 4)
        self._layout.setSpacing(2)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(0, 0, 8, 0)
        self._head.addWidget(self._header, 1)
        self._layout.addLayout(self._head)
        self._show(False)

    @property
    def is_open(self) -> bool:
        """Whether what it holds can be seen."""
        return self._header.isChecked()

    def open(self, *, wanted: bool = True) -> None:
        """Open it, or fold it away."""
        self._header.setChecked(wanted)

    def put_body(self, body: QWidget, corner: QWidget) -> None:
        """Fill it, once; `corner` stands beside its header."""
        # In a low window it scrolls: a squeezed chart is of no use.
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(body)
        self._layout.addWidget(area, 1)
        self._head.addWidget(corner)
        self._inside = (area, corner)
        for widget in self._inside:
            widget.setVisible(self.is_open)

    def folded_height(self) -> int:
        """How high its header is."""
        return self._header.sizeHint().height() + 8

    def _show(self, is_open: bool) -> None:
        self._header.setIcon(icon("down" if is_open else "right"))
        for widget in self._inside:
            widget.setVisible(is_open)
        # Folded, it is as high as its header, and the splitter can't pull it open.
        self.setMinimumHeight(LEAST if is_open else self.folded_height())
        self.setMaximumHeight(16_777_215 if is_open else self.folded_height())
        self.toggled.emit(is_open)


class Column(QSplitter):
    """The right pane: the parameters above, the what-if bars below, a handle between them."""

    #: The bars were opened: there is less room for the parameters now.
    opened = Signal()

    def __init__(self, panel: QWidget, what_if: WhatIf, state: dict[str, Any]) -> None:
        """`state` is what `state` returned when the window was last closed."""
        super().__init__(Qt.Orientation.Vertical)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.addWidget(panel)
        self.addWidget(what_if)
        self.setStretchFactor(0, 1)
        panel.setMinimumHeight(100)
        self._what_if = what_if
        self._shown = False
        height = state.get("height")
        # None until the person has moved the handle.
        self._height = height if isinstance(height, int) and 0 < height < 10_000 else None
        what_if.toggled.connect(self._make_room)
        self.splitterMoved.connect(self._note_height)
        what_if.open(wanted=state.get("open") is True)

    def state(self) -> dict[str, Any]:
        """Whether it is open, and how high: to be restored the next time."""
        kept = {} if self._height is None else {"height": self._height}
        return {"open": self._what_if.is_open, **kept}

    def showEvent(self, event: QShowEvent) -> None:
        # Only now is it known how much room there is.
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            self._make_room(self._what_if.is_open)

    def _make_room(self, is_open: bool) -> None:
        below = self._what_if.folded_height()
        if is_open:
            below = self._height or min(HEIGHT, int(self.height() * SHARE))
        self.setSizes([max(0, self.height() - below), below])
        if is_open and self._shown:
            self.opened.emit()

    def _note_height(self) -> None:
        if self._what_if.is_open:
            self._height = self._what_if.height()
