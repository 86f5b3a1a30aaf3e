"""Drafts: unsent texts of conversations, and rewrites of messages that are under way.

Each is kept under its own name in the table of settings, apart from `Settings`, since a draft that
could not be written must not be lost with it.
"""

from app.store.library import Library


class Drafts:
    """Drafts of a library. A draft that can't be written is kept in memory, and is written with
    the next draft that can."""

    def __init__(self, library: Library) -> None:
        self._library = library
        #: Names and texts that are not written yet; None for a draft that is to be deleted.
        self._unwritten: dict[str, str | None] = {}

    def text(self, conversation_id: str) -> str:
        """Return the unsent text of a conversation; "" is the next conversation, without an id."""
        return self._read(f"draft {conversation_id}") or ""

    def put_text(self, conversation_id: str, text: str) -> None:
        """Keep the unsent text of a conversation. Raises LibraryError, and has it in memory
        then."""
        self._put(f"draft {conversation_id}", text or None)

    def rewrite(self, message_id: str) -> str | None:
        """Return the rewrite of a message that was begun and not sent; None without one."""
        return self._read(f"edit {message_id}")

    def put_rewrite(self, message_id: str, text: str | None) -> None:
        """Keep the rewrite of a message; None forgets it. Raises LibraryError, and has it in memory
        then."""
        self._put(f"edit {message_id}", text)

    def edited_message(self, conversation_id: str) -> str:
        """Return the id of the message that is being edited in a conversation; "" for none."""
        return self._read(f"editing {conversation_id}") or ""

    def put_edited_message(self, conversation_id: str, message_id: str) -> None:
        """Keep which message is being edited in a conversation; "" for none. Raises LibraryError,
        and has it in memory then."""
        self._put(f"editing {conversation_id}", message_id or None)

    def _read(self, name: str) -> str | None:
        value = self._unwritten[name] if name in self._unwritten else self._stored(name)
        return value if isinstance(value, str) else None

    def _stored(self, name: str) -> str | None:
        value = self._library.setting(name)
        return value if isinstance(value, str) else None

    def _put(self, name: str, text: str | None) -> None:
        self._unwritten[name] = text
        for waiting, value in tuple(self._unwritten.items()):
            if value != self._stored(waiting):
                self._library.put_setting(waiting, value)
            del self._unwritten[waiting]
