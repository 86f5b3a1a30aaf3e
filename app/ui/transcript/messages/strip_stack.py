"""Strips one below the other, of which only those in sight are laid out.

A short stack is laid out whole, so that its height is exact from the first frame; of a long one
the rest has estimated heights. So a message of a megabyte costs what a screen of it costs, at
every width.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF

from app.ui.transcript.messages.heights import Heights
from app.ui.transcript.strips.strip import Strip

#: Strips and characters up to which what is put or refitted is laid out at once.
WHOLE_STRIPS = 64
WHOLE_CHARACTERS = 12_000
#: A layout takes seven kilobytes. Those of strips so many away from sight are let go.
NEAR = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a stack that stays what it is while heights change: so many pixels below the
    top of a strip, or above it."""

    strip: int = 0
    down: int = 0


class StripStack:
    """Strips with their places, in pixels from the top and in characters of the text."""

    def __init__(self) -> None:
        self.strips: list[Strip] = []
        #: The first strip that is another one since somebody set this.
        self.changed = 0
        self._heights = Heights()
        self._offsets = [0]
        self._width = -1
        # Strips outside these bounds have no layout.
        self._low = self._high = 0

    def __len__(self) -> int:
        return len(self.strips)

    def clear(self) -> None:
        """Take all strips away."""
        self.strips, self._heights, self._offsets = [], Heights(), [0]
        self.changed = self._low = self._high = 0

    def truncate(self, count: int) -> None:
        """Keep the first `count` strips."""
        del self.strips[count:], self._offsets[count + 1 :]
        self._heights.truncate(count)
        self.changed = min(self.changed, count)
        self._low, self._high = min(self._low, count), min(self._high, count)

    def put(self, strips: Sequence[Strip]) -> None:
        """Add strips at the end."""
        whole = self._is_short(strips)
        self._bound(len(self.strips), len(self.strips) + len(strips))
        for strip in strips:
            self._heights.append(self._height_of(strip, whole=whole))
            self._offsets.append(self._offsets[-1] + len(strip.text) + len(strip.separator))
        self.strips.extend(strips)

    def fit(self, width: int) -> None:
        """Take another width."""
        if width != self._width:
            self._width = width
            whole = self._is_short(self.strips)
            self._bound(0, len(self.strips))
            self._heights = Heights(self._height_of(strip, whole=whole) for strip in self.strips)

    def settle(self, top: int, bottom: int) -> bool:
        """Lay out what stands between two places; return whether that changed a height."""
        changed = False
        number = max(0, self._heights.at(top))
        place = self._heights.above(number)
        while number < len(self.strips) and place < bottom:
            height = self.strips[number].lay_out(self._width)
            if height != self._heights[number]:
                self._heights[number] = height
                changed = True
            place += height
            number += 1
        self._bound(max(0, self._heights.at(top)), number)
        return changed

    def let_go(self, top: int, bottom: int) -> None:
        """Let go of the layouts far from what stands between two places."""
        first = max(self._low, min(self._high, self.at(top) - NEAR))
        last = max(first, min(self._high, self.at(bottom) + NEAR))
        for strip in (*self.strips[self._low : first], *self.strips[last : self._high]):
            strip.forget()
        self._low, self._high = first, last

    def measure(self, number: int) -> None:
        """Lay out one strip, if there is such a one."""
        if 0 <= number < len(self.strips):
            self._heights[number] = self.strips[number].lay_out(self._width)
            self._bound(number, number + 1)

    def between(self, top: float, bottom: float) -> list[Strip]:
        """The strips between two places."""
        return self.strips[max(0, self.at(round(top))) : self.at(round(bottom)) + 1]

    def height(self) -> int:
        """How high all of it is, as far as is known."""
        return self._heights.total()

    def top_of(self, number: int) -> int:
        """Where a strip begins; past the last one, where all ends."""
        return self._heights.above(min(number, len(self.strips)))

    def at(self, place: int) -> int:
        """The number of the strip at a place, the nearest one outside; −1 if there are none."""
        return self._heights.at(place)

    def offset_of(self, number: int) -> int:
        """Where a strip's text begins in the whole; past the last one, where all ends."""
        return self._offsets[min(number, len(self.strips))]

    def at_offset(self, offset: int) -> int:
        """The number of the strip that holds a character of the text."""
        return max(0, bisect_right(self._offsets, offset, hi=len(self.strips)) - 1)

    def length(self) -> int:
        """Characters of the text."""
        return self._offsets[-1]

    def text(self, start: int = 0, end: int | None = None) -> str:
        """The text as it is read, or a range of it."""
        end = self.length() if end is None else min(end, self.length())
        first, last = self.at_offset(start), self.at_offset(max(start, end))
        parts = [
            strip.text.replace("\u2028", "\n") + strip.separator
            for strip in self.strips[first : last + 1]
        ]
        before = self._offsets[first]
        return "".join(parts)[start - before : end - before]

    def spot_at(self, place: int) -> Spot:
        """The spot at a place in pixels."""
        number = max(0, self._heights.at(place))
        return Spot(number, place - self._heights.above(number))

    def place_of(self, spot: Spot) -> int:
        """Where a spot is now, in pixels from the top."""
        return self.top_of(spot.strip) + spot.down

    def refit(self, width: int, spot: Spot) -> Spot:
        """Take another width; return where the words that were at the spot are now."""
        if not 0 <= spot.strip < len(self.strips) or spot.down <= 0:
            self.fit(width)
            return spot
        strip = self.strips[spot.strip]
        offset = strip.hit(QPointF(0, spot.down)).offset
        below = spot.down - round(strip.rectangle_of(offset).top())
        self.fit(width)
        self.measure(spot.strip)
        return Spot(spot.strip, round(strip.rectangle_of(offset).top()) + below)

    def _bound(self, first: int, last: int) -> None:
        self._low = min(self._low, first) if self._low < self._high else first
        self._high = max(self._high, last)

    def _height_of(self, strip: Strip, *, whole: bool) -> int:
        if self._width < 0:
            return 0
        return strip.lay_out(self._width) if whole else strip.estimate(self._width)

    def _is_short(self, strips: Sequence[Strip]) -> bool:
        return len(strips) <= WHOLE_STRIPS and sum(len(strip.text) for strip in strips) <= (
            WHOLE_CHARACTERS
        )
