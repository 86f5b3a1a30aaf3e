"""The heat maps of a view, and the token in them that the mouse or the keyboard is on."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QTimer, Signal

from app.domain.chat.conversation import Message, Role
from app.ui.transcript.heat.heat_map import MessageHeatMap
from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.message_item import MessageItem

#: The mouse rests on a token for so long before it is told.
REST_MS = 250
#: The heat maps of so many messages are kept.
MOST = 30


class HeatMapHost(Protocol):
    """The view, as far as heat maps need it."""

    def current(self) -> int: ...

    def to_column(self, point: QPoint) -> QPointF: ...

    def from_column(self, place: QPointF) -> QPoint: ...

    def show_offset(self, index: int, place: int) -> None: ...

    def refresh(self) -> None: ...


class Heating(QObject):
    """Shows heat maps by message; tells which token is looked at, as message id and number."""

    #: The mouse has rested on a token.
    pointed = Signal(str, int)
    #: The mouse is on no token any more.
    left = Signal()
    #: A token was clicked on, or stepped to.
    chosen = Signal(str, int)
    #: A click beside every token: none is looked at any more.
    dropped = Signal()
    #: What could have come instead of a token is to be gone through.
    entered = Signal(str, int)

    def __init__(self, column: MessageColumn, view: HeatMapHost, parent: QObject) -> None:
        super().__init__(parent)
        self._column = column
        self._view = view
        self._source: Callable[[Message], MessageHeatMap | None] | None = None
        self._heats: dict[str, MessageHeatMap | None] = {}
        self._under: tuple[str, int] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._point)

    def show(self, source: Callable[[Message], MessageHeatMap | None] | None) -> None:
        """Take heat maps from here, when a message comes into sight; None shows none. What was
        taken before is taken anew."""
        if source is not None or self._source is not None:
            self._source, self._heats = source, {}
            self.leave()
            self._view.refresh()

    def heat_of(self, message: Message) -> MessageHeatMap | None:
        """The heat map of a message, where it has one and any are shown."""
        if self._source is None or message.role is not Role.ASSISTANT:
            return None
        if message.id not in self._heats:
            if len(self._heats) >= MOST:
                self._heats.clear()
            self._heats[message.id] = self._source(message)
        return self._heats[message.id]

    def warm(self, item: MessageItem) -> None:
        """Give a message that is about to be painted what it shows."""
        item.heat = self.heat_of(item.message)

    def forget(self, message_id: str) -> None:
        """Another heat map belongs to a message now."""
        self._heats.pop(message_id, None)

    def move(self, point: QPoint) -> None:
        """The mouse is at a point of the viewport."""
        if self._source is None:
            return
        under = self.token_at(point)
        if under == self._under:
            return
        self._under = under
        self._rest.start() if under is not None else self._let_go()

    def leave(self) -> None:
        """The mouse is elsewhere."""
        self._under = None
        self._let_go()

    def click(self, point: QPoint) -> None:
        """The mouse was clicked at a point, and selected nothing."""
        if self._source is None:
            return
        if (under := self.token_at(point)) is not None:
            self.choose(*under)
            return
        self._mark("", -1)
        self.dropped.emit()

    def choose(self, message_id: str, token: int) -> None:
        """Look at a token: it is marked, and told."""
        self._mark(message_id, token)
        self.chosen.emit(message_id, token)

    def step(self, steps: int) -> bool:
        """Go so many tokens on in the message that the keyboard is on; False where it has none."""
        index = self._view.current()
        if not 0 <= index < len(self._column.items):
            return False
        message = self._column.items[index].message
        message_id, heat = message.id, self.heat_of(message)
        if heat is None or not heat.places.answer:
            return False
        there = heat.places.answer
        at = there.index(heat.here) + steps if heat.here in there else 0 if steps > 0 else -1
        token = there[max(0, min(at, len(there) - 1)) if at >= 0 or heat.here in there else -1]
        self.show_token(message_id, token)
        self.choose(message_id, token)
        return True

    def enter(self) -> bool:
        """Go through what could have come instead of the token that was stepped to; False where
        none was."""
        index = self._view.current()
        if not 0 <= index < len(self._column.items):
            return False
        message = self._column.items[index].message
        heat = self.heat_of(message)
        if heat is None or heat.here < 0:
            return False
        self.entered.emit(message.id, heat.here)
        return True

    def show_token(self, message_id: str, token: int) -> None:
        """Scroll to a token, if it is out of sight."""
        box = self._box(message_id, token)
        index = self._column.items.place_of(message_id)
        if box is None or index < 0:
            return
        top = self._column.top()
        if not top <= box.top() <= box.bottom() <= top + self._column.page():
            self._view.show_offset(index, round(box.top()) - self._column.top_of(index))

    def in_sight(self) -> list[tuple[Message, int]]:
        """The messages in sight, and how much of each is, in pixels."""
        top = self._column.top()
        bottom = top + self._column.page()
        visible = []
        for index, place in self._column.between(top, bottom):
            after = place + self._column.height_of(index)
            visible.append(
                (self._column.items[index].message, min(bottom, after) - max(top, place))
            )
        return visible

    def rectangle_of(self, message_id: str, token: int) -> QRect | None:
        """Where a token begins, in the viewport; None where it isn't to be seen."""
        box = self._box(message_id, token)
        if box is None:
            return None
        corner = self._view.from_column(box.topLeft())
        return QRect(corner.x(), corner.y(), round(box.width()), round(box.height()))

    def token_at(self, point: QPoint) -> tuple[str, int] | None:
        """The token under a point of the viewport."""
        place = self._view.to_column(point)
        index = self._column.index_at(round(place.y()))
        if index < 0:
            return None
        item = self._column.items[index]
        heat = self.heat_of(item.message)
        if heat is None:
            return None
        inner = QPointF(place.x(), place.y() - self._column.top_of(index))
        hit, strip = item.hit(inner)
        if strip is None or not strip.text:
            return None
        # The offset is that of the gap nearest to the point; the character may be the one before.
        offset = hit.offset
        if item.rectangle_of(offset).left() > inner.x():
            offset -= 1
        if not _is_near(item.rectangle_of(offset), inner):
            return None
        number = item.stack.at_offset(offset)
        block_strips = item.block_strips_at(number)
        if block_strips is None:
            return None
        token = heat.token_at(*block_strips, offset - item.stack.offset_of(number))
        return None if token is None else (item.id, token)

    def _mark(self, message_id: str, token: int) -> None:
        for other, heat in self._heats.items():
            if heat is not None:
                heat.here = token if other == message_id else -1
        self._view.refresh()

    def _point(self) -> None:
        if self._under is not None:
            self.pointed.emit(*self._under)

    def _let_go(self) -> None:
        self._rest.stop()
        self.left.emit()

    def _box(self, message_id: str, token: int) -> QRectF | None:
        """Where a token begins, in the column."""
        index = self._column.items.place_of(message_id)
        if index < 0 or self._source is None:
            return None
        item = self._column.items[index]
        heat = self.heat_of(item.message)
        if heat is None:
            return None
        item.lay_out(self._column.width)
        # A token may begin in one block and be seen in the next; or be seen nowhere.
        for near in (False, True):
            for number in item.block_starts:
                block_strips = item.block_strips_at(number)
                if (
                    block_strips is None
                    or block_strips[1]
                    or not heat.holds(block_strips[0], token)
                ):
                    continue
                if at := heat.rendered(block_strips[0], token, near=near):
                    offset = item.stack.offset_of(number + at[0]) + at[1]
                    return item.rectangle_of(offset).translated(0, self._column.top_of(index))
        return None


def _is_near(box: QRectF, point: QPointF) -> bool:
    return box.top() <= point.y() <= box.bottom() and abs(point.x() - box.left()) < 40
