"""OpenRouter's `reasoning_details`: joins streamed pieces into the list to be sent back.

Format: openrouter.ai/docs, "Reasoning Tokens", "Preserving reasoning blocks".
"""

import json
from collections.abc import Mapping
from typing import Any

from app.domain.text.surrogates import mend

#: Fields whose texts are joined across pieces; any other field is taken from the last piece.
_GROWING = ("text", "summary")
#: Pieces of this type are complete and are never joined.
_WHOLE = "reasoning.encrypted"
#: Largest size of all texts together, in characters. Above it the whole list is dropped, since
#: providers refuse a list of which a part is missing.
MOST_CHARACTERS = 16_000_000


class DetailsBuilder:
    """Joins pieces into entries: consecutive pieces of one type and index become one entry.

    `earlier` is the JSON list of an answer that is continued; its entries stay unchanged.
    """

    def __init__(self, earlier: str = "") -> None:
        self._entries: list[dict[str, Any]] = _list_of(earlier)
        #: Number of entries of the earlier answer: they are signed, so they must not change.
        self._earlier = len(self._entries)
        self._texts: dict[str, list[str]] = {}
        self._size = len(earlier)

    def add(self, piece: Mapping[str, Any]) -> None:
        """Join the next streamed piece to the last entry, or begin a new entry with it."""
        self._size += sum(len(value) for value in piece.values() if isinstance(value, str))
        if self._continues(piece):
            self._join(piece)
            return
        self._close()
        self._entries.append(dict(piece))
        self._texts = {name: [piece[name]] for name in _GROWING if isinstance(piece.get(name), str)}

    def written(self) -> str:
        """Return the list as JSON text.

        Empty if there are no entries, their texts have more than MOST_CHARACTERS characters, or
        they can't be written as JSON.
        """
        self._close()
        if not self._entries or self._size > MOST_CHARACTERS:
            return ""
        try:
            return mend(json.dumps(self._entries, ensure_ascii=False, default=str))
        except (ValueError, RecursionError):
            return ""

    def _continues(self, piece: Mapping[str, Any]) -> bool:
        if len(self._entries) <= self._earlier or piece.get("type") == _WHOLE:
            return False
        last = self._entries[-1]
        return bool(
            last.get("type") == piece.get("type") and last.get("index") == piece.get("index")
        )

    def _join(self, piece: Mapping[str, Any]) -> None:
        entry = self._entries[-1]
        for name, value in piece.items():
            if value is None:
                continue
            if name in _GROWING and isinstance(value, str):
                self._texts.setdefault(name, []).append(value)
            else:
                # A later signature replaces an earlier one.
                entry[name] = value

    def _close(self) -> None:
        if self._entries:
            for name, texts in self._texts.items():
                self._entries[-1][name] = "".join(texts)
                self._texts[name] = [self._entries[-1][name]]


def details_of(written: str) -> list[dict[str, Any]]:
    """Parse the JSON text that `DetailsBuilder.written` made; an empty list if it is not valid."""
    return _list_of(written)


def _list_of(written: str) -> list[dict[str, Any]]:
    if not written:
        return []
    try:
        value = json.loads(written)
    except (ValueError, RecursionError):
        return []
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
