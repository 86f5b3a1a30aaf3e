"""The messages of a path as items, each made when it is first asked for.

Of ten thousand messages a screen shows five, and making the others takes longer than all else
that opening a conversation takes.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import overload

from app.domain.chat.conversation import Message
from app.ui.transcript.actions import Surroundings
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.painting.look import Look

SurroundingsOf = Callable[[Message], Surroundings]

#: A screen of layouts takes a hundred kilobytes. Of more items than this, those that are farther
#: from sight than so many messages are let go.
MOST = 120
NEAR = 30
#: At least so many are let go at once, if there are.
FEW = 8


class MessageItems(Sequence[MessageItem]):
    """`around` is asked for what surrounds a message when its item is made. An item that nobody
    sees, and that is as it would be if it were made again, may be let go."""

    def __init__(
        self,
        messages: Sequence[Message] = (),
        around: SurroundingsOf = lambda _message: Surroundings(),
        look: Look | None = None,
        before: "MessageItems | None" = None,
    ) -> None:
        """The items of `before` that are still here are kept."""
        self._messages = list(messages)
        self._around = around
        self._look = look
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
        """A message's reasoning and text as they are by now, without making its item."""
        item, message = self._made.get(index), self._messages[index]
        if item is not None:
            return item.reasoning(), item.spoken()
        return message.reasoning, message.text

    def index(self, item: MessageItem, start: int = 0, stop: int | None = None) -> int:
        """Where an item stands. Raises ValueError."""
        place = self.place_of(item.id)
        if place < 0:
            raise ValueError(item.id)
        return place

    def put(self, message: Message) -> None:
        """Take the message's newer state; its item is told by whoever has it."""
        if (place := self.place_of(message.id)) >= 0:
            self._messages[place] = message

    def let_go(self, first: int, last: int) -> None:
        """Let go of some items that are far from those in sight, once there are many."""
        if len(self._made) <= MOST:
            return
        near = range(first - NEAR, last + NEAR + 1)
        far = (place for place, item in self._made.items() if place not in near and item.is_idle())
        for place in list(islice(far, max(FEW, (len(self._made) - MOST) // 4))):
            del self._made[place]

    def append(self, message: Message) -> MessageItem:
        """Add a message at the end."""
        self._messages.append(message)
        return self[-1]

    def show_look(self, look: Look) -> None:
        """Draw in other colours from now on."""
        self._look = look
        for item in self._made.values():
            item.show_look(look)

    def made(self) -> Iterator[MessageItem]:
        """The items that have been made."""
        return iter(self._made.values())

    def id_at(self, index: int) -> str:
        """A message's id, without making its item."""
        return self._messages[index].id

    def place_of(self, message_id: str) -> int:
        """Where a message stands, −1 where it isn't here; the last ones are found at once."""
        for index in range(len(self._messages) - 1, -1, -1):
            if self._messages[index].id == message_id:
                return index
        return -1

    def estimates(self, characters: int, line: int, rest: int) -> list[int]:
        """A height for every message, in O(1) each: so many characters fit on a line so high."""
        return [(1 + len(message.text) // characters) * line + rest for message in self._messages]

    def _make(self, message: Message) -> MessageItem:
        if self._look is None:
            raise LookupError("nothing is drawn without a look")
        around = self._around(message)
        item = self._kept.pop(message.id, None)
        if item is None:
            return MessageItem(message, self._look, around)
        if item.message != message:
            item.show_message(message, around)
        else:
            item.invalidate(around)
        item.show_look(self._look)
        return item
