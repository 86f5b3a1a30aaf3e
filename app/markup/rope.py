"""Append-only text buffer, and immutable slices of it, so that a growing text is never copied."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


class Rope:
    """Append-only text buffer. Offsets and lengths are in characters (code points).

    `append` is amortised O(1), `text` is O(log n) in the number of appended pieces plus the length
    of the result.
    """

    __slots__ = ("_ends", "_parts")

    def __init__(self, text: str = "") -> None:
        self._parts: list[str] = [text]
        self._ends: list[int] = [len(text)]

    def __len__(self) -> int:
        return self._ends[-1]

    def append(self, text: str) -> None:
        """Add `text` at the end."""
        if text:
            self._parts.append(text)
            self._ends.append(self._ends[-1] + len(text))

    def text(self, start: int, end: int) -> str:
        """Return the characters from `start` up to, without, `end`."""
        if start >= end:
            return ""
        first, last = bisect_right(self._ends, start), bisect_right(self._ends, end - 1)
        before = self._ends[first - 1] if first else 0
        if first == last:
            return self._parts[first][start - before : end - before]
        last_before = self._ends[last - 1]
        return "".join(
            (
                self._parts[first][start - before :],
                *self._parts[first + 1 : last],
                self._parts[last][: end - last_before],
            )
        )


@dataclass(frozen=True, slots=True, eq=False)
class RopeSlice:
    """Immutable text: the characters of a rope from `start` to `end`, and after them `tail`.

    `end` is not included; `tail` is a text of the slice's own, empty for most slices.

    `str()` returns the text, O(length). A slice never changes, since a rope is only appended to;
    so each frame of a growing code block of many megabytes gets a new slice without a copy. Two
    slices are equal if their texts are equal.
    """

    rope: Rope
    start: int
    end: int
    tail: str = ""

    @classmethod
    def of(cls, text: str) -> RopeSlice:
        """Return a slice whose text is `text`."""
        return cls(Rope(text), 0, len(text))

    def __str__(self) -> str:
        return self.rope.text(self.start, self.end) + self.tail

    def __repr__(self) -> str:
        return f"RopeSlice.of({str(self)!r})"

    def __len__(self) -> int:
        return self.end - self.start + len(self.tail)

    def since(self, offset: int) -> str:
        """Return the text after the first `offset` characters, in O(its length)."""
        kept = max(0, offset - (self.end - self.start))
        return self.rope.text(self.start + offset, self.end) + self.tail[kept:]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RopeSlice):
            return NotImplemented
        if len(self) != len(other):
            return False
        same = self.rope is other.rope and self.start == other.start and self.end == other.end
        return self.tail == other.tail if same else str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


EMPTY = RopeSlice.of("")
