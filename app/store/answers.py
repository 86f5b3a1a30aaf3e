"""Writes answers: an empty row with the request, chunks of text while it streams, then the whole.

A chunk is a row of its own. Appending to the text of the message would copy that text each time,
2,000 times for a long answer, which is twenty times as slow.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.chat.conversation import Message
from app.domain.errors import LibraryError
from app.domain.events import TokenProbabilities
from app.domain.text.surrogates import mend
from app.domain.text.translation import _
from app.store.cells import as_text
from app.store.database import Database
from app.store.message_rows import MESSAGES
from app.store.probabilities import put_probabilities
from app.store.requests import put_request

_INSERT = f"""
    INSERT INTO messages (conversation, {MESSAGES.listed()}, owner)
    VALUES (:conversation, {MESSAGES.placeholders()}, :owner)
"""  # noqa: S608 - the columns are our own
_BEGIN = f"""
    {_INSERT}
    ON CONFLICT (id) DO UPDATE SET owner = :owner, {MESSAGES.assignments()}
    WHERE conversation = :conversation
    RETURNING sequence
"""
_FINISH = f"""
    UPDATE messages SET owner = NULL, {MESSAGES.assignments()}
    WHERE id = :id
    RETURNING sequence, conversation
"""  # noqa: S608 - the columns are our own
_AMEND = f"""
    UPDATE messages SET {MESSAGES.assignments(but=["text"])}
    WHERE id = :id AND owner IS NULL
"""  # noqa: S608 - the columns are our own


def add_message(db: Database, conversation_id: str, message: Message, updated: float) -> None:
    """Add a message at the end and make it the conversation's current one."""
    with db.transaction(durable=True):
        _insert(db, conversation_id, message, updated)


def add_answer(
    db: Database,
    conversation_id: str,
    message: Message,
    probabilities: Sequence[TokenProbabilities],
    *,
    request: tuple[str, Mapping[str, Any]] | None,
    updated: float,
) -> None:
    """Add a complete answer with its request and its tokens' probabilities."""
    with db.transaction(durable=True):
        conversation = _insert(db, conversation_id, message, updated)
        sequence = db.value("SELECT sequence FROM messages WHERE id = ?", (message.id,))
        if request is not None:
            url, body = request
            put_request(db, conversation, sequence, url, body)
        put_probabilities(db, sequence, probabilities)


def begin_answer(
    db: Database,
    conversation_id: str,
    message: Message,
    request: Mapping[str, Any],
    *,
    url: str,
    owner: str,
) -> None:
    """Add an empty answer and its request. An answer that is in the library already starts again:
    its row gets the new cells, and its chunks are deleted."""
    with db.transaction(durable=True):
        conversation = _sequence_of(db, conversation_id)
        cells = MESSAGES.cells_of(message)
        sequence = db.value(_BEGIN, {"conversation": conversation, "owner": owner, **cells})
        if sequence is None:
            raise _gone()
        db.run("DELETE FROM chunks WHERE message = ?", (sequence,))
        put_request(db, conversation, sequence, url, request)
        db.run(
            "UPDATE conversations SET current = ? WHERE sequence = ?", (message.id, conversation)
        )


def append_to_answer(db: Database, message_id: str, text: str, reasoning: str) -> None:
    """Add a chunk to a streaming answer. Raises LibraryError if the answer is gone."""
    added = db.run(
        """
        INSERT INTO chunks (message, text, reasoning)
        SELECT sequence, ?, ? FROM messages WHERE id = ? AND status = 'streaming'
        """,
        (mend(text), mend(reasoning), message_id),
    )
    if not added:
        raise _gone()


def finish_answer(
    db: Database, message: Message, probabilities: Sequence[TokenProbabilities], updated: float
) -> None:
    """Write an answer's final form and delete its chunks. Raises LibraryError if it is gone."""
    with db.transaction(durable=True):
        row = db.row(_FINISH, MESSAGES.cells_of(message))
        if row is None:
            raise _gone()
        sequence, conversation = row
        db.run("DELETE FROM chunks WHERE message = ?", (sequence,))
        put_probabilities(db, sequence, probabilities)
        db.run("UPDATE conversations SET updated = ? WHERE sequence = ?", (updated, conversation))


def amend_answer(db: Database, message: Message) -> None:
    """Update the cells of a finished answer except its text. A deleted answer stays deleted."""
    db.run(_AMEND, MESSAGES.cells_of(message))


def owner_of(db: Database, message_id: str) -> str:
    """Return the owner id of the process that writes a streaming message, or wrote it before it
    died; "" for a finished message."""
    return as_text(db.value("SELECT owner FROM messages WHERE id = ?", (message_id,)))


def _insert(db: Database, conversation_id: str, message: Message, updated: float) -> int:
    conversation = _sequence_of(db, conversation_id)
    cells = MESSAGES.cells_of(message)
    db.run(_INSERT, {"conversation": conversation, "owner": None, **cells})
    db.run(
        "UPDATE conversations SET current = ?, updated = ? WHERE sequence = ?",
        (message.id, updated, conversation),
    )
    return conversation


def _sequence_of(db: Database, conversation_id: str) -> int:
    sequence = db.value("SELECT sequence FROM conversations WHERE id = ?", (conversation_id,))
    if sequence is None:
        raise _gone()
    return int(sequence)


def _gone() -> LibraryError:
    return LibraryError(
        _(
            "This chat is no longer in the library, so the message was not saved. Copy "
            "what you need into a new chat."
        )
    )
