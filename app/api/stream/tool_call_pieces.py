"""Assigns pieces of tool calls to calls: by index, by id, or to the last call."""

import json
from typing import Any

from app.api.stream.chunks import ToolCallChunk
from app.domain.events import ToolCallDelta


class ToolCalls:
    """The tool calls of one answer so far."""

    def __init__(self) -> None:
        self._ids: dict[int, str] = {}
        self._named: set[int] = set()

    def delta(self, call: ToolCallChunk) -> ToolCallDelta:
        """Return the event of one piece. Only the first event of a call has its id and name."""
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
        known = next((at for at, call_id in self._ids.items() if id_ and call_id == id_), None)
        # A new index means a new call, even if the id is the same.
        if known is not None and (index is None or index == known or index in self._ids):
            return known
        following = max(self._ids, default=-1) + 1
        if index is None:
            return following if id_ or not self._ids else following - 1
        # Some servers give every call the index 0 and a different id.
        taken = bool(id_ and self._ids.get(index))
        return following if taken else index


def _text(arguments: Any) -> str:
    if arguments is None or isinstance(arguments, str):
        return arguments or ""
    return json.dumps(arguments, ensure_ascii=False, default=str)
