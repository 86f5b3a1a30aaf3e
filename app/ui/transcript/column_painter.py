"""Paints the visible messages of a column, with the selection and the matches of a search."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter

from app.ui.transcript.interaction.searching import TranscriptSearch
from app.ui.transcript.interaction.selecting import Selecting
from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Mark, Marks


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Indices of the messages that show their buttons, and of the message that has a bar beside it
    (−1 for none)."""

    active: frozenset[int]
    current: int


class ColumnPainter:
    """Paints the part of a column that is in a rectangle of the viewport.

    `warm` is called with each item before it is painted.
    """

    def __init__(
        self,
        column: MessageColumn,
        selecting: Selecting,
        searching: TranscriptSearch,
        warm: Callable[[MessageItem], None],
    ) -> None:
        self._column = column
        self._selecting = selecting
        self._searching = searching
        self._warm = warm

    def paint(
        self,
        painter: QPainter,
        area: QRect,
        corner: QPointF,
        look: Look,
        emphasis: Emphasis,
    ) -> None:
        """Paint. `corner` is the column's top left corner in the viewport."""
        column, clip = self._column, QRectF(area)
        top, bottom = round(area.top() - corner.y()), round(area.bottom() - corner.y()) + 1
        for index, place in column.between(top, bottom):
            item, y = column.items[index], place + corner.y()
            self._warm(item)
            marks, pattern = self._marks_of(index, item, look), self._searching.pattern
            actions = index in emphasis.active
            item.paint(painter, QPointF(corner.x(), y), clip, marks, pattern, actions=actions)
            if index == emphasis.current:
                x, end = round(corner.x()) - 12, round(y) + column.height_of(index) - 8
                painter.setPen(look.accent)
                painter.drawLine(x, round(y) + 12, x, end)

    def _marks_of(self, index: int, item: MessageItem, look: Look) -> Marks:
        selection = self._selecting.selection
        chosen = selection.within(index, item.stack.length()) if selection else None
        selected = (Mark(*chosen, look.selection),) if chosen else ()
        here = self._searching.range_in(index)
        return (Mark(*here, look.found_here), *selected) if here else selected
