"""Sequence of message items that are created when they are first accessed.

A screen shows about five of ten thousand messages; creating all items would take longer than
everything else that opening a conversation does.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import overload

from app.domain.chat.conversation import Message, Status
from app.ui.transcript.actions import Surroundings
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.folds import FoldMemory

SurroundingsOf = Callable[[Message], Surroundings]

#: If there are more items than MOST, items that are more than NEAR messages away from the visible
#: ones are dropped, since a screen of layouts takes 100 kB.
MOST = 120
NEAR = 30
#: Least number of items that are dropped at once, if there are enough.
FEW = 8


class MessageItems(Sequence[MessageItem]):
    """The messages of a path as a lazy sequence of items.

    `around` returns what surrounds a message (its branches, for instance), and is called when the
    item is created. An invisible item is dropped if creating it again would give the same item.
    """

    def __init__(
        self,
        messages: Sequence[Message] = (),
        around: SurroundingsOf = lambda _message: Surroundings(),
        look: Look | None = None,
        before: "MessageItems | None" = None,
        memory: FoldMemory | None = None,
    ) -> None:
        """Items of `before` whose messages are still in the path are used again. `memory` knows
        what is folded."""
        self._messages = list(messages)
        self._around = around
        self._look = look
        self._memory = memory or FoldMemory()
        self._made: dict[int, MessageItem] = {}
        self._kept = {item.id: item for item in before.made()} if before is not None else {}
        if self._kept:
            there = {message.id for message in messages}
            self._kept = {id_: item for id_, item in self._kept.items() if id_ in there}

    def __len__(self) -> int:
        return len(self._messages)

    @overload
    def __getitem__(self, index: int) -> MessageItem: ...
    @overload
    def __getitem__(self, index: slice) -> list[MessageItem]: ...
    def __getitem__(self, index: int | slice) -> MessageItem | list[MessageItem]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        item = self._made.get(place)
        if item is None:
            item = self._made[place] = self._make(self._messages[place])
        return item

    def __contains__(self, item: object) -> bool:
        return any(made is item for made in self._made.values())

    def words_at(self, index: int) -> tuple[str, str]:
        """Return a message's current reasoning and text, without creating its item."""
        item, message = self._made.get(index), self._messages[index]
        if item is not None:
            return item.reasoning(), item.spoken()
        return message.reasoning, message.text

    def index(self, item: MessageItem, start: int = 0, stop: int | None = None) -> int:
        """Return the index of an item. Raises ValueError if its message isn't in the path."""
        place = self.place_of(item.id)
        if place < 0:
            raise ValueError(item.id)
        return place

    def put(self, message: Message) -> None:
        """Replace a message by its newer state. The caller updates its item."""
        if (place := self.place_of(message.id)) >= 0:
            self._messages[place] = message

    def let_go(self, first: int, last: int) -> None:
        """Drop some items that are far from the visible ones (`first` to `last`), if there are
        many."""
        if len(self._made) <= MOST:
            return
        near = range(first - NEAR, last + NEAR + 1)
        far = (place for place, item in self._made.items() if place not in near and item.is_idle())
        for place in list(islice(far, max(FEW, (len(self._made) - MOST) // 4))):
            del self._made[place]

    def append(self, message: Message) -> MessageItem:
        """Add a message at the end, and return its item."""
        self._messages.append(message)
        return self[-1]

    def show_look(self, look: Look) -> None:
        """Use another look for all items."""
        self._look = look
        for item in self._made.values():
            item.show_look(look)

    def made(self) -> Iterator[MessageItem]:
        """Return the items that have been created and not dropped."""
        return iter(self._made.values())

    def id_at(self, index: int) -> str:
        """Return a message's id, without creating its item."""
        return self._messages[index].id

    def status_at(self, index: int) -> Status:
        """Return a message's status, without creating its item."""
        return self._messages[index].status

    def last_finished(self) -> str:
        """Return the id of the last message that is not under way; empty if there is none."""
        ended = (each.id for each in reversed(self._messages) if not _is_under_way(each))
        return next(ended, "")

    def place_of(self, message_id: str) -> int:
        """Return the index of a message, −1 if it isn't in the path. Searches from the end, as
        the last messages are asked for most."""
        for index in range(len(self._messages) - 1, -1, -1):
            if self._messages[index].id == message_id:
                return index
        return -1

    def estimates(self, characters: int, line: int, rest: int) -> list[int]:
        """Return an estimated height in pixels for each message, in O(1) each.

        A line has `characters` characters and is `line` pixels high; `rest` is added for each
        message.
        """
        return [(1 + len(message.text) // characters) * line + rest for message in self._messages]

    def _make(self, message: Message) -> MessageItem:
        if self._look is None:
            raise LookupError("nothing is drawn without a look")
        around = self._around(message)
        item = self._kept.pop(message.id, None)
        if item is None:
            return MessageItem(message, self._look, around, self._memory)
        if item.message != message:
            item.show_message(message, around)
        else:
            item.invalidate(around)
        item.show_look(self._look)
        return item


def _is_under_way(message: Message) -> bool:
    return message.status is Status.STREAMING
