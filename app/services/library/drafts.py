"""Drafts: unsent texts of conversations, queued messages, and rewrites that are under way.

Each is kept under its own name in the table of settings, apart from `Settings`, since a draft that
could not be written must not be lost with it.
"""

from collections.abc import Sequence
from typing import Any

from app.domain.chat.unsent import Folds, QueuedMessage
from app.store.library import Library


class Drafts:
    """Drafts of a library. A draft that can't be written is kept in memory, and is written with
    the next draft that can."""

    def __init__(self, library: Library) -> None:
        self._library = library
        #: Names and values that are not written yet; None for a draft that is to be deleted.
        self._unwritten: dict[str, Any] = {}

    def text(self, conversation_id: str) -> str:
        """Return the unsent text of a conversation; "" is the next conversation, without an id."""
        return self._read(f"draft {conversation_id}") or ""

    def folds(self, conversation_id: str) -> list[tuple[int, int]]:
        """Return the ranges of a conversation's unsent text that are shown folded."""
        stored = self._value(f"folds {conversation_id}")
        pairs = [pair for pair in stored if isinstance(pair, list)] if stored else []
        return [
            (pair[0], pair[1])
            for pair in pairs
            if len(pair) == 2 and all(isinstance(place, int) for place in pair)
        ]

    def put_text(self, conversation_id: str, text: str, folds: Folds = ()) -> None:
        """Keep the unsent text of a conversation, and which ranges of it are shown folded. Raises
        LibraryError, and has it in memory then."""
        self._put(_draft(conversation_id, text, folds))

    def queue(self, conversation_id: str) -> list[QueuedMessage]:
        """Return the messages that wait in a conversation for the end of its answer, the next one
        first."""
        stored = self._value(f"queue {conversation_id}")
        pairs = [pair for pair in stored if isinstance(pair, list)] if stored else []
        return [
            QueuedMessage(pair[0], pair[1])
            for pair in pairs
            if len(pair) == 2 and all(isinstance(part, str) for part in pair)
        ]

    def put_queue(
        self,
        conversation_id: str,
        queue: Sequence[QueuedMessage],
        draft: str | None = None,
    ) -> None:
        """Keep the messages that wait in a conversation and, with `draft`, its unsent text, both or
        none: a message that goes from one to the other is in one of them at any time. Raises
        LibraryError, and has them in memory then."""
        values: dict[str, Any] = {} if draft is None else _draft(conversation_id, draft, ())
        values[f"queue {conversation_id}"] = [[one.id, one.text] for one in queue] or None
        self._put(values, durable=True)

    def rewrite(self, message_id: str) -> str | None:
        """Return the rewrite of a message that was begun and not sent; None without one."""
        return self._read(f"edit {message_id}")

    def put_rewrite(self, message_id: str, text: str | None) -> None:
        """Keep the rewrite of a message; None forgets it. Raises LibraryError, and has it in memory
        then."""
        self._put({f"edit {message_id}": text})

    def edited_message(self, conversation_id: str) -> str:
        """Return the id of the message that is being edited in a conversation; "" for none."""
        return self._read(f"editing {conversation_id}") or ""

    def put_edited_message(self, conversation_id: str, message_id: str) -> None:
        """Keep which message is being edited in a conversation; "" for none. Raises LibraryError,
        and has it in memory then."""
        self._put({f"editing {conversation_id}": message_id or None})

    def _read(self, name: str) -> str | None:
        value = self._value(name)
        return value if isinstance(value, str) else None

    def _value(self, name: str) -> Any:
        return self._unwritten[name] if name in self._unwritten else self._library.setting(name)

    def _put(self, values: dict[str, Any], *, durable: bool = False) -> None:
        self._unwritten |= values
        changed = {
            name: value
            for name, value in self._unwritten.items()
            if value != self._library.setting(name)
        }
        if changed:
            self._library.put_settings(changed, durable=durable)
        self._unwritten.clear()


def _draft(conversation_id: str, text: str, folds: Folds) -> dict[str, Any]:
    return {
        f"draft {conversation_id}": text or None,
        f"folds {conversation_id}": [list(fold) for fold in folds] or None,
    }
