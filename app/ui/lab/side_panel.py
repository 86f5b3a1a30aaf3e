"""The right panel: a row of two tabs, *Parameters* and *Lab*, and the face that is chosen there."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.domain.text.translation import _
from app.ui.common.actions import ActionId
from app.ui.common.keys import with_key

#: Height of the tabs in pixels, and the space around them.
TAB_HEIGHT, MARGIN = 28, 8


class Face(StrEnum):
    """A face of the panel, by its name in the window's state."""

    PARAMETERS = "parameters"
    LAB = "lab"


class FaceTabs(QTabBar):
    """The tabs at the head of the panel. Left and Right change the face, as in any tab bar."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("faces")
        self.setAccessibleName(_("Panel"))
        self.setDrawBase(False)
        self.setExpanding(True)
        self.setUsesScrollButtons(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for words, tip, action in (
            (_("Parameters"), _("Parameters of the next answer"), ActionId.TOGGLE_PARAMETERS),
            (_("Lab"), _("Effect of the parameters on an answer's tokens"), ActionId.WHAT_IF),
        ):
            self.setTabToolTip(self.addTab(words), with_key(tip, action))

    def tabSizeHint(self, index: int) -> QSize:
        hint = super().tabSizeHint(index)
        return QSize(hint.width(), max(TAB_HEIGHT, self.fontMetrics().lineSpacing() + 8))

    def minimumTabSizeHint(self, index: int) -> QSize:
        # Qt's own minimum has room for an ellipsis only.
        return self.tabSizeHint(index)


class LabFace(QScrollArea):
    """Place of the sampler lab. Its content is made when the face is first shown, since the
    arithmetic takes a tenth of a second to load; a low window scrolls it."""

    #: The face is now visible (True) or hidden.
    shown = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown.emit(False)


class SidePanel(QWidget):
    """The tabs and both faces. It remembers the chosen face, and asks for the width of each."""

    #: Least width in pixels that the chosen face needs, 0 for the width that the person has chosen;
    #: the window may have less room.
    width_wanted = Signal(int)

    def __init__(self, parameters: QWidget, state: Mapping[str, Any]) -> None:
        """`state` is the result of `state` from the last time, or an empty dictionary."""
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.lab = LabFace()
        self._faces = {Face.PARAMETERS: parameters, Face.LAB: self.lab}
        self._lab_width = 0
        self._tabs = FaceTabs()
        self._pages = QStackedWidget()
        for face in self._faces.values():
            self._pages.addWidget(face)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, MARGIN, 0, 0)
        layout.setSpacing(MARGIN)
        head = QVBoxLayout()
        head.setContentsMargins(MARGIN + 4, 0, MARGIN + 4, 0)
        head.addWidget(self._tabs)
        layout.addLayout(head)
        layout.addWidget(self._pages, 1)
        if state.get("face") == Face.LAB:
            self._tabs.setCurrentIndex(1)
            self._pages.setCurrentIndex(1)
        self._tabs.currentChanged.connect(self._show_page)

    @property
    def face(self) -> Face:
        """The chosen face."""
        return list(self._faces)[self._pages.currentIndex()]

    def show_face(self, face: Face) -> None:
        """Choose a face."""
        self._tabs.setCurrentIndex(list(self._faces).index(face))

    def put_lab(self, content: QWidget, width: int) -> None:
        """Put in the content of the lab, which needs `width` pixels, once."""
        self._lab_width = width
        self.lab.setWidget(content)
        if self.face is Face.LAB:
            self.width_wanted.emit(width)

    def state(self) -> dict[str, Any]:
        """Return the chosen face as a JSON value, to be restored at the next start."""
        return {"face": self.face.value}

    def _show_page(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        self.width_wanted.emit(self._lab_width if self.face is Face.LAB else 0)
