"""Column of all messages, and the scroll position in it.

The scroll position is stored as an anchor (message, spot in it); the scroll bar's value is worked
out from it. So the text that is being read doesn't move when something above it arrives, is
measured or folds. Only visible messages are laid out; the others have estimated heights.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.chat.conversation import Message
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
    """

    def __init__(self) -> None:
        self.items = MessageItems()
        self.following = True
        self._heights = Heights()
        self._anchor = ScrollAnchor()
        self._look: Look | None = None
        self._width = 0
        self._height = 0

    @property
    def width(self) -> int:
        """Width in pixels that messages are laid out for."""
        return self._width

    def show(self, items: MessageItems, look: Look) -> None:
        """Show other items; scroll to the end unless the first message is the same as before."""
        if not (items and self.items and items.id_at(0) == self.items.id_at(0)):
            self.following = True
        self.items = items
        self._look = look
        self._estimate()

    def append(self, message: Message) -> None:
        """Add a message at the end, and scroll to the end."""
        self.items.append(message)
        self._heights.append(REST)
        self.following = True

    def fit(self, width: int, height: int) -> None:
        """Set the width of messages and the height of the viewport, in pixels."""
        self._height = height
        if width != self._width:
            self._refit(width)

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
        if abs(way) <= 2 * self._height and not self.following:
            spot = self._anchor.spot
            self._anchor = replace(self._anchor, spot=replace(spot, down=spot.down + way))
        else:
            self._anchor = self._at(top)

    def show_item(self, index: int) -> None:
        """Scroll a message to the top of the viewport."""
        self._heights[index] = self.items[index].lay_out(self._width)
        self.following = index == len(self.items) - 1
        self._anchor = ScrollAnchor(index, Spot(0, -TOP))

    def show_place(self, index: int, offset: int) -> None:
        """Scroll so that a message's point, `offset` pixels below its top, is a third of the way
        down the viewport."""
        self._heights[index] = self.items[index].lay_out(self._width)
        self.following = False
        spot = self.items[index].stack.spot_at(offset)
        self._anchor = ScrollAnchor(index, replace(spot, down=spot.down - self._height // 3))

    def remeasure(self, item: MessageItem) -> None:
        """Lay out an item that changed, and store its new height."""
        index = self.items.place_of(item.id)
        if index >= 0:
            self._heights[index] = item.lay_out(self._width)

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
        return max(0, self.length() - self._height)

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
            spot = self.items[index].refit(width, self._anchor.spot)
            self._anchor = ScrollAnchor(index, spot)
            self._heights[index] = self.items[index].lay_out(width)

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
