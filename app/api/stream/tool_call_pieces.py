"""Which call a piece of a call belongs to: providers number them, name them, or do neither."""

import json
from typing import Any

from app.api.stream.chunks import ToolCallChunk
from app.domain.events import ToolCallDelta


class ToolCalls:
    """The calls of one answer so far: by index, else by id, else the last one."""

    def __init__(self) -> None:
        self._ids: dict[int, str] = {}
        self._named: set[int] = set()

    def delta(self, call: ToolCallChunk) -> ToolCallDelta:
        """Make the event of one piece; a call's id and name are in one piece each."""
        id_ = call.id or ""
        index = self._index(call.index, id_)
        if self._ids.get(index):
            id_ = ""
        else:
            self._ids[index] = id_
        name, arguments = "", ""
        if (function := call.function) is not None:
            arguments = _text(function.arguments)
            if function.name and index not in self._named:
                name = function.name
                self._named.add(index)
        return ToolCallDelta(index, id_, name, arguments)

    def _index(self, index: int | None, id_: str) -> int:
        known = next((at for at, one in self._ids.items() if id_ and one == id_), None)
        # An index of its own is another call, whatever a server calls it.
        if known is not None and (index is None or index == known or index in self._ids):
            return known
        following = max(self._ids, default=-1) + 1
        if index is None:
            return following if id_ or not self._ids else following - 1
        # Some servers give every call the index 0, and an id of its own.
        taken = bool(id_ and self._ids.get(index))
        return following if taken else index


def _text(arguments: Any) -> str:
    if arguments is None or isinstance(arguments, str):
        return arguments or ""
    return json.dumps(arguments, ensure_ascii=False, default=str)
