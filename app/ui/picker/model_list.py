"""The picker's list widget. Its keys go from one row that can be chosen to the next."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QListView

from app.domain.text.translation import _
from app.ui.picker.rows import ModelRows

_Cursor = QAbstractItemView.CursorAction
#: The steps of the cursor actions that don't depend on the height of the list.
_STEPS = {
    _Cursor.MoveUp: -1,
    _Cursor.MovePrevious: -1,
    _Cursor.MoveLeft: -1,
    _Cursor.MoveDown: 1,
    _Cursor.MoveNext: 1,
    _Cursor.MoveRight: 1,
}


class ModelList(QListView):
    """List of models in groups, whose headings the keyboard passes over."""

    def __init__(self, rows: ModelRows) -> None:
        super().__init__()
        self._rows = rows
        self.setObjectName("models")
        self.setAccessibleName(_("Models"))
        self.setModel(rows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumSize(240, 160)
        self.setMouseTracking(True)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        current = self.currentIndex()
        far = self._rows.rowCount()
        if action == _Cursor.MoveHome:
            step = -far
        elif action == _Cursor.MoveEnd:
            step = far
        elif action in _STEPS:
            step = _STEPS[action]
        else:
            height = max(1, self.visualRect(current).height())
            page = max(1, self.viewport().height() // height - 1)
            step = -page if action == _Cursor.MovePageUp else page
        row = self._rows.along(current.row(), step)
        if row == self._rows.along(row, -1):
            # The heading above the first row is shown with it.
            self.scrollToTop()
        return self._rows.index(row)
