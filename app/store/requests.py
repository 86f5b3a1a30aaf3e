"""The exact request of every answer, stored as differences between requests.

Each request repeats the whole conversation, so whole bodies would grow with the square of its
length. A stored request is the body without its messages (`head`), a reference to an earlier
request (`base`), the number of messages that both begin with (`kept`), and the other messages
(`rest`). Messages are compared as JSON texts, since Python's `==` takes `1`, `1.0` and `True` for
equal and ignores the order of keys.
"""

from collections.abc import Mapping
from typing import Any

from app.store.cells import as_text, from_json, to_json
from app.store.database import Database

#: Longest chain of bases. It bounds the time to read a request.
LINKS = 100


def put_request(
    db: Database, conversation: int, message: int, url: str, body: Mapping[str, Any]
) -> None:
    """Store the request of an answer. `conversation` and `message` are row numbers (`sequence`)."""
    messages = body.get("messages")
    if not isinstance(messages, list):
        _insert(db, message, url, to_json(body), None, 0, 0, None)
        return
    lines = [to_json(one) for one in messages]
    base, kept, depth = _best_base(db, conversation, message, lines)
    head = to_json({**body, "messages": None})
    _insert(db, message, url, head, base, kept, depth, "\n".join(lines[kept:]))


def request(db: Database, message_id: str) -> tuple[str, dict[str, Any]] | None:
    """Return the URL and the body of an answer's request; None if it is missing or damaged."""
    row = db.row(
        """
        SELECT requests.sequence, requests.url, requests.head, requests.rest IS NOT NULL
        FROM messages JOIN requests ON requests.message = messages.sequence
        WHERE messages.id = ? ORDER BY requests.sequence DESC LIMIT 1
        """,
        (message_id,),
    )
    if row is None:
        return None
    sequence, url, head, has_messages = row
    body = from_json(head, None)
    if not isinstance(body, dict):
        return None
    if has_messages:
        lines, _depth = _lines(db, sequence)
        messages = None if lines is None else from_json(f"[{','.join(lines)}]", None)
        if messages is None:
            return None
        body["messages"] = messages
    return as_text(url), body


def request_head(db: Database, message_id: str) -> dict[str, Any] | None:
    """Return the body of an answer's request with an empty list of messages, which take long to
    read; None if the request is missing or damaged."""
    head = db.value(
        """
        SELECT requests.head
        FROM messages JOIN requests ON requests.message = messages.sequence
        WHERE messages.id = ? ORDER BY requests.sequence DESC LIMIT 1
        """,
        (message_id,),
    )
    body = from_json(head, None) if head is not None else None
    return {**body, "messages": []} if isinstance(body, dict) else None


def answers_with_request(db: Database, conversation_id: str) -> set[str]:
    """Return the ids of a conversation's messages whose request is kept."""
    rows = db.rows(
        """
        SELECT messages.id FROM conversations
        JOIN messages ON messages.conversation = conversations.sequence
        WHERE conversations.id = ?
        AND EXISTS (SELECT 1 FROM requests WHERE requests.message = messages.sequence)
        """,
        (conversation_id,),
    )
    return {message_id for (message_id,) in rows}


def part_from(db: Database, messages: str, value: float | str) -> None:
    """Store requests whole whose base is a request of a message that will be deleted.

    `messages` is a query for the row numbers of these messages; its one parameter is `value`.
    """
    building = db.rows(
        f"""
        SELECT requests.sequence FROM requests
        JOIN requests AS base ON base.sequence = requests.base
        WHERE base.message IN ({messages}) AND requests.message NOT IN ({messages})
        """,  # noqa: S608 - the query is our own
        (value, value),
    )
    for (sequence,) in building:
        lines, _depth = _lines(db, sequence)
        if lines is not None:
            db.run(
                "UPDATE requests SET base = NULL, kept = 0, depth = 0, rest = ? WHERE sequence = ?",
                ("\n".join(lines), sequence),
            )


def _best_base(
    db: Database, conversation: int, message: int, lines: list[str]
) -> tuple[int | None, int, int]:
    """Return the best base for a request: its row number, the number of messages that both begin
    with, and the depth of the new request; None and zeros if there is no base."""
    best: tuple[int | None, int, int] = (None, 0, 0)
    for candidate in _candidates(db, conversation, message):
        theirs, depth = _lines(db, candidate)
        kept = _shared(theirs or [], lines)
        if kept > best[1] and depth < LINKS:
            best = (candidate, kept, depth + 1)
        if kept >= len(lines) - 2:
            # Only an answer and the next question differ: no other base shares more.
            break
    return best


def _candidates(db: Database, conversation: int, message: int) -> list[int]:
    """Return the row numbers of the conversation's newest request and of the request of the
    previous answer in the same branch."""
    newest = db.value(
        """
        SELECT requests.sequence FROM messages JOIN requests ON requests.message = messages.sequence
        WHERE messages.conversation = ? ORDER BY messages.sequence DESC LIMIT 1
        """,
        (conversation,),
    )
    before = db.value(
        """
        SELECT requests.sequence FROM messages AS answer
        JOIN messages AS question ON question.id = answer.parent
        JOIN messages AS before ON before.id = question.parent
        JOIN requests ON requests.message = before.sequence
        WHERE answer.sequence = ? ORDER BY requests.sequence DESC LIMIT 1
        """,
        (message,),
    )
    return [one for one in dict.fromkeys((newest, before)) if one is not None]


def _lines(db: Database, sequence: int) -> tuple[list[str] | None, int]:
    """Return a request's messages as JSON texts, None if a base is missing; and its depth."""
    links: list[tuple[int, str]] = []
    base: int | None = sequence
    # Not a recursive query, which would copy every text twice.
    while base is not None and len(links) <= LINKS:
        link = db.row("SELECT base, kept, rest FROM requests WHERE sequence = ?", (base,))
        if link is None:
            return None, 0
        base, kept, rest = link
        links.append((kept if isinstance(kept, int) else 0, as_text(rest)))
    if base is not None:
        return None, 0
    lines: list[str] = []
    for kept, rest in reversed(links):
        del lines[kept:]
        if rest:
            lines.extend(rest.split("\n"))
    return lines, len(links) - 1


def _shared(theirs: list[str], ours: list[str]) -> int:
    """Return the number of texts that both lists begin with."""
    count = 0
    for one, other in zip(theirs, ours, strict=False):
        if one != other:
            break
        count += 1
    return count


def _insert(db: Database, *values: Any) -> None:
    db.run(
        """
        INSERT INTO requests (message, url, head, base, kept, depth, rest)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        values,
    )
