"""List of heights with prefix sums, to find the index at a vertical position in O(log n)."""

from collections.abc import Iterable
from itertools import accumulate


class Heights:
    """Heights in pixels, as a Fenwick tree (Fenwick 1994).

    Appending, changing, summing and searching take O(log n).
    """

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        above = [0, *accumulate(self._heights)]
        self._sums = [0, *(above[n] - above[n - (n & -n)] for n in range(1, len(above)))]

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    def append(self, height: int) -> None:
        """Add a height at the end."""
        place = len(self._heights) + 1
        total = height
        step = 1
        while step < place & -place:
            total += self._sums[place - step]
            step <<= 1
        self._heights.append(height)
        self._sums.append(total)

    def truncate(self, count: int) -> None:
        """Remove all heights but the first `count`."""
        # Each partial sum covers only heights before its position, so the kept sums stay correct.
        del self._heights[count:], self._sums[count + 1 :]

    def __setitem__(self, index: int, height: int) -> None:
        change = height - self._heights[index]
        if not change:
            return
        self._heights[index] = height
        place = index + 1
        while place < len(self._sums):
            self._sums[place] += change
            place += place & -place

    def above(self, index: int) -> int:
        """Return the sum of the heights before `index`."""
        total = 0
        while index:
            total += self._sums[index]
            index -= index & -index
        return total

    def total(self) -> int:
        """Return the sum of all heights."""
        return self.above(len(self._heights))

    def at(self, place: int) -> int:
        """Return the index of the height that covers `place`, in pixels from the top.

        Outside, the nearest index; −1 if there are no heights.
        """
        if not self._heights:
            return -1
        index, rest = 0, max(0, place)
        step = 1 << (len(self._heights).bit_length() - 1)
        while step:
            beyond = index + step
            if beyond < len(self._sums) and self._sums[beyond] <= rest:
                index = beyond
                rest -= self._sums[beyond]
            step >>= 1
        return min(index, len(self._heights) - 1)
