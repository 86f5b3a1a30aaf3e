"""Assigns pieces of tool calls to calls: by id, by index, or else to the likeliest call.

Servers number calls in many ways: none has an index, all have the index 0, ids change between the
pieces of one call. A call gets a doubt if one of its pieces might as well belong to another call.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app.api.stream.chunks import ToolCallChunk
from app.domain.events import CallDoubt, ToolCallDelta, ToolCallDoubt

#: Characters above which arguments are not parsed to see whether they are complete.
LONGEST_PARSED = 100_000


@dataclass(slots=True)
class _Call:
    #: The number of the call in events.
    number: int
    #: The server's index, which several calls may have.
    index: int | None
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)
    #: Whether one of its pieces had no id.
    has_bare_piece: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the arguments so far are a complete JSON object."""
        return _is_object("".join(self.arguments))

    def is_other(self, name: str, text: str) -> bool:
        """Whether a piece with a name begins another call, though nothing else says so."""
        if not name or not self.name:
            return False
        return name != self.name or (text.lstrip().startswith("{") and self.is_whole)


class ToolCalls:
    """The tool calls of one answer so far."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._doubted: set[int] = set()

    def read(
        self, piece: ToolCallChunk, *, late: bool = False
    ) -> list[ToolCallDelta | ToolCallDoubt]:
        """Return the events of one piece; `late` says that it came after the finish reason.

        Only the first event of a call has its id and name.
        """
        function = piece.function
        id_, name = piece.id or "", (function.name if function is not None else None) or ""
        text = _text(function.arguments) if function is not None else ""
        call, mixed = self._owner(piece.index, id_, name, text)
        if name and call.name and name != call.name:
            mixed = [*mixed, call]
        if name and name == call.name and _is_object(text) and text == "".join(call.arguments):
            # A summary of the whole call, after its pieces.
            text = ""
        delta = ToolCallDelta(call.number, "" if call.id else id_, "" if call.name else name, text)
        call.id, call.name = call.id or id_, call.name or name
        call.has_bare_piece = call.has_bare_piece or not id_
        call.arguments.append(text)
        doubts = self._doubts(mixed, CallDoubt.MIXED)
        return [delta, *doubts, *self._doubts([call] if late else [], CallDoubt.LATE)]

    def _doubts(self, calls: Iterable[_Call], doubt: CallDoubt) -> list[ToolCallDoubt]:
        new = [call.number for call in calls if call.number not in self._doubted]
        self._doubted.update(new)
        return [ToolCallDoubt(number, doubt) for number in dict.fromkeys(new)]

    def _owner(
        self, index: int | None, id_: str, name: str, text: str
    ) -> tuple[_Call, list[_Call]]:
        """Return the call of a piece, and the calls that become doubtful by it."""
        if id_ and (same := [call for call in self._calls if call.id == id_]):
            return self._by_known_id(same, index, name)
        if id_:
            return self._by_new_id(index, id_, name, text)
        return self._without_id(index, name, text)

    def _by_known_id(
        self, same: list[_Call], index: int | None, name: str
    ) -> tuple[_Call, list[_Call]]:
        there = [call for call in same if index is None or call.index in {index, None}]
        if there:
            return there[-1], there if len(there) > 1 else []
        at_index = self._at(index)
        if not at_index and name:
            # A new index means a new call, even if the id is the same.
            return self._begin(index), []
        # The id is that of one call and the index that of another.
        return same[-1], [*same, *at_index] if at_index or len(same) > 1 else []

    def _by_new_id(
        self, index: int | None, id_: str, name: str, text: str
    ) -> tuple[_Call, list[_Call]]:
        for call in self._calls:
            if call.id.casefold() == id_.casefold():
                return call, [call, *self._at(index)]
        at_index = self._at(index)
        if not at_index:
            return self._begin(index), []
        last = at_index[-1]
        if not last.id:
            if last.is_other(name, text):
                call = self._begin(index)
                return call, [*at_index, call]
            return last, at_index if len(at_index) > 1 else []
        goes_on = name in {"", last.name} and text and not text.lstrip().startswith("{")
        if (not name and text) or (goes_on and not last.is_whole):
            # Some servers send another id in every piece of one call.
            return last, at_index
        # Some servers give every call the index 0 and a different id.
        return self._begin(index), [call for call in at_index if call.has_bare_piece]

    def _without_id(self, index: int | None, name: str, text: str) -> tuple[_Call, list[_Call]]:
        if not self._calls:
            call = self._begin(index)
            return call, [call] if index is None else []
        at_index = self._calls if index is None else self._at(index)
        if not at_index and name:
            return self._begin(index), []
        last = at_index[-1] if at_index else self._calls[-1]
        if last.is_other(name, text):
            before = list(at_index)
            call = self._begin(index)
            return call, [*before, call]
        belongs_alone = index is not None and len(at_index) == 1
        return last, [] if belongs_alone else list(at_index) or list(self._calls)

    def _at(self, index: int | None) -> list[_Call]:
        return [call for call in self._calls if index is not None and call.index == index]

    def _begin(self, index: int | None) -> _Call:
        numbers = {call.number for call in self._calls}
        number = max(numbers, default=-1) + 1 if index is None or index in numbers else index
        call = _Call(number, index)
        self._calls.append(call)
        return call


def _is_object(text: str) -> bool:
    if len(text) > LONGEST_PARSED or not text.rstrip().endswith("}"):
        return False
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _text(arguments: Any) -> str:
    if arguments is None or isinstance(arguments, str):
        return arguments or ""
    return json.dumps(arguments, ensure_ascii=False, default=str)
