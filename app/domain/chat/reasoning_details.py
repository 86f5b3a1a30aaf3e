"""Reasoning in its provider's own form: pieces of a stream as the list that goes back to it."""

import json
from collections.abc import Mapping
from typing import Any

from app.domain.text.surrogates import mend

#: What is told in pieces; everything else of a piece is said once.
_GROWING = ("text", "summary")
#: Such pieces are whole, and are never joined.
_WHOLE = "reasoning.encrypted"
#: More than any model thinks; what comes after it is dropped, all of it together.
MOST_CHARACTERS = 16_000_000


class DetailsBuilder:
    """Gathers pieces: those of one type and index that follow each other are one entry."""

    def __init__(self, earlier: str = "") -> None:
        self._entries: list[dict[str, Any]] = _list_of(earlier)
        #: What was there before stays as it is: it is signed.
        self._earlier = len(self._entries)
        self._texts: dict[str, list[str]] = {}
        self._size = len(earlier)

    def add(self, piece: Mapping[str, Any]) -> None:
        """Take the next piece in."""
        self._size += sum(len(one) for one in piece.values() if isinstance(one, str))
        if self._continues(piece):
            self._join(piece)
            return
        self._close()
        self._entries.append(dict(piece))
        self._texts = {name: [piece[name]] for name in _GROWING if isinstance(piece.get(name), str)}

    def written(self) -> str:
        """The list as JSON; nothing where there is none, or too much."""
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
                # Of a signature the last one counts.
                entry[name] = value

    def _close(self) -> None:
        if self._entries:
            for name, texts in self._texts.items():
                self._entries[-1][name] = "".join(texts)
                self._texts[name] = [self._entries[-1][name]]


def details_of(written: str) -> list[dict[str, Any]]:
    """The entries of a list as it was written; none where it can't be read."""
    return _list_of(written)


def _list_of(written: str) -> list[dict[str, Any]]:
    if not written:
        return []
    try:
        value = json.loads(written)
    except (ValueError, RecursionError):
        return []
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
