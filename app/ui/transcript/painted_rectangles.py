"""Rectangles of what a view paints, by name, for checks of overlap and clipping.

Qt knows the rectangles of widgets alone, and the texts and buttons of messages are painted.
"""

from PySide6.QtCore import QPointF, QRect, QRectF

from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.message_item import MessageItem


def painted_rectangles(
    column: MessageColumn, corner: QPointF, height: int, active: frozenset[int]
) -> dict[str, QRect]:
    """Return the rectangles in pixels of the viewport, which is `height` pixels high.

    `corner` is the column's top left corner in the viewport. The messages in `active` show their
    buttons. A name is such as "message 3, strip 2, button Copy"; what scrolls sideways has the
    rectangle of its visible part.
    """
    found: dict[str, QRect] = {}
    clip = QRectF(corner.x(), 0, column.width, height)
    top = round(-corner.y())
    for index, place in column.between(top, top + height):
        item = column.items[index]
        at = QPointF(corner.x(), place + corner.y())
        for name, box in _of_item(item, at, clip, buttons=index in active):
            found[f"message {index}, {name}"] = box.toAlignedRect()
    return found


def _of_item(
    item: MessageItem, at: QPointF, clip: QRectF, *, buttons: bool
) -> list[tuple[str, QRectF]]:
    boxes = [("bubble", bubble)] if (bubble := item.bubble_at(at)) is not None else []
    for number, strip, top in item.strips_in_sight(at.y(), clip, buttons=buttons):
        place = QPointF(at.x() + item.inset, top)
        boxes += (
            (f"strip {number}, {name}", box.translated(place)) for name, box in strip.painted()
        )
    return boxes
