"""Heat maps of a view, and pointing at tokens in them with the mouse or the keyboard."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QTimer, Signal

from app.domain.chat.conversation import Message, Role
from app.ui.transcript.heat.heat_map import MessageHeatMap
from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.message_item import MessageItem

#: Time in milliseconds that the mouse has to rest on a token before `pointed` is emitted.
REST_MS = 250
#: Largest number of heat maps in the cache.
MOST = 30


class HeatMapHost(Protocol):
    """The part of the transcript view that heat maps use."""

    def current(self) -> int: ...

    def to_column(self, point: QPoint) -> QPointF: ...

    def from_column(self, place: QPointF) -> QPoint: ...

    def show_offset(self, index: int, place: int) -> None: ...

    def refresh(self) -> None: ...


class Heating(QObject):
    """Shows heat maps, and announces the token that the person points at.

    A token is identified by its message's id and its number in the answer.
    """

    #: The mouse has rested on a token (message id, token number).
    pointed = Signal(str, int)
    #: The mouse has left the token.
    left = Signal()
    #: A token was clicked on, or stepped to with the keyboard (message id, token number).
    chosen = Signal(str, int)
    #: A click beside all tokens removed the choice.
    dropped = Signal()
    #: The keyboard asks to go through a token's alternatives (message id, token number).
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
        """Show the heat maps that `source` returns for messages, or none if it is None.

        `source` is called when a message becomes visible. The cache is emptied.
        """
        if source is not None or self._source is not None:
            self._source, self._heats = source, {}
            self.leave()
            self._view.refresh()

    def heat_of(self, message: Message) -> MessageHeatMap | None:
        """Return a message's heat map; None if it has none, or none are shown."""
        if self._source is None or message.role is not Role.ASSISTANT:
            return None
        if message.id not in self._heats:
            if len(self._heats) >= MOST:
                self._heats.clear()
            self._heats[message.id] = self._source(message)
        return self._heats[message.id]

    def warm(self, item: MessageItem) -> None:
        """Set the heat map of a message's item, which is about to be painted."""
        item.heat = self.heat_of(item.message)

    def forget(self, message_id: str) -> None:
        """Remove a message's heat map from the cache, because it has another one now."""
        self._heats.pop(message_id, None)

    def move(self, point: QPoint) -> None:
        """Handle a move of the mouse to a point of the viewport.

        On another token than before, the rest time (REST_MS) begins, after which `pointed` is
        emitted; beside all tokens, `left` is. Does nothing while no heat map is shown.
        """
        if self._source is None:
            return
        under = self.token_at(point)
        if under == self._under:
            return
        self._under = under
        self._rest.start() if under is not None else self._let_go()

    def leave(self) -> None:
        """Handle that the mouse left the viewport: emit `left`, and no `pointed` any more."""
        self._under = None
        self._let_go()

    def click(self, point: QPoint) -> None:
        """Choose the token at a point of the viewport that was clicked on.

        If there is none, the token chosen before loses its mark and `dropped` is emitted. Does
        nothing while no heat map is shown.
        """
        if self._source is None:
            return
        if (under := self.token_at(point)) is not None:
            self.choose(*under)
            return
        self._mark("", -1)
        self.dropped.emit()

    def choose(self, message_id: str, token: int) -> None:
        """Choose a token: mark it, and emit `chosen`."""
        self._mark(message_id, token)
        self.chosen.emit(message_id, token)

    def step(self, steps: int) -> bool:
        """Choose the token that is `steps` after the chosen one (before if negative); scroll to it.

        The message is the one that the keyboard acts on. Without a chosen token, its first or last
        is chosen. Returns False if there is no such message, or it has no heat map.
        """
        index = self._view.current()
        if not 0 <= index < len(self._column.items):
            return False
        message = self._column.items[index].message
        message_id, heat = message.id, self.heat_of(message)
        if heat is None or not heat.places.answer:
            return False
        tokens, chosen = heat.places.answer, heat.chosen_token
        if chosen in tokens:
            number = max(0, min(tokens.index(chosen) + steps, len(tokens) - 1))
        else:
            number = 0 if steps > 0 else -1
        token = tokens[number]
        self.show_token(message_id, token)
        self.choose(message_id, token)
        return True

    def enter(self) -> bool:
        """Emit `entered` for the chosen token of the message that the keyboard acts on; return
        False if no token in it is chosen."""
        index = self._view.current()
        if not 0 <= index < len(self._column.items):
            return False
        message = self._column.items[index].message
        heat = self.heat_of(message)
        if heat is None or heat.chosen_token < 0:
            return False
        self.entered.emit(message.id, heat.chosen_token)
        return True

    def show_token(self, message_id: str, token: int) -> None:
        """Scroll to a token if it isn't visible."""
        box = self._box(message_id, token)
        index = self._column.items.place_of(message_id)
        if box is None or index < 0:
            return
        top = self._column.top()
        if not top <= box.top() <= box.bottom() <= top + self._column.page():
            self._view.show_offset(index, round(box.top()) - self._column.top_of(index))

    def in_sight(self) -> list[tuple[Message, int]]:
        """Return the visible messages, each with its visible height in pixels."""
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
        """Return the rectangle of a token's first character, in pixels of the viewport.

        None if the token isn't displayed. It may be outside of the viewport.
        """
        box = self._box(message_id, token)
        if box is None:
            return None
        corner = self._view.from_column(box.topLeft())
        return QRect(corner.x(), corner.y(), round(box.width()), round(box.height()))

    def token_at(self, point: QPoint) -> tuple[str, int] | None:
        """Return message id and number of the token at a point of the viewport; None if none."""
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
        # A hit test returns the nearest gap between characters; the point may be on the character
        # before it.
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
                heat.chosen_token = token if other == message_id else -1
        self._view.refresh()

    def _point(self) -> None:
        if self._under is not None:
            self.pointed.emit(*self._under)

    def _let_go(self) -> None:
        self._rest.stop()
        self.left.emit()

    def _box(self, message_id: str, token: int) -> QRectF | None:
        """Return the rectangle of a token's first character, in pixels of the column."""
        index = self._column.items.place_of(message_id)
        if index < 0 or self._source is None:
            return None
        item = self._column.items[index]
        heat = self.heat_of(item.message)
        if heat is None:
            return None
        item.lay_out(self._column.width)
        # A token may begin in one block and be displayed in the next, or not be displayed at all,
        # as Markdown's marks.
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
