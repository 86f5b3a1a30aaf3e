"""Text that comes in pieces, of which the newest are asked for again and again."""

from bisect import bisect_right

#: So many small pieces are joined: each costs as much as a hundred characters.
RUN = 256


class Gathered:
    """Joining the whole costs as much as it is long; what is new costs as much as that."""

    def __init__(self, text: str = "") -> None:
        self._pieces = [text] if text else []
        self._starts = [0] if text else []
        self._length = len(text)
        # How many pieces are longer ones already.
        self._joined = len(self._pieces)

    def __len__(self) -> int:
        return self._length

    def append(self, text: str) -> None:
        """Add a piece."""
        if text:
            self._pieces.append(text)
            self._starts.append(self._length)
            self._length += len(text)
            if len(self._pieces) - self._joined >= RUN:
                self._pieces[self._joined :] = ["".join(self._pieces[self._joined :])]
                self._joined += 1
                del self._starts[self._joined :]

    def since(self, offset: int) -> str:
        """What came after so many characters."""
        if offset >= self._length:
            return ""
        first = bisect_right(self._starts, offset) - 1
        tail = self._pieces[first:]
        tail[0] = tail[0][offset - self._starts[first] :]
        return "".join(tail)

    def __str__(self) -> str:
        if len(self._pieces) > 1:
            self._pieces, self._starts, self._joined = ["".join(self._pieces)], [0], 1
        return self._pieces[0] if self._pieces else ""
