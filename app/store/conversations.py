"""Reads and changes conversations, and reads their messages; answers.py writes messages."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.domain.chat.conversation import Conversation, Message, Status
from app.domain.chat.reading_place import ReadingPlace, TextSpot
from app.domain.errors import NotFoundError
from app.domain.text.translation import _
from app.store.abandoned_answers import chunks_of
from app.store.cells import from_json, to_json
from app.store.columns import Column, Columns, text
from app.store.database import Database
from app.store.message_rows import MESSAGES


def _object(cell: str) -> dict[str, Any]:
    value = from_json(cell, {})
    return value if isinstance(value, dict) else {}


def _object_cell(value: Mapping[str, Any]) -> str:
    return to_json(dict(value))


#: The stored columns of a conversation.
CONVERSATIONS: Columns[Conversation] = Columns(
    Conversation,
    (
        Column("id", required=True, fixed=True),
        text("title"),
        Column("created", required=True, fixed=True, kind=float),
        Column("updated", required=True, kind=float),
        Column("current"),
        text("provider"),
        text("model"),
        text("system"),
        Column("parameters", write=_object_cell, read=_object, required=True),
        Column("unread", write=int, read=bool, empty=False, required=True),
        Column("routing", write=_object_cell, read=_object, required=True),
    ),
)
#: The list in the sidebar: one walk of conversations_by_recency, backwards.
LISTING = f"""
    SELECT {CONVERSATIONS.listed()} FROM conversations
    WHERE trashed IS NULL ORDER BY updated DESC, sequence DESC
"""  # noqa: S608 - the columns are our own
_MESSAGES = f"""
    SELECT {MESSAGES.listed("messages")}
    FROM conversations JOIN messages ON messages.conversation = conversations.sequence
    WHERE conversations.id = ? AND messages.trashed IS NULL ORDER BY messages.sequence
"""  # noqa: S608 - the columns are our own


def conversations(db: Database) -> list[Conversation]:
    """Return all conversations outside the trash, the most recently updated first."""
    return [CONVERSATIONS.of_row(row) for row in db.rows(LISTING)]


def conversation(db: Database, conversation_id: str) -> Conversation:
    """Return a conversation. Raises NotFoundError, also for a conversation in the trash."""
    row = db.row(
        f"SELECT {CONVERSATIONS.listed()} FROM conversations"  # noqa: S608
        " WHERE id = ? AND trashed IS NULL",
        (conversation_id,),
    )
    if row is None:
        raise _not_found()
    return CONVERSATIONS.of_row(row)


def messages(db: Database, conversation_id: str) -> list[Message]:
    """Return all messages of a conversation in order of arrival. A streaming message has the text
    that came so far."""
    found = [MESSAGES.of_row(row) for row in db.rows(_MESSAGES, (conversation_id,))]
    for index, message in enumerate(found):
        if message.status is Status.STREAMING:
            found[index] = _with_chunks(db, message)
    return found


def add_conversation(db: Database, added: Conversation) -> None:
    """Add a conversation, which has no messages yet."""
    db.run(
        f"INSERT INTO conversations ({CONVERSATIONS.listed()})"  # noqa: S608
        f" VALUES ({CONVERSATIONS.placeholders()})",
        CONVERSATIONS.cells_of(added),
    )


def update_conversation(db: Database, changed: Conversation) -> None:
    """Update all cells of a conversation that can change. Raises NotFoundError."""
    updated = db.run(
        f"UPDATE conversations SET {CONVERSATIONS.assignments()} WHERE id = :id",  # noqa: S608
        CONVERSATIONS.cells_of(changed),
    )
    if not updated:
        raise _not_found()


def place(db: Database, conversation_id: str) -> ReadingPlace | None:
    """Return the place at which a conversation was left; None for its end, or if the cell is
    damaged."""
    cell = db.value("SELECT place FROM conversations WHERE id = ?", (conversation_id,))
    record = None if cell is None else from_json(cell, None)
    match record:
        case [str(message), int(part), int(offset), int(down), str(seen)]:
            return ReadingPlace(message, TextSpot(part, offset, down), seen)
        case _:
            return None


def put_place(db: Database, conversation_id: str, left: ReadingPlace | None) -> None:
    """Store the place at which a conversation was left; None for its end."""
    cell = None
    if left is not None:
        spot = left.spot
        cell = to_json([left.message, spot.part, spot.offset, spot.down, left.seen])
    db.run("UPDATE conversations SET place = ? WHERE id = ?", (cell, conversation_id))


def delete_conversation(db: Database, conversation_id: str) -> None:
    """Put a conversation into the trash. Nothing happens if it is there already or is missing."""
    db.run(
        "UPDATE conversations SET trashed = ? WHERE id = ? AND trashed IS NULL",
        (time.time(), conversation_id),
    )


def restore_conversation(db: Database, conversation_id: str) -> None:
    """Take a conversation out of the trash. Raises NotFoundError."""
    if not db.run(
        "UPDATE conversations SET trashed = NULL, trash_age = NULL WHERE id = ?", (conversation_id,)
    ):
        raise _not_found()


def delete_messages(db: Database, message_ids: Sequence[str], current: str | None) -> None:
    """Put messages of one conversation into the trash, durably. `current` becomes the id of the
    last message in view."""
    _move_messages(db, message_ids, time.time(), current)


def restore_messages(db: Database, message_ids: Sequence[str], current: str | None) -> None:
    """Take messages of one conversation out of the trash, durably. `current` becomes the id of the
    last message in view."""
    _move_messages(db, message_ids, None, current)


def _move_messages(
    db: Database, message_ids: Sequence[str], trashed: float | None, current: str | None
) -> None:
    with db.transaction(durable=True):
        for message_id in message_ids:
            db.run(
                "UPDATE messages SET trashed = ?, trash_age = NULL WHERE id = ?",
                (trashed, message_id),
            )
        db.run(
            """
            UPDATE conversations SET current = ?
            WHERE sequence = (SELECT conversation FROM messages WHERE id = ?)
            """,
            (current, message_ids[0]),
        )


def _with_chunks(db: Database, message: Message) -> Message:
    sequence = db.value("SELECT sequence FROM messages WHERE id = ?", (message.id,))
    text, reasoning = chunks_of(db, sequence)
    return replace(message, text=message.text + text, reasoning=message.reasoning + reasoning)


def _not_found() -> NotFoundError:
    return NotFoundError(_("This chat isn't in the library."))
