"""Append-only text buffer for an answer that streams in, read from its end at each frame."""

from bisect import bisect_right

#: Number of small pieces that are joined into a larger one: a string object takes as much memory
#: as about a hundred characters.
RUN = 256


class TextBuffer:
    """Append-only text buffer.

    `append` is amortised O(len(piece)), `since(n)` O(new characters), `str()` O(total).
    """

    def __init__(self, text: str = "") -> None:
        self._pieces = [text] if text else []
        self._starts = [0] if text else []
        self._length = len(text)
        # Number of pieces at the front that are joined runs.
        self._joined = len(self._pieces)

    def __len__(self) -> int:
        return self._length

    def append(self, text: str) -> None:
        """Add a piece at the end."""
        if text:
            self._pieces.append(text)
            self._starts.append(self._length)
            self._length += len(text)
            if len(self._pieces) - self._joined >= RUN:
                self._pieces[self._joined :] = ["".join(self._pieces[self._joined :])]
                self._joined += 1
                del self._starts[self._joined :]

    def since(self, offset: int) -> str:
        """Return the text after the first `offset` characters; empty if there is no more."""
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
