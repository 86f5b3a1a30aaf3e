"""Rows of the list of conversations, and changes of the list by row."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConversationEntry:
    """A row of the list: the fields of a conversation that the list shows or is sorted by.

    `updated` is in seconds since 1970. `sequence` is the number of the conversation in the order
    of creation. `unread`: an answer has come that the person hasn't seen.
    """

    id: str
    title: str
    updated: float
    sequence: int
    unread: bool = False

    @property
    def key(self) -> tuple[float, int]:
        """The sort key; the list is in descending order of keys, which are unique."""
        return self.updated, self.sequence


@dataclass(frozen=True, slots=True)
class ListChange:
    """A change of one row: the entry before and after.

    `before` is None if the conversation was added or restored, `after` is None if it was deleted.
    A changed key means that the row moved.
    """

    before: ConversationEntry | None
    after: ConversationEntry | None
