"""The list view of the sidebar, whose rows have known heights and need no layout."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.sidebar.model import ConversationRows, Index
from app.ui.theme.theme import Theme

#: Heights of a row and of a group name above it, in pixels at a text size of 100 %.
ROW_HEIGHT = 36
GROUP_HEIGHT = 32

Action = QAbstractItemView.CursorAction
#: Rows that the arrow keys move by. The others depend on the size of the view and of the list.
_STEPS = {
    Action.MoveUp: -1,
    Action.MovePrevious: -1,
    Action.MoveDown: 1,
    Action.MoveNext: 1,
    Action.MoveLeft: 0,
    Action.MoveRight: 0,
}


class ConversationListView(QListView):
    """Shows the rows of `ConversationRows`.

    QListView asks the model for the height of every row after each change, which takes 0.2 s for
    20,000 rows. Here positions are computed from the number of rows and of group names, so that
    nothing depends on the length of the list but the scroll bar. The list keeps its scroll
    position while rows come and go above, except at its top.
    """

    def __init__(self, rows: ConversationRows, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # A viewport that Python made: for one of Qt's own, PySide looks through all classes of
        # widgets for the most specific, which takes 20 ms.
        self.setViewport(QWidget())
        #: Heights of a row and of a group name above it, in pixels.
        self.row_height = theme.scaled(ROW_HEIGHT)
        self.group_height = theme.scaled(GROUP_HEIGHT)
        self._rows = rows
        #: The row that is painted as selected, -1 for none.
        self.selected_row = -1
        #: The first visible row, and the pixels of it that are scrolled out.
        self._top = (0, 0)
        self._top_id = ""
        self.setModel(rows)
        rows.rowsInserted.connect(self._follow_insertion)
        rows.rowsRemoved.connect(self._follow_removal)
        rows.rowsMoved.connect(self._follow_move)
        rows.modelAboutToBeReset.connect(self._remember_top)
        rows.modelReset.connect(self._follow_reset)

    # Geometry, in pixels from the top of the list.

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid():
            return QRect()
        top = self._y_of(index.row()) - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), self._height_of(index.row()))

    def indexAt(self, place: QPoint) -> QModelIndex:
        y = place.y() + self.verticalScrollBar().value()
        if not 0 <= y < self._y_of(self._rows.rowCount()):
            return QModelIndex()
        return self._rows.index(self._row_at(y))

    def _y_of(self, row: int) -> int:
        return (
            row * self.row_height + bisect_left(self._rows.group_starts(), row) * self.group_height
        )

    def _height_of(self, row: int) -> int:
        return self._y_of(row + 1) - self._y_of(row)

    def _row_at(self, y: int) -> int:
        """Return the row at a position within the list."""
        starts = self._rows.group_starts()
        tops = [start * self.row_height + n * self.group_height for n, start in enumerate(starts)]
        group = max(0, bisect_right(tops, y) - 1)
        return starts[group] + max(0, y - tops[group] - self.group_height) // self.row_height

    # Scrolling.

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if not index.isValid():
            return
        self.executeDelayedItemsLayout()
        bar, top = self.verticalScrollBar(), self._y_of(index.row())
        room = self.viewport().height() - self._height_of(index.row())
        if hint == QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(top)
        elif hint == QAbstractItemView.ScrollHint.PositionAtBottom:
            bar.setValue(top - room)
        elif hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(top - room // 2)
        elif top < bar.value() or room < 0:
            bar.setValue(top)
        else:
            bar.setValue(max(bar.value(), top - room))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._remember_place()

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def doItemsLayout(self) -> None:
        # Not QListView's, which measures every row.
        QAbstractItemView.doItemsLayout(self)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        # Not QListView's, which lays everything out and paints it anew.
        QAbstractItemView.dataChanged(self, first, last, roles)

    def updateGeometries(self) -> None:
        top, height = self._top, self.viewport().height()
        bar = self.verticalScrollBar()
        at_top = bar.value() == 0
        bar.setSingleStep(self.row_height)
        bar.setPageStep(height)
        bar.setRange(0, max(0, self._y_of(self._rows.rowCount()) - height))
        if not at_top:
            bar.setValue(self._y_of(top[0]) + top[1])
        QAbstractItemView.updateGeometries(self)
        self._remember_place()

    def _remember_place(self) -> None:
        value = self.verticalScrollBar().value()
        row = self._row_at(value) if self._rows.rowCount() else 0
        self._top = (row, value - self._y_of(row))

    def _shift_top(self, by: int) -> None:
        self._top = (self._top[0] + by, self._top[1])

    def _follow_insertion(self, _parent: QModelIndex, first: int, last: int) -> None:
        if first <= self._top[0]:
            self._shift_top(last - first + 1)

    def _follow_removal(self, _parent: QModelIndex, first: int, last: int) -> None:
        if first < self._top[0]:
            self._shift_top(first - last - 1)

    def _follow_move(
        self, _from: QModelIndex, first: int, last: int, _to: QModelIndex, target: int
    ) -> None:
        # The row that follows stays in place if the first visible row itself moves away.
        count = last - first + 1
        self._follow_removal(_from, first, last)
        place = target if target < first else target - count
        self._follow_insertion(_to, place, place + count - 1)

    def _remember_top(self) -> None:
        row = self._rows.at(self._rows.index(self._top[0]))
        self._top_id = "" if row is None else row.id

    def _follow_reset(self) -> None:
        index = self._rows.row_of(self._top_id)
        if index.isValid():
            self._top = (index.row(), self._top[1])
        self.scheduleDelayedItemsLayout()

    # The keyboard and the mouse.

    def moveCursor(self, action: Action, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        last, current = self._rows.rowCount() - 1, self.currentIndex()
        if action == Action.MoveHome or (not current.isValid() and action != Action.MoveEnd):
            return self._rows.index(0)
        if action == Action.MoveEnd:
            return self._rows.index(last)
        steps = _STEPS.get(action)
        if steps is None:
            page = max(1, self.viewport().height() // self.row_height - 1)
            steps = -page if action == Action.MovePageUp else page
        return self._rows.index(min(max(0, current.row() + steps), last))

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        index = self.indexAt(rect.topLeft())
        selection = QItemSelection(index, index) if index.isValid() else QItemSelection()
        self.selectionModel().select(selection, command)

    def keyboardSearch(self, text: str) -> None:
        """Do nothing: letters go to the message field. Qt's search would read every row."""

    def paintEvent(self, event: QPaintEvent) -> None:
        # Asked once a frame, since Qt asks the model for the flags of each selected row.
        selected = self.selectionModel().selectedIndexes()
        self.selected_row = selected[0].row() if selected else -1
        index = self.indexAt(QPoint(0, max(0, event.rect().top())))
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        painter, delegate = QPainter(self.viewport()), self.itemDelegate()
        rect, starts = self.visualRect(index), self._rows.group_starts()
        for row in range(index.row(), self._rows.rowCount() if index.isValid() else 0):
            if rect.top() > event.rect().bottom():
                break
            rect.setHeight(
                self.row_height + self.group_height if row in starts else self.row_height
            )
            option.rect = rect
            delegate.paint(painter, option, self._rows.index(row))
            rect.moveTop(rect.bottom() + 1)
        painter.end()
