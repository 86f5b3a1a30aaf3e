"""What is wider than its column moves sideways by itself: code that isn't wrapped, wide tables."""

#: The shortest thumb of a bar, in pixels.
SHORTEST = 32


class SidewaysScroll:
    """How far a block is moved, in pixels, and how far it can be."""

    def __init__(self) -> None:
        self.offset = 0
        self._extent = 0
        self._room = 0

    def hold(self, extent: int, room: int) -> None:
        """Know that something so wide stands in so much room; the widest one counts."""
        if room != self._room:
            self._room, self._extent = room, 0
        self._extent = max(self._extent, extent)
        self.move(0)

    def move(self, way: int) -> bool:
        """Move by so many pixels; return whether anything moved."""
        before = self.offset
        self.offset = max(0, min(self.furthest, before + way))
        return self.offset != before

    @property
    def furthest(self) -> int:
        """How far it can be moved; 0 where everything is in sight."""
        return max(0, self._extent - self._room)

    def thumb(self, length: float) -> tuple[float, float]:
        """Where the thumb of a bar so long begins, and how long it is."""
        size = min(length, max(SHORTEST, length * self._room / max(1, self._extent)))
        return (length - size) * self.offset / max(1, self.furthest), size
