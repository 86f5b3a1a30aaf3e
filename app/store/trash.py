"""The trash: lists deleted conversations, messages and sweeps, and deletes them for good.

A deleted row has the wall-clock time of its deletion in `trashed`, which is only shown. When it is
deleted for good depends on `trash_age`, a reading of the program's own clock of use
(`services/chat/trash.py`), since a wall clock may jump.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.chat.titles import excerpt_of
from app.domain.errors import NotFoundError
from app.domain.text.translation import _
from app.store.database import Database
from app.store.requests import part_from

#: Most items of a kind that are listed, the latest first.
MOST_LISTED = 500


class DeletedKind(StrEnum):
    """The kinds of things that can be in the trash."""

    CONVERSATION = "conversation"
    MESSAGES = "messages"
    SWEEP = "sweep"

    @property
    def table(self) -> str:
        """The name of the table."""
        return "messages" if self is DeletedKind.MESSAGES else f"{self.value}s"


@dataclass(frozen=True, slots=True)
class DeletedItem:
    """A deleted conversation or sweep, or the messages that were deleted together."""

    kind: DeletedKind
    #: The id of the conversation or sweep; of messages, the id of the first one.
    id: str
    #: The conversation's id, which differs from `id` for messages and sweeps.
    conversation: str
    #: The conversation's title; empty without one.
    title: str
    #: The first words of the first message; empty for conversations and sweeps.
    words: str
    #: When it was deleted: seconds since 1970 on the wall clock of that moment.
    deleted: float
    #: Number of messages of a conversation or deletion, of cells of a sweep.
    count: int


class Trash:
    """Reads and empties the trash of a library. Every call may raise LibraryError."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def items(self) -> list[DeletedItem]:
        """Return what is in the trash, the latest deletion first, at most MOST_LISTED of a kind.

        Messages and sweeps of a deleted conversation are listed once that is restored.
        """
        found = [
            DeletedItem(kind, id_, conversation, title, excerpt_of(words), deleted, count)
            for kind, query in _LISTS.items()
            for id_, conversation, title, words, deleted, count in self._db.rows(
                query, (MOST_LISTED,)
            )
        ]
        return sorted(found, key=lambda item: item.deleted, reverse=True)

    def messages_to_restore(self, message_id: str) -> tuple[list[str], str]:
        """Return the ids of the messages that were deleted together with a message, and of its
        deleted ancestors, without which nobody would see them; and the id of the newest of those
        deleted together. Raises NotFoundError."""
        ids = [
            id_ for (id_,) in self._db.rows(f"{_TOGETHER} ORDER BY other.sequence", (message_id,))
        ]
        if not ids:
            raise NotFoundError(_("These messages are no longer in the library."))
        newest = ids[-1]
        ids += [
            id_ for (id_,) in self._db.rows(_DELETED_ANCESTORS, (message_id,)) if id_ not in ids
        ]
        return ids, newest

    def holds(self, kind: DeletedKind, item_id: str) -> bool:
        """Return whether a conversation, message or sweep is in the trash, by its id."""
        return bool(
            self._db.value(
                f"SELECT 1 FROM {kind.table} WHERE id = ? AND trashed IS NOT NULL",  # noqa: S608
                (item_id,),
            )
        )

    def mark(self, age: float) -> None:
        """Give everything that was deleted since the last call its `trash_age`, in seconds."""
        for kind in DeletedKind:
            self._db.run(
                f"UPDATE {kind.table} SET trash_age = ?"  # noqa: S608 - our own table
                " WHERE trashed IS NOT NULL AND trash_age IS NULL",
                (age,),
            )

    def empty(self, marked_before: float) -> None:
        """Delete for good everything whose `trash_age` is less than `marked_before`, so that no
        trace of it stays in the file."""
        with self._db.transaction():
            old = "trashed IS NOT NULL AND trash_age < ?"
            part_from(self._db, f"SELECT sequence FROM messages WHERE {old}", marked_before)  # noqa: S608
            self._db.run(
                f"DELETE FROM settings WHERE {_OF_CONVERSATIONS.format(chosen=old)}",  # noqa: S608
                (marked_before, marked_before),
            )
            self._db.run(_FORGET_EDITS.format(chosen=old), (marked_before,))
            gone = sum(
                self._db.run(f"DELETE FROM {table} WHERE {old}", (marked_before,))  # noqa: S608
                for table in ("messages", "sweeps", "conversations")
            )
        self._forget(gone)

    def erase(self, item: DeletedItem) -> None:
        """Delete one item for good, so that no trace of it stays in the file. Nothing happens if it
        has been restored."""
        with self._db.transaction():
            if item.kind is DeletedKind.MESSAGES:
                part_from(self._db, _SEQUENCES_TOGETHER, item.id)
                chosen = f"sequence IN ({_SEQUENCES_TOGETHER})"
                self._db.run(_FORGET_EDITS.format(chosen=chosen), (item.id,))
                gone = self._db.run(
                    f"DELETE FROM messages WHERE sequence IN ({_SEQUENCES_TOGETHER})",  # noqa: S608
                    (item.id,),
                )
            elif item.kind is DeletedKind.SWEEP:
                gone = self._db.run(
                    "DELETE FROM sweeps WHERE id = ? AND trashed IS NOT NULL", (item.id,)
                )
            else:
                chosen = "id = ? AND trashed IS NOT NULL"
                self._db.run(
                    f"DELETE FROM settings WHERE {_OF_CONVERSATIONS.format(chosen=chosen)}",  # noqa: S608
                    (item.id, item.id),
                )
                gone = self._db.run(f"DELETE FROM conversations WHERE {chosen}", (item.id,))  # noqa: S608
        self._forget(gone)

    def _forget(self, gone: int) -> None:
        if gone:
            # secure_delete has overwritten the pages; the write-ahead log still has the old ones.
            self._db.checkpoint()


