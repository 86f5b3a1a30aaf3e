"""List view of a token's candidates as bars: raw and resulting probability, and cut lines.

The view paints all rows itself: twenty rows take a delegate twice as long, and cut lines lie
between rows, where no delegate paints.
"""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.domain.text.translation import _
from app.ui.common.actions import ActionId, Scope
from app.ui.common.keys import action_for
from app.ui.lab.what_if.bar_layout import BarRow, CutLine, Picture
from app.ui.lab.what_if.bar_painting import CUT, GAP, MARK, ROW, BarInk
from app.ui.lab.what_if.outcome_words import is_exact, may_stay, rest_words, result_words
from app.ui.theme.theme import Theme
from app.ui.theme.words import tip

Index = QModelIndex | QPersistentModelIndex

#: Rows and cut lines that have room without scrolling.
ROWS, CUTS = 10, 3
#: Heights of the bars of the raw and of the resulting probability, as shares of the row's height.
RAW_SHARE, NOW_SHARE = 0.6, 0.32
NARROWEST_TOKEN = 48


class CandidateRows(QAbstractListModel):
    """Qt list model of the rows of a picture, with their accessible names."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = Picture((), (), 0, 0, 1.0)
        #: Numbers of rows after which there is a cut line.
        self.cuts: frozenset[int] = frozenset()
        #: The reason why no answer can go on with another candidate; empty if one can.
        self.no_way = ""
        #: Heights in pixels of a row, and of the room above a row for cut lines.
        self.row_height, self.cut_height = ROW, CUT

    def show(self, picture: Picture) -> None:
        """Show another picture. With the same number of rows the selection and focus stay."""
        cuts = frozenset(line.after for line in picture.lines)
        if len(picture.rows) == len(self.picture.rows):
            self.picture, self.cuts = picture, cuts
            self.dataChanged.emit(self.index(0), self.index(len(picture.rows) - 1))
            return
        self.beginResetModel()
        self.picture, self.cuts = picture, cuts
        self.endResetModel()

    def tops(self) -> list[int]:
        """Return the y coordinate of the top of each row, below its cut lines, and last that of the
        end of all rows, in pixels."""
        tops, y = [], 0
        for place in range(len(self.picture.rows)):
            y += self.cut_height if place in self.cuts else 0
            tops.append(y)
            y += self.row_height
        tops.append(y + (self.cut_height if len(self.picture.rows) in self.cuts else 0))
        return tops

    def row(self, index: Index) -> BarRow | None:
        """Return the row at an index; None if there is none."""
        rows = self.picture.rows
        return rows[index.row()] if 0 <= index.row() < len(rows) else None

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.picture.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        # The view asks each row for its size at each change: this comes first.
        if role == Qt.ItemDataRole.SizeHintRole:
            place = index.row()
            cuts = (place in self.cuts) + (place + 1 in self.cuts) * (place + 1 == self.rowCount())
            return QSize(100, self.row_height + self.cut_height * cuts)
        row = self.row(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self._way_on(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(f"{row.name}\n{self._way_on(row)}".strip())
        return None

    def _way_on(self, row: BarRow) -> str:
        """Return a sentence about activating a row; empty if it can't be activated."""
        if not row.is_way:
            return ""
        return self.no_way or _(
            "Double-click or press Enter to continue the answer with this token."
        )


