"""How a row of the sidebar is drawn."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.sidebar.model import ConversationRows, Row
from app.ui.theme.theme import Theme

ROW_HEIGHT = 34
GROUP_HEIGHT = 34
MARGIN = 8


class RowPainter(QStyledItemDelegate):
    """Draws titles on one line, a dot where an answer streams, and over the first of a group its
    name: in the list itself there are conversations and nothing else."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        row = _row(index)
        headed = row is not None and row.group
        return QSize(120, ROW_HEIGHT + GROUP_HEIGHT if headed else ROW_HEIGHT)

    def updateEditorGeometry(  # noqa: N802 (Qt's name)
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().updateEditorGeometry(editor, option, index)
        place: QRect = option.rect
        editor.setGeometry(place.adjusted(MARGIN, place.height() - ROW_HEIGHT, -MARGIN, 0))

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
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.group:
            painter.setFont(self._theme.small_font())
            painter.setPen(QColor(colours.muted))
            above = place.adjusted(MARGIN + 8, 8, -MARGIN, -ROW_HEIGHT)
            painter.drawText(above, Qt.AlignmentFlag.AlignVCenter, row.group)
            place = place.adjusted(0, GROUP_HEIGHT, 0, 0)
        tile = QRectF(place.adjusted(MARGIN, 1, -MARGIN, -1))
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(colours.selected))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(colours.hover))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        focused = state & QStyle.StateFlag.State_HasFocus
        painter.setPen(QColor(colours.accent) if focused else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(tile, 6, 6)
        inner = place.adjusted(MARGIN + 8, 0, -MARGIN - 8, 0)
        if row.answering:
            dot = QRectF(inner.right() - 7, inner.center().y() - 3, 7, 7)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent))
            painter.drawEllipse(dot)
            inner.setRight(inner.right() - 14)
        painter.setFont(option.font)
        painter.setPen(QColor(colours.text))
        title = str(index.data(Qt.ItemDataRole.DisplayRole))
        elided = QFontMetrics(painter.font()).elidedText(
            title, Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, elided)
        painter.restore()


def _row(index: QModelIndex | QPersistentModelIndex) -> Row | None:
    model = index.model()
    return model.at(index) if isinstance(model, ConversationRows) else None
