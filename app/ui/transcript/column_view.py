"""Scroll area that shows a column of messages, apart from what the mouse and the keys do with it.

`MessageColumn` owns layout and scroll position; the scroll bar's value is worked out from it.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from app.domain.chat.reading_place import ReadingPlace
from app.ui.common.measures import COLUMN, MARGIN
from app.ui.transcript.interaction.keyboard import STEP
from app.ui.transcript.interaction.scroll_bar import MarkedScrollBar
from app.ui.transcript.interaction.to_end_button import NewMessages, ToEndButton
from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.message_item import MessageItem


class ColumnView(QAbstractScrollArea):
    """Scroll area with a column of messages, and a button that leads to its end."""

    #: The place at the top of the viewport may be another one now.
    scrolled = Signal()
    #: The visible messages were laid out anew, and are about to be painted.
    refreshed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = MessageColumn()
        self._new = NewMessages()
        self._setting = False
        self._bar = MarkedScrollBar(self)
        self.setVerticalScrollBar(self._bar)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A bar that comes and goes would change the width of what is being read.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self._bar.setSingleStep(STEP)
        self._bar.valueChanged.connect(self._take_scroll)
        self._to_end = ToEndButton(self)
        self._to_end.clicked.connect(self.scroll_to_end)

    # The scroll position.

    def place(self) -> ReadingPlace | None:
        """Return the place at the top of the viewport; None at the end of the conversation."""
        return self._column.place(self._column.items.last_finished())

    def scroll_to_end(self) -> None:
        """Scroll to the end, and follow it as it grows."""
        self._column.to_end()
        self.refresh()

    def scroll_by(self, pixels: int) -> None:
        """Scroll down by `pixels`, up if negative. Up stops following an answer, and down to the
        end begins to follow."""
        self._bar.setValue(self._bar.value() + pixels)
        if pixels < 0:
            self.hold()
        elif self._bar.value() >= self._bar.maximum():
            self._column.following = True
            self.refresh()

    def hold(self) -> None:
        """Stop following the answer under way, because the person reads something."""
        if self._column.is_growing:
            self._column.following = False
            self.refresh()

    def show_offset(self, index: int, place: int) -> None:
        """Scroll so that a point `place` pixels below a message's top is a third down the view."""
        self._column.show_place(index, place)
        self.refresh()

    # Geometry.

    def items(self) -> Sequence[MessageItem]:
        """Return the items of all messages, in order."""
        return self._column.items

    def rectangle_of(self, index: int) -> QRect:
        """Return a message's rectangle in pixels of the viewport, which it may be outside of."""
        top = self._column.top_of(index) - self._bar.value()
        return QRect(self._left(), top, self._column.width, self._column.height_of(index))

    @property
    def to_end_button(self) -> QWidget:
        """The floating button that leads to the end."""
        return self._to_end

    def to_column(self, point: QPoint) -> QPointF:
        """Convert a point of the viewport to a point of the column."""
        return QPointF(point.x() - self._left(), point.y() + self._bar.value())

    def from_column(self, place: QPointF) -> QPoint:
        """Convert a point of the column to a point of the viewport."""
        return QPoint(round(place.x()) + self._left(), round(place.y()) - self._bar.value())

    def lay_out(self, item: MessageItem) -> None:
        """Lay out an item, which may be invisible, and store its height."""
        self._column.remeasure(item)

    def _left(self) -> int:
        # The scroll bar stands in the margin, so that column and composer have the same edges.
        return (self.width() - self._column.width + 1) // 2

    def refresh(self) -> None:
        """Lay out what is visible, update the scroll bar, and repaint everything."""
        self._settle()
        self.refreshed.emit()
        self.viewport().update()

    def _settle(self) -> None:
        """Lay out what is visible, and update the scroll bar."""
        top, bar, column = self._column.settle(), self._bar, self._column
        self._setting = True
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, column.furthest())
        bar.setEnabled(bar.maximum() > 0)
        bar.setValue(top)
        self._setting = False
        self._show_to_end(column.furthest() - top)
        self.scrolled.emit()

    def _show_to_end(self, below: int) -> None:
        """Show the button, if the end is `below` pixels away and that is worth a click."""
        column = self._column
        if column.at_end:
            self._new.clear()
        new = len(self._new)
        worth = new > 0 or column.is_growing or below > column.page() // 2
        self._to_end.show_state(wanted=worth and below > 0 and not column.following, new=new)

    def _take_scroll(self, value: int) -> None:
        if not self._setting:
            self._column.scroll(value)
            self.refresh()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Do nothing, since everything is painted again from the anchor."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - 2 * MARGIN
        self._column.fit(max(120, min(COLUMN, room)), self.viewport().height())
        column = QRect(self._left(), 0, self._column.width, self.height())
        self._to_end.put_above_end(column, self.viewport().geometry())
        self.refresh()
