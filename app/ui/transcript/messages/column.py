"""Column of all messages, and the scroll position in it.

The scroll position is stored as an anchor (message, spot in it); the scroll bar's value is worked
out from it. So the text that is being read doesn't move when something above it arrives, is
measured or folds. Only visible messages are laid out; the others have estimated heights.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from app.domain.chat.conversation import Message, Status
from app.domain.chat.reading_place import ReadingPlace
from app.ui.transcript.messages.heights import Heights
from app.ui.transcript.messages.items import MessageItems
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.messages.strip_stack import Spot
from app.ui.transcript.painting.look import Look

#: Estimated height of a message besides its lines of text, in pixels.
REST = 90
#: Space above the first message and below the last, in pixels.
TOP = 12
BOTTOM = 20


_TOP = Spot()


@dataclass(frozen=True, slots=True)
class ScrollAnchor:
    """Scroll position: the message and the spot in it that are at the top of the viewport."""

    message: int = 0
    spot: Spot = _TOP


class MessageColumn:
    """Owner of the message items, their heights and the scroll position.

    Vertical positions ("places") are pixels from the top of the column. While `following`, the
    end of the column stays at the bottom of the viewport.

    When what is shown gets shorter, the column keeps an empty space at its end (`_floor`), so that
    the scroll position, and with it the words in sight, need not change.
    """

    def __init__(self) -> None:
        self.items = MessageItems()
        self.following = True
        self._heights = Heights()
        self._anchor = ScrollAnchor()
        # Scroll position in pixels that stays possible although the column has become shorter.
        self._floor = 0
        # Place to show as soon as the width is known.
        self._wanted: ReadingPlace | None = None
        self._look: Look | None = None
        self._width = 0
        self._height = 0

    @property
    def width(self) -> int:
        """Width in pixels that messages are laid out for."""
        return self._width

    @property
    def at_end(self) -> bool:
        """Whether the end of the column is visible."""
        return self.following or self.top() >= self.furthest()

    @property
    def is_growing(self) -> bool:
        """Whether the last message is an answer under way."""
        return bool(self.items) and self.items.status_at(len(self.items) - 1) is Status.STREAMING

    def show(self, items: MessageItems, look: Look) -> None:
        """Show other items; scroll to the end unless the first message is the same as before.

        If it is, the message that is being read stays where it is, and the end stays in sight.
        """
        if items and self.items and items.id_at(0) == self.items.id_at(0):
            self.following = self.at_end
            index = min(self._anchor.message, len(self.items) - 1)
            kept = items.place_of(self.items.id_at(index))
            self._anchor = replace(self._anchor, message=kept if kept >= 0 else index)
        else:
            self.following = True
        self.items = items
        self._look = look
        self._floor, self._wanted = 0, None
        self._estimate()

    def show_look(self, look: Look) -> None:
        """Use other fonts and colours. The words at the top of the viewport stay there."""
        place = self.place()
        self._look = look
        self.items.show_look(look)
        self._estimate()
        if place is not None:
            self.go_to(place)

    def append(self, message: Message) -> None:
        """Add a message at the end, and scroll there if the end is visible."""
        self.following = self.at_end
        self.items.append(message)
        self._heights.append(REST)

    def place(self, seen: str = "") -> ReadingPlace | None:
        """Return the place at the top of the viewport; None at the end of the column."""
        if self._wanted is not None:
            return self._wanted
        index = self._anchor.message
        if self.at_end or index >= len(self.items):
            return None
        item = self.items[index]
        return ReadingPlace(item.id, item.text_spot(self._anchor.spot), seen)

    def go_to(self, place: ReadingPlace) -> None:
        """Scroll so that a place is at the top of the viewport; to the end if its message is not
        here. What is folded over the place opens."""
        index = self.items.place_of(place.message)
        self._wanted = place if self._width <= 0 else None
        self.following = index < 0
        if index < 0 or self._wanted is not None:
            return
        item = self.items[index]
        item.lay_out(self._width)
        spot = item.show_spot(place.spot)
        self._heights[index] = item.lay_out(self._width)
        self._anchor = ScrollAnchor(index, spot)

    def fit(self, width: int, height: int) -> None:
        """Set the width of messages and the height of the viewport, in pixels."""
        if width != self._width or height > self._height:
            self._floor = 0
        self._height = height
        if width != self._width:
            self._refit(width)
        if self._wanted is not None:
            self.go_to(self._wanted)

    def settle(self) -> int:
        """Lay out the visible messages; return the scroll position, as `top` does.

        Measured heights may make more messages visible, so this is repeated until no height
        changes. The anchor's message and spot don't move. Layouts and items far out of sight are
        freed.
        """
        if not self.following and self._anchor.message < len(self.items):
            # The anchor's own message has to have its exact height first.
            item = self.items[self._anchor.message]
            item.lay_out(self._width)
            item.stack.measure(self._anchor.spot.strip)
            self.remeasure(item)
        for _round in range(20):
            top = self.top()
            if not self._measure(top, top + self._height):
                break
        top = self.top()
        self._anchor = self._at(top)
        for index, place in self.between(top, top + self._height):
            self.items[index].stack.let_go(top - place, top + self._height - place)
        self.items.let_go(self._anchor.message, self.index_at(top + self._height))
        return top

    def scroll(self, top: int) -> None:
        """Scroll so that the column's pixel `top` is at the top of the viewport.

        At the end of the column, begin to follow.

        Short distances are counted from the text that is being read. Otherwise, messages that
        become visible above it, and are higher than estimated, would push it down.
        """
        way = top - self.top()
        self.following = top >= self.furthest()
        self._floor, self._wanted = min(self._floor, top), None
        if abs(way) <= 2 * self._height and not self.following:
            spot = self._anchor.spot
            self._anchor = replace(self._anchor, spot=replace(spot, down=spot.down + way))
        else:
            self._anchor = self._at(top)

    def to_end(self) -> None:
        """Scroll to the end, and follow it as it grows."""
        self.following, self._floor, self._wanted = True, 0, None

    def release_end(self) -> None:
        """Stop following, at the present scroll position."""
        if self.following:
            self.following = False
            self._anchor = self._at(self.top())

    def show_item(self, index: int) -> None:
        """Scroll a message to the top of the viewport."""
        self._heights[index] = self.items[index].lay_out(self._width)
        self.following = False
        self._anchor = ScrollAnchor(index, Spot(0, -TOP))

    def show_place(self, index: int, offset: int) -> None:
        """Scroll so that a message's point, `offset` pixels below its top, is a third of the way
        down the viewport."""
        self._heights[index] = self.items[index].lay_out(self._width)
        self.following = False
        spot = self.items[index].stack.spot_at(offset)
        self._anchor = ScrollAnchor(index, replace(spot, down=spot.down - self._height // 3))

    def remeasure(self, item: MessageItem) -> None:
        """Lay out an item that changed out of sight, and store its new height."""
        index = self.items.place_of(item.id)
        if index >= 0:
            self._heights[index] = item.lay_out(self._width)

    def change(self, item: MessageItem, change: Callable[[], object] = lambda: None) -> None:
        """Call `change`, which changes an item that may be in sight, and lay the item out.

        The words at the top of the viewport stay there, even if the column gets shorter.
        """
        index, top, spot = self.items.place_of(item.id), self.top(), self._anchor.spot
        anchored = not self.following and index == self._anchor.message and len(item.stack) > 0
        words = item.text_spot(spot) if anchored else None
        strip = item.stack.strip_at(spot) if anchored else None
        change()
        if index < 0:
            return
        self._heights[index] = item.lay_out(self._width)
        if words is not None and item.stack.strip_at(spot) is not strip:
            self._anchor = ScrollAnchor(index, item.spot_of(words))
        self._floor = top if top > self.length() - self._height else 0

    def hold_below(self, item: MessageItem) -> None:
        """Prepare for an item to get longer at its end.

        If the messages below it fill most of the viewport, they become the anchor and don't move.
        """
        index, top = self.items.place_of(item.id) + 1, self.top()
        if 0 < index < len(self.items):
            below = self.top_of(index)
            if top <= below < top + self._height // 3:
                self._anchor = ScrollAnchor(index, Spot(0, top - below))

    def find(self, message_id: str) -> MessageItem | None:
        """Return the item of a message, or None if the column doesn't have it."""
        index = self.items.place_of(message_id)
        return self.items[index] if index >= 0 else None

    def page(self) -> int:
        """Return the height of the viewport in pixels."""
        return self._height

    def length(self) -> int:
        """Return the height of the column in pixels, including the space at its ends."""
        return TOP + self._heights.total() + BOTTOM

    def furthest(self) -> int:
        """Return the largest scroll position in pixels, at which the column's end is visible."""
        return max(0, self.length() - self._height, self._floor)

    def top_of(self, index: int) -> int:
        """Return the vertical position of a message's top, in pixels from the column's top."""
        return TOP + self._heights.above(index)

    def height_of(self, index: int) -> int:
        """Return a message's height in pixels, which may be an estimate."""
        return self._heights[index]

    def index_at(self, place: int) -> int:
        """Return the index of the message at a vertical position (pixels from the column's top).

        Beyond the ends, the nearest message; −1 if there are no messages.
        """
        return self._heights.at(place - TOP)

    def between(self, top: int, bottom: int) -> Iterable[tuple[int, int]]:
        """Yield the index and top of each message that is at least partly between two vertical
        positions, in pixels from the column's top."""
        if not self.items:
            return
        index = self.index_at(top)
        place = self.top_of(index)
        while index < len(self.items) and place < bottom:
            yield index, place
            place += self._heights[index]
            index += 1

    def _refit(self, width: int) -> None:
        """Set another width. The words at the top of the viewport stay there."""
        index, before = self._anchor.message, self._width
        self._width = width
        self._estimate()
        if before > 0 and index < len(self.items) and not self.following:
            item = self.items[index]
            words = item.text_spot(self._anchor.spot)
            self._heights[index] = item.lay_out(width)
            self._anchor = ScrollAnchor(index, item.spot_of(words))

    def _estimate(self) -> None:
        if self._look is None:
            return
        characters = max(20, self._width // max(1, self._look.character))
        self._heights = Heights(self.items.estimates(characters, self._look.line, REST))

    def top(self) -> int:
        """Return the scroll position: the pixels of the column above the top of the viewport."""
        end = self.furthest()
        if self.following or not self.items:
            return end
        anchor = self._anchor
        place = anchor.spot.down
        if anchor.message < len(self.items):
            place = self.top_of(anchor.message) + self.items[anchor.message].stack.place_of(
                anchor.spot
            )
        return max(0, min(end, place))

    def _at(self, place: int) -> ScrollAnchor:
        index = self.index_at(place)
        if index < 0:
            return ScrollAnchor()
        return ScrollAnchor(index, self.items[index].stack.spot_at(place - self.top_of(index)))

    def _measure(self, top: int, bottom: int) -> bool:
        """Lay out the messages between two places; return whether a height changed."""
        changed = False
        for index, place in self.between(top, bottom):
            item = self.items[index]
            item.lay_out(self._width)
            changed = item.stack.settle(top - place, bottom - place) or changed
            height = item.lay_out(self._width)
            if height != self._heights[index]:
                self._heights[index] = height
                changed = True
        return changed
