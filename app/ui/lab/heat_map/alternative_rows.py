"""A list widget of tokens with their probabilities as bars, for alternatives of a token."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.ui.lab.what_if.sentences import percent
from app.ui.theme.theme import Theme
from app.ui.theme.words import tip

#: Height of a row in pixels at 100 % text.
ROW = 24
#: Left edges of the token and the bar, and the width of the percentage, in pixels at 100 % text.
TOKEN, BAR, SHARE = 34, 150, 64

_ROW = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Alternative:
    """A row of an AlternativeRows list: a token and its probability, or the probability of all
    tokens that are not listed."""

    #: The token with invisible characters as signs.
    text: str
    #: Probability, 0 to 1.
    share: float
    #: Accessible text of the row.
    name: str
    #: Whether the answer has this token.
    chosen: bool = False
    #: Index among the alternatives of the position; None if the answer cannot continue with it.
    place: int | None = None
    #: Rank by probability, from 1; None if it is not among the listed alternatives.
    rank: int | None = None
    #: Tooltip.
    help: str = ""
    #: Whether the probability is known; `share` is 0 otherwise.
    known: bool = True


class AlternativeRows(QListWidget):
    """List of alternatives as bars. A row with `place` can be activated to continue the answer with
    its token while `may` returns True; other rows are grey."""

    def __init__(self, theme: Theme, may: Callable[[], bool]) -> None:
        super().__init__()
        #: Height of a row in pixels.
        self.row_height = theme.scaled(ROW)
        self.setItemDelegate(_AlternativePainter(theme, self, may))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always present, so that the rows are drawn for one width.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def show_rows(self, rows: Sequence[Alternative], most: int) -> None:
        """Show these rows; at most `most` are visible at once, the others by scrolling."""
        self.clear()
        for row in rows:
            item = QListWidgetItem(self)
            item.setData(_ROW, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.name)
            item.setData(Qt.ItemDataRole.ToolTipRole, tip(row.help))
            item.setSizeHint(QSize(10, self.row_height))
        self.setFixedHeight(min(len(rows), most) * self.row_height + 4)

    def names(self) -> list[str]:
        """Return the accessible texts of the rows."""
        items = (self.item(place) for place in range(self.count()))
        return [str(item.data(Qt.ItemDataRole.AccessibleTextRole)) for item in items]


def row_of(item: QListWidgetItem) -> Alternative:
    """Return the Alternative that an item of an AlternativeRows list shows."""
    row: Alternative = item.data(_ROW)
    return row


class _AlternativePainter(QStyledItemDelegate):
    """Item delegate that draws a row: rank, token, bar and percentage."""

    def __init__(self, theme: Theme, view: QListWidget, may: Callable[[], bool]) -> None:
        """`may` returns whether rows with `place` can be activated; otherwise they are grey."""
        super().__init__(view)
        self._theme = theme
        self._may = may
        self._token, self._bar = theme.scaled(TOKEN), theme.scaled(BAR)
        self._share = theme.scaled(SHARE)

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
        rank = QRect(box.left() + 4, box.top(), self._token - 12, box.height())
        if row.rank is not None:
            painter.drawText(
                rank, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(row.rank)
            )
        painter.setPen(QColor(colours.text if known else colours.muted))
        flags = Qt.AlignmentFlag
        end = box.right() - self._share
        # In a narrow list the bars keep some of the room.
        bar = min(self._bar, box.width() * 9 // 20)
        words = QRect(box.left() + self._token, box.top(), bar - self._token - 8, box.height())
        elided = painter.fontMetrics().elidedText(
            row.text, Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, flags.AlignLeft | flags.AlignAbsolute | flags.AlignVCenter, elided)
        full = QRectF(box.left() + bar, box.center().y() - 4, end - box.left() - bar, 8)
        painter.fillRect(full, QColor(colours.raw))
        ink = colours.accent if known else colours.control
        painter.fillRect(
            QRectF(full.left(), full.top(), full.width() * min(1.0, row.share), 8), QColor(ink)
        )
        share = QRect(end, box.top(), self._share - 6, box.height())
        figure = percent(row.share) if row.known else "–"
        painter.drawText(share, flags.AlignRight | flags.AlignVCenter, figure)
