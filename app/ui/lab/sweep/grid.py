"""The grid of a sweep: a table with an answer in each cell, painted as it streams.

A cell has room for a few lines. While an answer grows only its end is laid out; once it is
complete, only its beginning. A frame paints only the visible cells that have changed, each once.
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
from app.ui.lab.sweep.comparison import AnswerDifference, Comparison
from app.ui.lab.sweep.difference import marked_new
from app.ui.lab.sweep.sentences import figures, name_of, share_words, state_words
from app.ui.theme.theme import Theme

#: Size of a cell, its padding, and the height of a line, in pixels at 100 % text.
WIDTH, HEIGHT, PADDING, LINE = 230, 190, 10, 20
#: Characters of an answer that a cell has room for, about.
SHOWN = 700
#: Shortest time between two repaints of growing answers, in milliseconds.
FRAME_MS = 50

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class SweepCells(QAbstractTableModel):
    """Qt table model of a sweep's cells. The repeats of a cell are rows below one another."""

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
        """Return the cell at an index."""
        row, repeat = divmod(index.row(), self._repeats)
        return self._sweep.at(CellPosition(index.column(), row, repeat))

    def index_of(self, place: CellPosition) -> QModelIndex:
        """Return the model index of the cell at a place."""
        return self.index(place.row * self._repeats + place.repeat, place.column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.AccessibleTextRole and index.isValid():
            cell = self.cell(index)
            compared = self._comparison.of(cell)
            return name_of(self._sweep.plan, cell, None if compared is None else compared.share)
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


class SweepGrid(QTableView):
    """Table view of a sweep's cells. Growing answers are repainted at most once every FRAME_MS."""

    #: The set of places that were repainted.
    drawn = Signal(set)

    def __init__(self, sweep: Sweep, theme: Theme, comparison: Comparison) -> None:
        super().__init__()
        self._cells = SweepCells(sweep, comparison)
        self._changed: set[CellPosition] = set()
        self.setModel(self._cells)
        self.setItemDelegate(_CellPainter(self._cells, theme, comparison, self))
        self.setAccessibleName(_("Answers"))
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        # Columns share the width of the window, but stay wide enough to read.
        across = self.horizontalHeader()
        across.setMinimumSectionSize(max(WIDTH, theme.scaled(WIDTH) * 2 // 3))
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setHighlightSections(False)
        self.verticalHeader().setHighlightSections(False)
        self.verticalHeader().setMinimumWidth(theme.scaled(72))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.scaled(HEIGHT))
        self.setTabKeyNavigation(False)
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self.show_changes)
        theme.changed.connect(self.viewport().update)
        comparison.made.connect(self.note)

    def note(self, place: CellPosition) -> None:
        """Queue a changed cell for the next frame."""
        self._changed.add(place)
        if not self._frame.isActive():
            self._frame.start()

    def show_changes(self) -> None:
        """Repaint the queued cells now."""
        changed, self._changed = self._changed, set()
        for place in changed:
            self.update(self._cells.index_of(place))
        self.drawn.emit(changed)

    def current(self) -> LiveCell | None:
        """Return the cell that has the keyboard cursor; None if there is none."""
        index = self.currentIndex()
        return self._cells.cell(index) if index.isValid() else None

    def go_to(self, place: CellPosition) -> None:
        """Move the keyboard cursor to a cell."""
        self.setCurrentIndex(self._cells.index_of(place))


class _CellPainter(QStyledItemDelegate):
    """Item delegate that paints a cell: state or error, text or difference, and figures below."""

    def __init__(
        self, cells: SweepCells, theme: Theme, comparison: Comparison, parent: QTableView
    ) -> None:
        super().__init__(parent)
        self._cells = cells
        self._comparison = comparison
        self._theme = theme
        self._line = theme.scaled(LINE)
        self._option = QTextOption()
        self._option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._theme.scaled(WIDTH), self._theme.scaled(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell, colours = self._cells.cell(index), self._theme.colours
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
        compared = self._comparison.of(cell)
        # The changed share stands above the figures: there is no room beside them.
        above = self._difference_words(cell, compared)
        lines = 2 if above else 1
        footer = QRectF(
            inner.left(), inner.bottom() - lines * self._line, inner.width(), lines * self._line
        )
        words = state_words(cell)
        wrong = cell.state in {CellState.FAILED, CellState.INTERRUPTED}
        body = inner.adjusted(0, 0, 0, -lines * self._line - 4)
        has_text = _part(cell) != ""
        if words and (wrong or not has_text):
            painter.setPen(QColor(colours.warning if wrong else colours.muted))
            height = 3 * self._line if wrong else self._line
            painter.drawText(
                QRectF(body.left(), body.top(), body.width(), height), _shown(words), self._option
            )
            body.setTop(body.top() + height)
        painter.setPen(QColor(colours.text))
        if compared is None:
            painter.drawText(body, _shown(_part(cell)), self._option)
        else:
            self._paint_compared(painter, body, compared)
        painter.fillRect(footer, QColor(colours.selected if chosen else colours.base))
        painter.setPen(QColor(colours.muted))
        facts = figures(cell, short=True)
        if words and has_text and not wrong:
            facts.insert(0, words)
        flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        line = painter.fontMetrics().elidedText(
            " · ".join(facts), Qt.TextElideMode.ElideRight, int(footer.width())
        )
        painter.drawText(footer, flags, line)
        if above:
            painter.setPen(QColor(colours.text))
            painter.drawText(footer, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, above)
        painter.restore()

    def _difference_words(self, cell: LiveCell, compared: AnswerDifference | None) -> str:
        if cell.place == self._comparison.chosen and self._comparison.is_chosen:
            return _("the others are compared with this answer")
        return "" if compared is None else share_words(compared.share)

    def _paint_compared(self, painter: QPainter, room: QRectF, compared: AnswerDifference) -> None:
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


def _part(cell: LiveCell) -> str:
    """Return the part of an answer that is painted: the end while it grows, else the beginning."""
    if cell.reply is None:
        return cell.text[: SHOWN * 2]
    length = cell.reply.text_length
    if length <= SHOWN:
        return cell.reply.text_since(0)
    return "… " + cell.reply.text_since(length - SHOWN).split(" ", 1)[-1]


def _shown(text: str) -> str:
    """Return a text with invisible characters as signs."""
    return mark_invisible(text)
