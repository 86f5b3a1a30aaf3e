"""Vertical stack of a message's strips, of which only the visible ones are laid out.

A short stack is laid out completely, so that its height is exact from the first frame. In a long
stack, invisible strips have estimated heights. So showing a message of a megabyte takes no longer
than showing one screen of it, at any width.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from app.ui.transcript.messages.heights import Heights
from app.ui.transcript.strips.strip import Strip

#: Strips are laid out at once, when added or when the width changes, if they are at most this many
#: with at most this many characters together.
WHOLE_STRIPS = 64
WHOLE_CHARACTERS = 12_000
#: Layouts of strips that are more than this number of strips away from the visible ones are freed,
#: since each takes 7 kB.
NEAR = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """Vertical position in a stack that stays valid while heights change.

    It is `down` pixels below the top of the strip with index `strip`, or above it if negative.
    """

    strip: int = 0
    down: int = 0


class StripStack:
    """Strips of one message, with their heights in pixels and the offsets of their texts.

    The text of the stack is the texts of its strips with the separators after them. Offsets in it
    are in characters, vertical positions ("places") in pixels from the top of the stack.
    """

    def __init__(self) -> None:
        self.strips: list[Strip] = []
        #: Index of the first strip that was replaced since the caller last set this.
        self.changed = 0
        self._heights = Heights()
        self._offsets = [0]
        self._width = -1
        # Only strips with an index from _low up to, without, _high may have a layout.
        self._low = self._high = 0

    def __len__(self) -> int:
        return len(self.strips)

    def clear(self) -> None:
        """Remove all strips."""
        self.strips, self._heights, self._offsets = [], Heights(), [0]
        self.changed = self._low = self._high = 0

    def truncate(self, count: int) -> None:
        """Remove all strips but the first `count`."""
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
        """Set the width in pixels; heights become exact for a short stack, else estimates."""
        if width != self._width:
            self._width = width
            whole = self._is_short(self.strips)
            self._bound(0, len(self.strips))
            self._heights = Heights(self._height_of(strip, whole=whole) for strip in self.strips)

    def settle(self, top: int, bottom: int) -> bool:
        """Lay out the strips between two vertical positions; return whether a height changed."""
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
        """Free the layouts of strips more than NEAR strips away from those between two vertical
        positions."""
        first = max(self._low, min(self._high, self.at(top) - NEAR))
        last = max(first, min(self._high, self.at(bottom) + NEAR))
        for strip in (*self.strips[self._low : first], *self.strips[last : self._high]):
            strip.forget()
        self._low, self._high = first, last

    def measure(self, number: int) -> None:
        """Lay out the strip with this index, so that its height is exact; ignore other numbers."""
        if 0 <= number < len(self.strips):
            self._heights[number] = self.strips[number].lay_out(self._width)
            self._bound(number, number + 1)

    def between(self, top: float, bottom: float) -> list[Strip]:
        """Return the strips that are at least partly between two vertical positions."""
        return self.strips[max(0, self.at(round(top))) : self.at(round(bottom)) + 1]

    def in_sight(self, top: float, clip: QRectF) -> Iterator[tuple[int, Strip, float]]:
        """Yield index, strip and top of each strip in `clip`, if the stack's top is at `top`."""
        for number in range(max(0, self.at(round(clip.top() - top))), len(self.strips)):
            place = top + self.top_of(number)
            if place > clip.bottom():
                return
            yield number, self.strips[number], place

    def height(self) -> int:
        """Return the total height in pixels, including estimates."""
        return self._heights.total()

    def top_of(self, number: int) -> int:
        """Return the top of a strip in pixels from the stack's top; the total height for an index
        after the last strip."""
        return self._heights.above(min(number, len(self.strips)))

    def at(self, place: int) -> int:
        """Return the index of the strip at a vertical position; beyond the ends, of the nearest.

        −1 if there are no strips.
        """
        return self._heights.at(place)

    def offset_of(self, number: int) -> int:
        """Return the offset of a strip's text in the stack's text; the stack's length for an index
        after the last strip."""
        return self._offsets[min(number, len(self.strips))]

    def at_offset(self, offset: int) -> int:
        """Return the index of the strip that contains an offset of the text."""
        return max(0, bisect_right(self._offsets, offset, hi=len(self.strips)) - 1)

    def length(self) -> int:
        """Return the length of the text in characters."""
        return self._offsets[-1]

    def text(self, start: int = 0, end: int | None = None) -> str:
        """Return the text, or a range of it, with "\\n" as line breaks."""
        end = self.length() if end is None else min(end, self.length())
        first, last = self.at_offset(start), self.at_offset(max(start, end))
        parts = [
            strip.text.replace("\u2028", "\n") + strip.separator
            for strip in self.strips[first : last + 1]
        ]
        before = self._offsets[first]
        return "".join(parts)[start - before : end - before]

    def spot_at(self, place: int) -> Spot:
        """Return a vertical position as a Spot: the index of the strip there, and the distance
        below its top."""
        number = max(0, self._heights.at(place))
        return Spot(number, place - self._heights.above(number))

    def place_of(self, spot: Spot) -> int:
        """Return the vertical position of a Spot now, in pixels from the top of the stack."""
        return self.top_of(spot.strip) + spot.down

    def strip_at(self, spot: Spot) -> Strip | None:
        """Return the strip that a Spot is in; None if there are fewer strips now."""
        return self.strips[spot.strip] if 0 <= spot.strip < len(self.strips) else None

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
