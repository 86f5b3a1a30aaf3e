"""The picker's list: its Qt item model and the delegate that paints a row."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from app.services.providers.model_catalogue import ListedModel, Pick
from app.ui.picker.wording import line_of
from app.ui.theme.icons import paint_glyph
from app.ui.theme.theme import Theme

#: Sizes in pixels.
ROW_HEIGHT = 52
STAR = 34

Index = QModelIndex | QPersistentModelIndex


class ModelRows(QAbstractListModel):
    """Qt item model with a row for each language model found. The accessible text has its facts."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._listed: Sequence[ListedModel] = ()
        self._marked: set[Pick] = set()

    def show(self, listed: Sequence[ListedModel], marked: set[Pick]) -> None:
        """Replace the models. `marked` are the favourites."""
        self.beginResetModel()
        self._listed, self._marked = listed, marked
        self.endResetModel()

    def at(self, index: Index) -> ListedModel | None:
        """Return the model of a row; None if there is no such row."""
        return self._listed[index.row()] if 0 <= index.row() < len(self._listed) else None

    def is_marked(self, listed: ListedModel) -> bool:
        """Return whether a model is a favourite."""
        return listed.pick in self._marked

    def row_of(self, pick: Pick) -> int:
        """Return the row of a model; −1 if it is not in the list."""
        return next((row for row, listed in enumerate(self._listed) if listed.pick == pick), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._listed)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        listed = self.at(index)
        if listed is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return listed.model.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            star = "★ " if self.is_marked(listed) else ""
            return f"{star}{listed.model.name}, {listed.provider.name}, {line_of(listed.model)}"
        return None


class ModelPainter(QStyledItemDelegate):
    """Paints a row: name and provider in one line, facts below, a star at the end."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def star_of(self, index: QModelIndex) -> QRect:
        """Return the rectangle of a row's star."""
        place = self._view.visualRect(index)
        return QRect(place.right() - STAR - 4, place.top(), STAR, place.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        listed = model.at(index) if isinstance(model, ModelRows) else None
        if listed is None or not isinstance(model, ModelRows):
            return
        colours = self._theme.colours
        place: QRect = option.rect
        selected = index.row() == self._view.currentIndex().row()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected))
            painter.drawRoundedRect(QRectF(place.adjusted(4, 1, -4, -1)), 6, 6)
        inner = place.adjusted(14, 6, -STAR - 8, -6)
        self._paint_words(painter, inner, listed)
        marked = model.is_marked(listed)
        if marked or selected:
            star = QRectF(place.right() - STAR + 4, place.center().y() - 9, 18, 18)
            colour = QColor(colours.accent if marked else colours.muted)
            paint_glyph(painter, "star_full" if marked else "star", star, colour)
        painter.restore()

    def _paint_words(self, painter: QPainter, inner: QRect, listed: ListedModel) -> None:
        colours = self._theme.colours
        small = self._theme.small_font()
        painter.setFont(small)
        metrics = QFontMetrics(small)
        provider = metrics.elidedText(listed.provider.name, Qt.TextElideMode.ElideRight, 160)
        painter.setPen(QColor(colours.muted))
        top = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        painter.drawText(top, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, provider)
        below = top.translated(0, top.height())
        facts = metrics.elidedText(
            line_of(listed.model), Qt.TextElideMode.ElideRight, below.width()
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, facts)
        painter.setFont(self._view.font())
        painter.setPen(QColor(colours.text))
        room = top.width() - metrics.horizontalAdvance(provider) - 12
        name = QFontMetrics(painter.font()).elidedText(
            listed.model.name, Qt.TextElideMode.ElideRight, room
        )
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, name)
