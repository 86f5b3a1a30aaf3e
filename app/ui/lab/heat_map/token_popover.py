"""What could have come instead of a token: its alternatives, in a small window over the words."""

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
from app.ui.theme.words import Words

WIDTH = 340
#: So many rows are seen at once.
ROWS = 10


class TokenPopover(ClosableFrame):
    """Shown beside a token; a row that is chosen is one to go on with."""

    branch_wanted = Signal(int)
    #: The mouse has left it.
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        parent.installEventFilter(self)
        self.setObjectName("popover")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._head = Words()
        self._head.setObjectName("muted")
        self._head.setWordWrap(True)
        self._list = AlternativeRows(theme, lambda: self._may)
        self._list.setAccessibleName(_("What could have come"))
        self._list.itemActivated.connect(self._go_on)
        self._list.itemClicked.connect(self._go_on)
        self._foot = Words()
        self._foot.setObjectName("muted")
        self._foot.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        for widget in (self._head, self._list, self._foot):
            layout.addWidget(widget)
        self.setFixedWidth(WIDTH)
        # Whether one can go on with another one.
        self._may = False
        self.hide()

    def show_token(
        self, head: str, rows: Sequence[Alternative], reason: str, beside: QRect
    ) -> None:
        """Show a token's alternatives beside a rectangle of the parent. `reason` says why one can't
        go on with another one; empty where one can."""
        self._head.setText(head)
        self._foot.setText(reason or _("Click one, or Enter: the answer goes on from there."))
        self._may = not reason
        self._list.show_rows(rows, ROWS)
        self.adjustSize()
        self.move(self._place(beside))
        self.show()
        self.raise_()

    def enter(self) -> None:
        """Give it the keyboard, on the first row."""
        if self.isVisible():
            self._list.setCurrentRow(0)
            self._list.setFocus()

    def has_keyboard(self) -> bool:
        """Whether it was entered."""
        return self.isVisible() and self._list.hasFocus()

    def names(self) -> list[str]:
        """The rows as they are read aloud."""
        return self._list.names()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # In another width the words are elsewhere.
        if event.type() is QEvent.Type.Resize and watched is self._over:
            self.hide()
        return super().eventFilter(watched, event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def _go_on(self, item: QListWidgetItem) -> None:
        row = row_of(item)
        # A double click, or where one click activates, tells it twice; it is hidden by then.
        if self._may and row.place is not None and self.isVisible():
            self.branch_wanted.emit(row.place)

    def _place(self, beside: QRect) -> QPoint:
        parent = self._over
        left = max(4, min(beside.left(), parent.width() - self.width() - 4))
        below = beside.bottom() + 6
        if below + self.height() > parent.height() - 4:
            above = beside.top() - 6 - self.height()
            below = above if above > 4 else max(4, parent.height() - self.height() - 4)
        return QPoint(left, below)