_LISTS = {
    DeletedKind.CONVERSATION: """
        SELECT id, id, title, '', trashed,
            (SELECT count(*) FROM messages
             WHERE conversation = conversations.sequence AND trashed IS NULL)
        FROM conversations WHERE trashed IS NOT NULL ORDER BY trashed DESC LIMIT ?
    """,
    # With min(), SQLite takes the other columns from the row that has the least value.
    DeletedKind.MESSAGES: """
        SELECT id, conversation, title, words, deleted, count FROM (
            SELECT messages.id AS id, conversations.id AS conversation, title,
                substr(text, 1, 500) AS words, messages.trashed AS deleted, count(*) AS count,
                min(messages.sequence)
            FROM messages JOIN conversations ON conversations.sequence = messages.conversation
            WHERE messages.trashed IS NOT NULL AND conversations.trashed IS NULL
            GROUP BY messages.conversation, messages.trashed
        ) ORDER BY deleted DESC LIMIT ?
    """,
    DeletedKind.SWEEP: """
        SELECT sweeps.id, conversations.id, title, '', sweeps.trashed,
            (SELECT count(*) FROM cells WHERE cells.sweep = sweeps.sequence)
        FROM sweeps JOIN conversations ON conversations.sequence = sweeps.conversation
        WHERE sweeps.trashed IS NOT NULL AND conversations.trashed IS NULL
        ORDER BY sweeps.trashed DESC LIMIT ?
    """,
}
_TOGETHER = """
    SELECT other.id FROM messages AS root JOIN messages AS other
        ON other.conversation = root.conversation AND other.trashed = root.trashed
    WHERE root.id = ?
"""
_SEQUENCES_TOGETHER = _TOGETHER.replace("other.id", "other.sequence", 1)
_DELETED_ANCESTORS = """
    WITH RECURSIVE above (id, parent) AS (
        SELECT id, parent FROM messages WHERE id = ?
        UNION
        SELECT messages.id, messages.parent FROM messages JOIN above ON messages.id = above.parent
        WHERE messages.trashed IS NOT NULL
    )
    SELECT id FROM above
"""
#: The names of settings of conversations and of their messages: presets, drafts with their folded
#: ranges, queued messages, drafts of edits.
_OF_CONVERSATIONS = """
    name IN (
        SELECT prefix || id FROM conversations,
            (SELECT 'draft ' AS prefix UNION ALL SELECT 'folds ' UNION ALL SELECT 'queue '
             UNION ALL SELECT 'editing ' UNION ALL SELECT 'preset of ')
        WHERE {chosen}
    ) OR name IN (
        SELECT 'edit ' || messages.id FROM messages
        WHERE conversation IN (SELECT sequence FROM conversations WHERE {chosen})
    )
"""
_FORGET_EDITS = """
    DELETE FROM settings WHERE name IN (SELECT 'edit ' || id FROM messages WHERE {chosen})
"""
