"""What could have come instead of a token: its alternatives, in a small window over the words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.texts import _
from app.ui.lab.wording import percent
from app.ui.theme.theme import Theme
from app.ui.theme.words import Words, tip

WIDTH = 340
ROW = 24
#: So many rows are seen at once.
ROWS = 10
#: Where tokens and bars begin, from the left, and how much room the percentages have at the right.
TOKEN, BAR, SHARE = 34, 150, 64

_ROW = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Alternative:
    """A row: the token as it can be seen, its probability from 0 to 1, or of everything else.
    `rank` counts from 1, `help` says more where the mouse rests."""

    text: str
    share: float
    name: str
    chosen: bool = False
    #: Its place among the token's alternatives; None for what can't be gone on with.
    place: int | None = None
    rank: int | None = None
    help: str = ""


class TokenPopover(QFrame):
    """Shown beside a token; a row that is chosen is one to go on with."""

    branch_wanted = Signal(int)
    closed = Signal()
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
        self._list = QListWidget()
        self._list.setAccessibleName(_("What could have come"))
        self._list.setItemDelegate(_Bars(theme, self._list, lambda: self._may))
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # As wide with the bar as without: the rows are drawn for one width.
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
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
        self._list.clear()
        for row in rows:
            item = QListWidgetItem(self._list)
            item.setData(_ROW, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.name)
            item.setData(Qt.ItemDataRole.ToolTipRole, tip(row.help))
            item.setSizeHint(QSize(10, ROW))
        self._foot.setText(reason or _("Click one, or Enter: the answer goes on from there."))
        self._may = not reason
        self._list.setFixedHeight(min(len(rows), ROWS) * ROW + 4)
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
        items = (self._list.item(place) for place in range(self._list.count()))
        return [str(item.data(Qt.ItemDataRole.AccessibleTextRole)) for item in items]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # In another width the words are elsewhere.
        if event.type() is QEvent.Type.Resize and watched is self._over:
            self.hide()
        return super().eventFilter(watched, event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def event(self, event: QEvent) -> bool:
        # Before the window takes Esc for Stop.
        override = event.type() is QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _go_on(self, item: QListWidgetItem) -> None:
        row = item.data(_ROW)
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


class _Bars(QStyledItemDelegate):
    """Draws a row: the token, a bar, the percentage."""

    def __init__(self, theme: Theme, view: QListWidget, may: Callable[[], bool]) -> None:
        """`may` tells whether one can go on with a row; what can't be is grey."""
        super().__init__(view)
        self._theme = theme
        self._may = may

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row, colours = index.data(_ROW), self._theme.colours
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        lively = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver
        if state & lively:
            painter.fillRect(box, QColor(colours.hover))
        font = self._theme.small_font()
        font.setBold(row.chosen)
        painter.setFont(font)
        known = row.chosen or (row.place is not None and self._may())
        if row.chosen:
            painter.fillRect(box.left(), box.top() + 3, 3, box.height() - 6, QColor(colours.accent))
        painter.setPen(QColor(colours.muted))
        rank = QRect(box.left() + 4, box.top(), TOKEN - 12, box.height())
        if row.rank is not None:
            painter.drawText(
                rank, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(row.rank)
            )
        painter.setPen(QColor(colours.text if known else colours.muted))
        flags = Qt.AlignmentFlag
        end = box.right() - SHARE
        words = QRect(box.left() + TOKEN, box.top(), BAR - TOKEN - 8, box.height())
        elided = painter.fontMetrics().elidedText(
            row.text, Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, flags.AlignLeft | flags.AlignAbsolute | flags.AlignVCenter, elided)
        full = QRectF(box.left() + BAR, box.center().y() - 4, end - box.left() - BAR, 8)
        painter.fillRect(full, QColor(colours.raw))
        ink = colours.accent if known else colours.control
        painter.fillRect(
            QRectF(full.left(), full.top(), full.width() * min(1.0, row.share), 8), QColor(ink)
        )
        share = QRect(end, box.top(), SHARE - 6, box.height())
        painter.drawText(share, flags.AlignRight | flags.AlignVCenter, percent(row.share))
