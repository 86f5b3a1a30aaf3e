"""The grid of a sweep: a table of answers, each painted as far as it has come.

A cell shows a few lines. So only its end is laid out while it grows, and its beginning when it
is complete; of sixteen that stream at once a frame paints those in sight, once.
"""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.domain.sweep.plan import CellPosition, CellState
from app.domain.text.invisible_characters import mark_invisible
from app.domain.text.translation import _
from app.services.sweep.running_sweep import LiveCell, Sweep
from app.ui.lab.sweep.comparison import Compared, Comparison
from app.ui.lab.sweep.difference import marked_new
from app.ui.lab.sweep.sentences import figures, name_of, share_words, state_words
from app.ui.theme.theme import Theme

WIDTH, HEIGHT, PADDING, LINE = 230, 190, 10, 20
#: Characters that a cell has room for, about.
SHOWN = 700
#: Answers that grow are drawn so often.
FRAME_MS = 50

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class Cells(QAbstractTableModel):
    """The cells by column and row; the repeats of a field stand below one another."""

    def __init__(self, sweep: Sweep, comparison: Comparison) -> None:
        super().__init__()
        self._sweep = sweep
        self._comparison = comparison
        self._columns, self._rows, self._repeats = sweep.plan.shape

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self._rows * self._repeats

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self._columns

    def cell(self, index: Index) -> LiveCell:
        """The cell at an index."""
        row, repeat = divmod(index.row(), self._repeats)
        return self._sweep.at(CellPosition(index.column(), row, repeat))

    def index_of(self, place: CellPosition) -> QModelIndex:
        """Where a cell stands."""
        return self.index(place.row * self._repeats + place.repeat, place.column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.AccessibleTextRole and index.isValid():
            one = self.cell(index)
            compared = self._comparison.of(one)
            return name_of(self._sweep.plan, one, None if compared is None else compared.share)
        return None

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        plan = self._sweep.plan
        if orientation is Qt.Orientation.Horizontal:
            if plan.columns is None:
                return _("Answer")
            return f"{plan.columns.title} {plan.columns.label(section)}"
        row, repeat = divmod(section, self._repeats)
        words = "" if plan.rows is None else f"{plan.rows.title}\n{plan.rows.label(row)}"
        return f"{words}\n#{repeat + 1}".strip() if self._repeats > 1 else words


class Grid(QTableView):
    """Shows the cells; draws what grows at most once a frame."""

    #: The places of what was drawn anew.
    drawn = Signal(set)

    def __init__(self, sweep: Sweep, theme: Theme, comparison: Comparison) -> None:
        super().__init__()
        self._cells = Cells(sweep, comparison)
        self._changed: set[CellPosition] = set()
        self.setModel(self._cells)
        self.setItemDelegate(_Painter(self._cells, theme, comparison, self))
        self.setAccessibleName(_("Answers"))
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        # As wide as there is room for, and never narrower than can be read.
        across = self.horizontalHeader()
        across.setMinimumSectionSize(WIDTH)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setHighlightSections(False)
        self.verticalHeader().setHighlightSections(False)
        self.verticalHeader().setMinimumWidth(72)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(HEIGHT)
        self.setTabKeyNavigation(False)
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self.show_changes)
        theme.changed.connect(self.viewport().update)
        comparison.made.connect(self.note)

    def note(self, place: CellPosition) -> None:
        """A cell has changed; it is drawn with the next frame."""
        self._changed.add(place)
        if not self._frame.isActive():
            self._frame.start()

    def show_changes(self) -> None:
        """Draw now what has changed."""
        changed, self._changed = self._changed, set()
        for place in changed:
            self.update(self._cells.index_of(place))
        self.drawn.emit(changed)

    def current(self) -> LiveCell | None:
        """The cell that the keyboard is on."""
        index = self.currentIndex()
        return self._cells.cell(index) if index.isValid() else None

    def go_to(self, place: CellPosition) -> None:
        """Put the keyboard on a cell."""
        self.setCurrentIndex(self._cells.index_of(place))


class _Painter(QStyledItemDelegate):
    def __init__(
        self, cells: Cells, theme: Theme, comparison: Comparison, parent: QTableView
    ) -> None:
        super().__init__(parent)
        self._cells = cells
        self._comparison = comparison
        self._theme = theme
        self._option = QTextOption()
        self._option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one, colours = self._cells.cell(index), self._theme.colours
        box = QRectF(option.rect)
        painter.save()
        painter.setClipRect(box)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(box, QColor(colours.selected if chosen else colours.base))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(colours.accent))
            painter.drawRect(box.adjusted(1, 1, -2, -2))
        painter.setFont(self._theme.small_font())
        inner = box.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        compared = self._comparison.of(one)
        # What it differs by stands over the other figures: there is no room beside them.
        above = self._difference_words(one, compared)
        lines = 2 if above else 1
        foot = QRectF(inner.left(), inner.bottom() - lines * LINE, inner.width(), lines * LINE)
        words = state_words(one)
        wrong = one.state in {CellState.FAILED, CellState.INTERRUPTED}
        room = inner.adjusted(0, 0, 0, -lines * LINE - 4)
        begun = _part(one) != ""
        if words and (wrong or not begun):
            painter.setPen(QColor(colours.warning if wrong else colours.muted))
            height = 3 * LINE if wrong else LINE
            painter.drawText(
                QRectF(room.left(), room.top(), room.width(), height), _shown(words), self._option
            )
            room.setTop(room.top() + height)
        painter.setPen(QColor(colours.text))
        if compared is None:
            painter.drawText(room, _shown(_part(one)), self._option)
        else:
            self._paint_compared(painter, room, compared)
        painter.fillRect(foot, QColor(colours.selected if chosen else colours.base))
        painter.setPen(QColor(colours.muted))
        facts = figures(one)
        if words and begun and not wrong:
            facts.insert(0, words)
        flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        line = painter.fontMetrics().elidedText(
            " · ".join(facts), Qt.TextElideMode.ElideRight, int(foot.width())
        )
        painter.drawText(foot, flags, line)
        if above:
            painter.setPen(QColor(colours.text))
            painter.drawText(foot, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, above)
        painter.restore()

    def _difference_words(self, one: LiveCell, compared: Compared | None) -> str:
        if one.place == self._comparison.chosen and self._comparison.is_chosen:
            return _("the others are compared with this")
        return "" if compared is None else share_words(compared.share)

    def _paint_compared(self, painter: QPainter, room: QRectF, compared: Compared) -> None:
        text, ranges = marked_new(compared.pieces, self._theme.colours, SHOWN)
        layout = QTextLayout(text, painter.font())
        layout.setTextOption(self._option)
        layout.setFormats(ranges)
        layout.beginLayout()
        down = 0.0
        while down < room.height():
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(room.width())
            line.setPosition(QPointF(0, down))
            down += line.height()
        layout.endLayout()
        layout.draw(painter, room.topLeft())


def _part(one: LiveCell) -> str:
    """The end of what grows, and the beginning of what is complete."""
    if one.reply is None:
        return one.text[: SHOWN * 2]
    length = one.reply.text_length
    if length <= SHOWN:
        return one.reply.text_since(0)
    return "… " + one.reply.text_since(length - SHOWN).split(" ", 1)[-1]


def _shown(text: str) -> str:
    return mark_invisible(text)
