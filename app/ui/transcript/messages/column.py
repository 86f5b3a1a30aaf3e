"""Messages one below the other, and the reader's place among them.

The place is *(message, spot in it)*, and the scroll bar's value follows from it. So nothing that
arrives, is measured or folds above can move what is being read. Only what is in sight is laid
out; the rest has an estimated height.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.chat.conversation import Message
from app.ui.transcript.messages.heights import Heights
from app.ui.transcript.messages.items import MessageItems
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.messages.strip_stack import Spot
from app.ui.transcript.painting.look import Look

#: What a message takes besides its lines, about.
REST = 90
TOP = 12
BOTTOM = 20


_TOP = Spot()


@dataclass(frozen=True, slots=True)
class ScrollAnchor:
    """What stands at the top of the viewport: a message, and a spot in it."""

    message: int = 0
    spot: Spot = _TOP


class MessageColumn:
    """Owns the items and their heights. Places are pixels from the top of the column."""

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
        """The width that messages are laid out for."""
        return self._width

    def show(self, items: MessageItems, look: Look) -> None:
        """Show these items; go to the end unless they begin as those before did."""
        if not (items and self.items and items.id_at(0) == self.items.id_at(0)):
            self.following = True
        self.items = items
        self._look = look
        self._estimate()

    def append(self, message: Message) -> None:
        """Add a message, and go to it."""
        self.items.append(message)
        self._heights.append(REST)
        self.following = True

    def fit(self, width: int, height: int) -> None:
        """Take the size of the viewport."""
        self._height = height
        if width != self._width:
            self._refit(width)

    def settle(self) -> int:
        """Lay out what is in sight; return the place at the top of the viewport.

        Measuring may bring more into sight, so it is repeated until nothing changes.
        """
        if not self.following and self._anchor.message < len(self.items):
            # What the place is measured from has to have its height first.
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
        """Put a place at the top of the viewport; the end means to follow it.

        A short way is measured from what is being read: what comes into sight above it may be
        higher than it was thought to be, and must not push it away.
        """
        way = top - self.top()
        self.following = top >= self.furthest()
        if abs(way) <= 2 * self._height and not self.following:
            spot = self._anchor.spot
            self._anchor = replace(self._anchor, spot=replace(spot, down=spot.down + way))
        else:
            self._anchor = self._at(top)

    def show_item(self, index: int) -> None:
        """Put a message at the top of the viewport."""
        self._heights[index] = self.items[index].lay_out(self._width)
        self.following = index == len(self.items) - 1
        self._anchor = ScrollAnchor(index, Spot(0, -TOP))

    def show_place(self, index: int, offset: int) -> None:
        """Put a place inside a message into the upper third of the viewport."""
        self._heights[index] = self.items[index].lay_out(self._width)
        self.following = False
        spot = self.items[index].stack.spot_at(offset)
        self._anchor = ScrollAnchor(index, replace(spot, down=spot.down - self._height // 3))

    def remeasure(self, item: MessageItem) -> None:
        """Take the new height of an item that changed."""
        index = self.items.place_of(item.id)
        if index >= 0:
            self._heights[index] = item.lay_out(self._width)

    def hold_below(self, item: MessageItem) -> None:
        """An item is about to get more at its end: what stands below it stays where it is, if most
        of what is in sight does."""
        index, top = self.items.place_of(item.id) + 1, self.top()
        if 0 < index < len(self.items):
            below = self.top_of(index)
            if top <= below < top + self._height // 3:
                self._anchor = ScrollAnchor(index, Spot(0, top - below))

    def find(self, message_id: str) -> MessageItem | None:
        """The item of a message, if it is here."""
        index = self.items.place_of(message_id)
        return self.items[index] if index >= 0 else None

    def page(self) -> int:
        """How much of it is in sight at once."""
        return self._height

    def length(self) -> int:
        """How long the column is, with the space at its ends."""
        return TOP + self._heights.total() + BOTTOM

    def furthest(self) -> int:
        """The place at the top of the viewport when its bottom is at the end."""
        return max(0, self.length() - self._height)

    def top_of(self, index: int) -> int:
        """Where a message begins."""
        return TOP + self._heights.above(index)

    def height_of(self, index: int) -> int:
        """How high a message is, or is estimated to be."""
        return self._heights[index]

    def index_at(self, place: int) -> int:
        """The message at a place, the nearest one where there is none; −1 if there are none."""
        return self._heights.at(place - TOP)

    def between(self, top: int, bottom: int) -> Iterable[tuple[int, int]]:
        """The messages from one place to another: index and top."""
        if not self.items:
            return
        index = self.index_at(top)
        place = self.top_of(index)
        while index < len(self.items) and place < bottom:
            yield index, place
            place += self._heights[index]
            index += 1

    def _refit(self, width: int) -> None:
        """Take another width. The words at the top of the viewport stay there."""
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
        """The place at the top of the viewport."""
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
        """Lay out what stands between two places; return whether a height changed."""
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