class Bars(QListView):
    """List view of the candidates; Enter or a double click activates one.

    A bracket shows the bounds of a result that is not exact, also of a candidate that is only
    likely dropped.
    """

    #: A candidate was activated: its index among the token's alternatives.
    alternative_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = CandidateRows()
        self.setModel(self._model)
        self._take_theme()
        self.setAccessibleName(_("Candidates"))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.viewport().setMouseTracking(True)
        self._column = float(NARROWEST_TOKEN)
        self._told: list[str] = []
        theme.changed.connect(self._take_theme)

    def show_token(self, picture: Picture) -> None:
        """Show another token, scrolled to its likeliest candidate."""
        self._ink.forget()
        self._model.show(picture)
        widest = max((self._ink.width(row.text) for row in picture.rows), default=0.0)
        self._column = max(float(NARROWEST_TOKEN), widest + 2)
        self.setCurrentIndex(self._model.index(0))
        self.scrollToTop()
        self.viewport().update()

    def show_result(self, picture: Picture) -> None:
        """Show the same token under other settings; focus follows its candidate."""
        current = self._model.row(self.currentIndex())
        self._model.show(picture)
        if current is not None:
            self._follow(current)
        self.viewport().update()

    def tell_names(self) -> None:
        """Tell screen readers that the names of the rows have changed: Qt tells them of the current
        row alone. It is a message for each row, so it is not for every move of a slider."""
        names = [row.name for row in self._model.picture.rows]
        if not QAccessible.isActive() or names == self._told:
            return
        self._told = names
        reading = QAccessible.queryAccessibleInterface(self)
        for place in range(len(names)):
            if (row := reading.child(place)) is not None:
                QAccessible.updateAccessibility(
                    QAccessibleEvent(row, QAccessible.Event.NameChanged)
                )

    def show_way(self, reason: str) -> None:
        """Take the reason why no answer can go on with another candidate; empty if one can."""
        self._model.no_way = reason

    def picture(self) -> Picture:
        """Return the picture that is shown."""
        return self._model.picture

    def wanted_width(self) -> int:
        """Return the width in pixels at which bars and tokens have their full length."""
        return self._ink.wanted_width + self.verticalScrollBar().sizeHint().width()

    def width_of(self, text: str) -> float:
        """Return the width of a token's text in pixels, as the widest font of the rows draws it."""
        return self._ink.width(text)

    def columns(self) -> tuple[float, float]:
        """Return the width of the tokens' column and that of the longest bar, in pixels."""
        return self._ink.columns(float(self.viewport().width()), self._column)

    def sizeHint(self) -> QSize:
        return QSize(268, self.minimumHeight())

    # Events of mouse and keyboard.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if action_for(event, Scope.BARS) is ActionId.GO_TO_TOKEN:
            self._want(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._want(self.indexAt(event.position().toPoint()))

    def _want(self, index: Index) -> None:
        row = self._model.row(index)
        if row is not None and row.is_way and row.alternative is not None:
            self.alternative_wanted.emit(row.alternative)

    def _follow(self, before: BarRow) -> None:
        """Move the keyboard cursor to the row of the same candidate: penalties may change ranks."""
        now = self._model.row(self.currentIndex())
        if now is not None and now.alternative == before.alternative and now.text == before.text:
            return
        for place, row in enumerate(self._model.picture.rows):
            if row.alternative == before.alternative and row.text == before.text:
                self.setCurrentIndex(self._model.index(place))
                return

    def _take_theme(self) -> None:
        self._ink = ink = BarInk(self._theme)
        self._model.row_height, self._model.cut_height = ink.row, ink.cut
        self.setMinimumHeight(ink.row * ROWS + ink.cut * CUTS)
        self.viewport().update()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        picture, ink = self._model.picture, self._ink
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), ink.ground)
        moved = self.verticalScrollBar().value()
        width = float(self.viewport().width())
        tops = self._model.tops()
        current = self.currentIndex().row() if self.hasFocus() else -1
        lowest, highest = event.rect().bottom() + moved, event.rect().top() + moved
        for place, row in enumerate(picture.rows):
            if tops[place] > lowest or tops[place] + ink.row < highest:
                continue
            top = float(tops[place] - moved)
            if top + ink.row > self.viewport().height():
                # No half row at the end: it would look like a fault.
                break
            if place == current:
                ink.paint_focus(painter, QRectF(1, top + 1, width - 2, ink.row - 2))
            self._paint_row(painter, row, top, width, picture.scale)
        for place in self._model.cuts:
            if tops[place] - moved > self.viewport().height():
                continue
            lines = [line for line in picture.lines if line.after == place]
            self._paint_cuts(painter, lines, float(tops[place] - moved) - ink.cut / 2, width)

    def _paint_row(
        self, painter: QPainter, row: BarRow, top: float, width: float, scale: float
    ) -> None:
        ink, outcome = self._ink, row.outcome
        dropped = outcome.cut is not None
        if row.chosen:
            ink.paint_mark(painter, QPointF(1, top + ink.row / 2))
        column, full = self.columns()
        left, start = 0.0, ink.rank + GAP + column + GAP
        if row.rank:
            ink.paint_words(
                painter, str(row.rank), MARK, top, ink.rank - MARK, right=True, quiet=True
            )
            left = ink.rank + GAP
        ink.paint_words(
            painter,
            row.text,
            left,
            top,
            start - GAP - left,
            quiet=dropped or not row.rank,
            strong=row.chosen,
        )
        middle = top + ink.row / 2
        raw_height, now_height = round(ink.row * RAW_SHARE), round(ink.row * NOW_SHARE)
        raw = QRectF(start, middle - raw_height / 2, full * outcome.raw / scale, raw_height)
        ink.paint_raw(painter, raw, dropped=dropped)
        if not dropped and row.rank:
            share = full * outcome.probability / scale
            ink.paint_now(painter, QRectF(start, middle - now_height / 2, share, now_height))
        if may_stay(outcome) and not is_exact(outcome):
            low, high = start + full * outcome.low / scale, start + full * outcome.high / scale
            ink.paint_whisker(painter, low, high, middle)
        words = result_words(outcome) if row.rank else rest_words(outcome)
        ink.paint_words(
            painter, words, width - ink.result, top, ink.result, right=True, quiet=dropped
        )

    def _paint_cuts(self, painter: QPainter, lines: list[CutLine], y: float, width: float) -> None:
        """Paint the cuts at one y coordinate as a line, with their names at its right end."""
        right, room = width, width
        for short in (False, True):
            if sum(self._ink.cut_width(line, short=short) for line in lines) <= room:
                break
        for line in reversed(lines):
            taken = self._ink.cut_width(line, short=short)
            self._ink.paint_cut(painter, line, y, right - taken, right, short=short)
            right -= taken
        self._ink.paint_cut_line(painter, y, right)
