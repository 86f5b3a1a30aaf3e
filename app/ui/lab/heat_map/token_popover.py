"""The popover over a token of an answer that lists the token's alternatives."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QObject,
    QPoint,
    QRect,
    Signal,
)
from PySide6.QtWidgets import (
    QFrame,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.text.translation import _
from app.ui.common.closable_frame import ClosableFrame
from app.ui.lab.heat_map.alternative_rows import Alternative, AlternativeRows, row_of
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel

#: Width of the popover, and the height of its texts above and below the rows, in pixels at 100 %
#: text.
WIDTH, TEXTS = 340, 110
#: Most and fewest rows that are visible at once.
ROWS, FEWEST = 10, 3


class TokenPopover(ClosableFrame):
    """Small frame beside a token. Activating a row asks for a branch with that alternative."""

    #: An alternative was activated: its index among the alternatives of the token.
    branch_wanted = Signal(int)
    #: The mouse has left the popover.
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        parent.installEventFilter(self)
        self.setObjectName("popover")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._head = PlainLabel()
        self._head.setObjectName("muted")
        self._head.setWordWrap(True)
        self._list = AlternativeRows(theme, lambda: self._may)
        self._list.setAccessibleName(_("Alternatives"))
        self._list.itemActivated.connect(self._go_on)
        self._list.itemClicked.connect(self._go_on)
        self._foot = PlainLabel()
        self._foot.setObjectName("muted")
        self._foot.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        for widget in (self._head, self._list, self._foot):
            layout.addWidget(widget)
        self._width, self._texts = theme.scaled(WIDTH), theme.scaled(TEXTS)
        # Whether rows can be activated.
        self._may = False
        self.hide()

    def show_token(
        self, head: str, rows: Sequence[Alternative], reason: str, beside: QRect
    ) -> None:
        """Show a token's alternatives beside the rectangle `beside`, in coordinates of the parent.
        `head` describes the token; `reason` says why no branch can begin here, empty if one can."""
        self._head.setText(head)
        self._foot.setText(
            reason or _("Click a token, or press Enter, to continue the answer with it.")
        )
        self._may = not reason
        self.setFixedWidth(max(1, min(self._width, self._over.width() - 8)))
        # As many rows as fit above or below the token.
        room = max(beside.top(), self._over.height() - beside.bottom()) - self._texts
        self._list.show_rows(rows, max(FEWEST, min(ROWS, room // self._list.row_height)))
        self.adjustSize()
        self.move(self._place(beside))
        self.show()
        self.raise_()

    def enter(self) -> None:
        """Focus the first row."""
        if self.isVisible():
            self._list.setCurrentRow(0)
            self._list.setFocus()

    def has_keyboard(self) -> bool:
        """Return whether the list has keyboard focus."""
        return self.isVisible() and self._list.hasFocus()

    def names(self) -> list[str]:
        """Return the accessible texts of the rows."""
        return self._list.names()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A new width wraps the text elsewhere.
        if event.type() is QEvent.Type.Resize and watched is self._over:
            self.hide()
        return super().eventFilter(watched, event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def _go_on(self, item: QListWidgetItem) -> None:
        row = row_of(item)
        # A double click activates twice, and so does one click where one click activates; the
        # popover is hidden by the second time.
        if self._may and row.place is not None and self.isVisible():
            self.branch_wanted.emit(row.place)

    def _place(self, beside: QRect) -> QPoint:
        """Return the position below `beside`, or above it if there is no room below, within the
        parent."""
        parent = self._over
        left = max(4, min(beside.left(), parent.width() - self.width() - 4))
        below = beside.bottom() + 6
        if below + self.height() > parent.height() - 4:
            above = beside.top() - 6 - self.height()
            below = above if above > 4 else max(4, parent.height() - self.height() - 4)
        return QPoint(left, below)
