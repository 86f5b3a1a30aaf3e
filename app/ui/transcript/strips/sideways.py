"""Horizontal scroll position of one block that is wider than the column (a table, or code)."""

#: Length of the shortest thumb of a scroll bar, in pixels.
SHORTEST = 32


class SidewaysScroll:
    """Horizontal scroll position of one block, shared by all its strips.

    `offset` is the number of pixels scrolled, from 0 to `furthest`.
    """

    def __init__(self) -> None:
        self.offset = 0
        self._extent = 0
        self._room = 0

    def hold(self, extent: int, room: int) -> None:
        """Record that a strip is `extent` pixels wide, of which `room` pixels can be shown.

        The widest strip of the block counts. When `room` changes, the widths recorded before are
        forgotten.
        """
        if room != self._room:
            self._room, self._extent = room, 0
        self._extent = max(self._extent, extent)
        self.move(0)

    def move(self, way: int) -> bool:
        """Scroll by `way` pixels, positive towards the block's right end; return whether the offset
        changed."""
        before = self.offset
        self.offset = max(0, min(self.furthest, before + way))
        return self.offset != before

    @property
    def furthest(self) -> int:
        """Largest offset in pixels; 0 if the whole width fits."""
        return max(0, self._extent - self._room)

    @property
    def cut_sides(self) -> tuple[bool, bool]:
        """Whether more is to the left of what can be seen, and whether more is to the right."""
        return self.offset > 0, self.offset < self.furthest

    def thumb(self, length: float) -> tuple[float, float]:
        """Return start and length of the thumb, in pixels, for a bar of `length` pixels."""
        size = min(length, max(SHORTEST, length * self._room / max(1, self._extent)))
        return (length - size) * self.offset / max(1, self.furthest), size
