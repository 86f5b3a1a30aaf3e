"""Accessible text of one message: screen readers read, select and scroll to its characters."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessibleTextInterface

from app.ui.transcript.interaction.selecting import Position
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.painting.utf16_offsets import Utf16Offsets
from app.ui.transcript.view import TranscriptView


class AccessibleText(QAccessibleTextInterface):
    """Text interface of one message.

    Offsets in its methods are in UTF-16 units, as Qt has them (an emoji counts as two). If the
    message is no longer shown, offsets are −1 and rectangles are null.
    """

    def __init__(self, view: TranscriptView, item: MessageItem) -> None:
        super().__init__()
        self._view = view
        self._item = item

    def stand_for(self, item: MessageItem) -> None:
        """Be the text of another message."""
        self._item = item

    def characterCount(self) -> int:
        return self._units().to_qt(self._item.stack.length())

    def text(self, start: int, end: int) -> str:
        units = self._units()
        return self._item.text(units.from_qt(start), units.from_qt(end if end >= 0 else 2**31 - 1))

    def cursorPosition(self) -> int:
        selection = self._view.selecting.selection
        if selection is None or selection.head.message != self._index():
            return -1
        return self._units().to_qt(selection.head.offset)

    def setCursorPosition(self, position: int) -> None:
        if (index := self._index()) >= 0:
            place = Position(index, self._units().from_qt(position))
            self._view.selecting.begin(place)
            self._view.show_place(place)

    def selectionCount(self) -> int:
        # PySide can't return the bounds of a selection. The cursor position is the selection's
        # head.
        return 0

    def addSelection(self, start: int, end: int) -> None:
        if (index := self._index()) >= 0:
            units, selecting = self._units(), self._view.selecting
            selecting.begin(Position(index, units.from_qt(start)))
            selecting.extend(Position(index, units.from_qt(end)))

    def setSelection(self, number: int, start: int, end: int) -> None:
        self.addSelection(start, end)

    def removeSelection(self, number: int) -> None:
        if self._selected() is not None:
            self._view.selecting.clear()

    def characterRect(self, offset: int) -> QRect:
        index = self._index()
        if index < 0:
            return QRect()
        place = self._item.rectangle_of(self._units().from_qt(offset)).toRect()
        corner = self._view.rectangle_of(index).topLeft()
        return QRect(self._view.viewport().mapToGlobal(corner + place.topLeft()), place.size())

    def offsetAtPoint(self, point: QPoint) -> int:
        place = self._view.place_at(self._view.viewport().mapFromGlobal(point))
        if place.position is None or place.message != self._index():
            return -1
        return self._units().to_qt(place.position.offset)

    def scrollToSubstring(self, start: int, end: int) -> None:
        if (index := self._index()) >= 0:
            self._view.show_place(Position(index, self._units().from_qt(start)))

    def _index(self) -> int:
        return self._view.items().index(self._item) if self._item in self._view.items() else -1

    def _selected(self) -> tuple[int, int] | None:
        selection, index = self._view.selecting.selection, self._index()
        return selection.within(index, self._item.stack.length()) if selection else None

    def _units(self) -> Utf16Offsets:
        self._view.lay_out(self._item)
        return Utf16Offsets(self._item.text())
