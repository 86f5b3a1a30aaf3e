"""The delegate that paints the rows of the picker's list."""

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.picker.rows import Heading, Index, KeyRow, ModelRow, ModelRows, Note, Row, TypedRow
from app.ui.theme.fading import paint_fading
from app.ui.theme.icons import paint_glyph
from app.ui.theme.theme import Theme

#: Sizes in pixels: the column of the mark of the model in use, the star's column, the side of an
#: icon, and the space above and below the words of a row.
MARK, STAR, GLYPH, PADDING = 28, 36, 16, 6
#: Least height of a row that can be chosen.
LEAST_ROW = 36


class RowPainter(QStyledItemDelegate):
    """Paints a model as two lines, its name and its facts, with a star at the end; a heading, a
    note and an offer as one line."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._sizes: dict[type, QSize] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        row = model.row_at(index) if isinstance(model, ModelRows) else None
        kind = type(row)
        # Qt asks for each of a thousand rows at each key, and fonts are slow to measure.
        if kind not in self._sizes:
            self._sizes[kind] = QSize(200, self._height_of(row))
        return self._sizes[kind]

    def _height_of(self, row: Row | None) -> int:
        name = QFontMetrics(self._theme.body_font()).height()
        small = QFontMetrics(self._theme.small_font()).height()
        match row:
            case Heading():
                height = small + 16
            case Note():
                height = small + 2 * PADDING
            case ModelRow():
                height = name + small + 2 * PADDING
            case _:
                height = max(name + 2 * PADDING, LEAST_ROW)
        return height + -height % 4

    def star_of(self, index: QModelIndex) -> QRect:
        """Return the rectangle of a row's star."""
        place = self._view.visualRect(index)
        return QRect(place.right() - STAR - 4, place.top(), STAR, place.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        row = model.row_at(index) if isinstance(model, ModelRows) else None
        if row is None or not isinstance(model, ModelRows):
            return
        place: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Heading | Note):
            self._paint_quiet(painter, place, row)
        else:
            selected = index.row() == self._view.currentIndex().row()
            if selected:
                self._paint_ground(painter, place)
            if isinstance(row, ModelRow):
                self._paint_model(painter, place, row, model, selected=selected)
            else:
                self._paint_offer(painter, place, row)
        painter.restore()

    def _paint_ground(self, painter: QPainter, place: QRect) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colours.selected))
        painter.drawRoundedRect(QRectF(place.adjusted(4, 1, -4, -1)), 6, 6)

    def _paint_quiet(self, painter: QPainter, place: QRect, row: Heading | Note) -> None:
        font = self._theme.small_font()
        heading = isinstance(row, Heading)
        if heading:
            font.setWeight(QFont.Weight.DemiBold)
        inner = place.adjusted(12 if heading else MARK, 8 if heading else 0, -12, 0)
        self._draw(painter, inner, row.words, font, self._theme.colours.muted)

    def _paint_offer(self, painter: QPainter, place: QRect, row: KeyRow | TypedRow) -> None:
        colours = self._theme.colours
        inner = place.adjusted(MARK + 4, 0, -12, 0)
        if isinstance(row, KeyRow):
            self._paint_glyph(painter, place, "key")
            self._draw(painter, inner, row.words, self._theme.body_font(), colours.text)
            return
        small = self._theme.small_font()
        name = row.provider.name
        wide = min(QFontMetrics(small).horizontalAdvance(name) + 4, inner.width() // 2)
        self._draw(
            painter,
            inner.adjusted(0, 0, -wide - 8, 0),
            row.words,
            self._theme.body_font(),
            colours.text,
        )
        at_end = QRect(inner.right() - wide, inner.top(), wide, inner.height())
        self._draw(painter, at_end, name, small, colours.muted)

    def _paint_model(
        self, painter: QPainter, place: QRect, row: ModelRow, model: ModelRows, *, selected: bool
    ) -> None:
        colours, small = self._theme.colours, self._theme.small_font()
        if model.is_current(row.listed):
            self._paint_glyph(painter, place, "check")
        inner = place.adjusted(MARK + 4, PADDING, -STAR - 8, -PADDING)
        line = row.line
        name = QRect(inner)
        if line:
            name.setHeight(QFontMetrics(self._theme.body_font()).height())
            below = QRect(inner)
            below.setTop(name.bottom() + 1)
            self._draw(painter, below, line, small, colours.muted)
        self._draw(painter, name, row.listed.model.name, self._theme.body_font(), colours.text)
        marked = model.is_marked(row.listed)
        if marked or selected:
            side = min(STAR - 8.0, self._theme.scaled(18))
            star = QRectF(place.right() - STAR + 4, place.top(), side, place.height())
            colour = QColor(colours.accent if marked else colours.muted)
            paint_glyph(painter, "star_full" if marked else "star", star, colour)

    def _paint_glyph(self, painter: QPainter, place: QRect, name: str) -> None:
        top = place.center().y() - GLYPH / 2 + 0.5
        box = QRectF(place.left() + 12, top, GLYPH, GLYPH)
        paint_glyph(painter, name, box, QColor(self._theme.colours.accent))

    def _draw(self, painter: QPainter, place: QRect, words: str, font: QFont, colour: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        paint_fading(painter, place, words)
