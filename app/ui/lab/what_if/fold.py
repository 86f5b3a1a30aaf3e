"""The fold below the parameters that holds the what-if bars, and its header.

The content is made when the fold is first opened; at the program's start there is only the header.
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

#: Height of the open fold in pixels at first, its greatest share of the column, and the height
#: below which its content scrolls.
HEIGHT, SHARE, LEAST = 460, 0.56, 180


class Header(QPushButton):
    """Button that opens and closes the fold; Right and Left do so too, as in a tree."""

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
    """The fold: a header, and below it the content of the sampler lab."""

    #: The fold was opened (True) or closed.
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
        """Whether the fold is open."""
        return self._header.isChecked()

    def open(self, *, wanted: bool = True) -> None:
        """Open the fold, or close it."""
        self._header.setChecked(wanted)

    def put_body(self, body: QWidget, corner: QWidget) -> None:
        """Put in the content, once; `corner` stands beside the header."""
        # In a low window the content scrolls, since a squeezed chart can't be read.
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
        """Return the height of the closed fold in pixels."""
        return self._header.sizeHint().height() + 8

    def _show(self, is_open: bool) -> None:
        self._header.setIcon(icon("down" if is_open else "right"))
        for widget in self._inside:
            widget.setVisible(is_open)
        # A closed fold is as high as its header, and the splitter can't pull it open.
        self.setMinimumHeight(LEAST if is_open else self.folded_height())
        self.setMaximumHeight(16_777_215 if is_open else self.folded_height())
        self.toggled.emit(is_open)


class FoldColumn(QSplitter):
    """Splitter of the right pane: the parameters above, the what-if bars below."""

    #: The fold was opened, so that the parameters have less room.
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
        """Return whether the fold is open, and its height if the person has set it, to be restored
        at the next start."""
        kept = {} if self._height is None else {"height": self._height}
        return {"open": self._what_if.is_open, **kept}

    def showEvent(self, event: QShowEvent) -> None:
        # The height of the splitter is not known earlier.
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
