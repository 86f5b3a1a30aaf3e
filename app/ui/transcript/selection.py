"""A selection: two positions in the conversation, across messages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A character of a message's text, by the message's place on the path."""

    message: int
    offset: int


@dataclass(frozen=True, slots=True)
class Selection:
    """From where the mouse went down to where it is."""

    anchor: Position
    head: Position

    @property
    def start(self) -> Position:
        """The end that comes first in the text."""
        return min(self.anchor, self.head)

    @property
    def end(self) -> Position:
        """The end that comes last in the text."""
        return max(self.anchor, self.head)

    def __bool__(self) -> bool:
        return self.anchor != self.head

    def within(self, message: int, length: int) -> tuple[int, int] | None:
        """The selected range of a message that is `length` characters long."""
        if not self or not self.start.message <= message <= self.end.message:
            return None
        low = self.start.offset if message == self.start.message else 0
        high = self.end.offset if message == self.end.message else length
        return (low, high) if low < high else None
