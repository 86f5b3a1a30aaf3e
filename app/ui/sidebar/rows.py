"""The item delegate that draws the rows of the sidebar."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.sidebar.list_view import ConversationListView
from app.ui.sidebar.model import ConversationRow, ConversationRows
from app.ui.theme.fading import paint_fading
from app.ui.theme.theme import Theme

#: Margin at the sides, and the diameter of a mark, in pixels.
MARGIN = 8
MARK = 8


class RowPainter(QStyledItemDelegate):
    """Draws a title on one line, which fades where it is too long, a mark for an answer under way
    or a new one, and above the first row of a group the group's name. Group names are part of a
    row, so that the list contains only conversations."""

    def __init__(self, theme: Theme, view: ConversationListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def updateEditorGeometry(  # noqa: N802 (Qt's name)
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().updateEditorGeometry(editor, option, index)
        place: QRect = option.rect
        editor.setGeometry(
            place.adjusted(MARGIN, place.height() - self._view.row_height, -MARGIN, 0)
        )

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row = _row(index)
        if row is None:
            return
        colours = self._theme.colours
        place: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.group:
            painter.setFont(self._theme.small_font())
            painter.setPen(QColor(colours.muted))
            above = place.adjusted(MARGIN + 8, 8, -MARGIN, -self._view.row_height)
            painter.drawText(above, Qt.AlignmentFlag.AlignVCenter, row.group)
            place = place.adjusted(0, self._view.group_height, 0, 0)
        # The view is asked, not the option's state: loading QStyle's enumerations would delay the
        # first frame by 13 ms.
        selected = index.row() == self._view.selected_row
        if selected or self._is_hovered(index):
            focused = selected and self._view.hasFocus()
            painter.setPen(QColor(colours.accent) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected if selected else colours.hover))
            painter.drawRoundedRect(QRectF(place.adjusted(MARGIN, 1, -MARGIN, -1)), 6, 6)
        inner = place.adjusted(MARGIN + 8, 0, -MARGIN - 8, 0)
        if row.answering or row.unread:
            self._paint_mark(painter, inner, filled=not row.answering)
            inner.setRight(inner.right() - MARK - 8)
        painter.setFont(option.font)
        painter.setPen(QColor(colours.text))
        paint_fading(painter, inner, row.shown_title)
        painter.restore()

    def _paint_mark(self, painter: QPainter, row: QRect, *, filled: bool) -> None:
        """Draw a ring at the end of a row: an answer is under way; a filled one: a new answer."""
        mark = QRectF(row.right() - MARK, row.center().y() - MARK / 2 + 0.5, MARK, MARK)
        accent = QColor(self._theme.colours.accent)
        painter.setPen(QPen(accent, 2))
        painter.setBrush(accent if filled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(mark.adjusted(1, 1, -1, -1))

    def _is_hovered(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        if not self._view.underMouse():
            return False
        place = self._view.viewport().mapFromGlobal(QCursor.pos())
        return self._view.indexAt(place) == index


def _row(index: QModelIndex | QPersistentModelIndex) -> ConversationRow | None:
    """Return the row at an index; None for an index of another model."""
    model = index.model()
    return model.at(index) if isinstance(model, ConversationRows) else None
