"""The exact request of every answer, kept without keeping the conversation once per answer.

Each question repeats all that was said before, so whole bodies would grow with the square of a
conversation. A request is kept as its body without the messages, and those messages that an
earlier request, its base, doesn't begin with. JSON texts are compared, not values: `1`, `1.0`
and `true` are equal to Python, and a dictionary's order is not seen by `==`.
"""

from collections.abc import Mapping
from typing import Any

from app.store.cells import from_json, to_json
from app.store.database import Database

#: After so many links a request is kept whole, which bounds what reading one costs.
LINKS = 100


def put_request(
    db: Database, conversation: int, message: int, url: str, body: Mapping[str, Any]
) -> None:
    """Keep the request that a message answers; both are given by their sequence."""
    messages = body.get("messages")
    if not isinstance(messages, list):
        _insert(db, message, url, to_json(body), None, 0, 0, None)
        return
    lines = [to_json(one) for one in messages]
    base, kept, depth = _best_base(db, conversation, message, lines)
    head = to_json({**body, "messages": None})
    _insert(db, message, url, head, base, kept, depth, "\n".join(lines[kept:]))


def request(db: Database, message_id: str) -> tuple[str, dict[str, Any]] | None:
    """The address and the body that were sent for a message; None where none can be read."""
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
    return url, body


def request_head(db: Database, message_id: str) -> dict[str, Any] | None:
    """The body that was sent for a message but for its messages, which take long to read."""
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
    """The ids of a conversation's messages whose request is kept."""
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


def part_from(db: Database, messages: str, older_than: float) -> None:
    """Make whole those requests that build on the requests of messages which are to be deleted.

    `messages` is our own query for their sequences, with a moment as its parameter.
    """
    building = db.rows(
        f"""
        SELECT requests.sequence FROM requests
        JOIN requests AS base ON base.sequence = requests.base
        WHERE base.message IN ({messages}) AND requests.message NOT IN ({messages})
        """,  # noqa: S608 - the query is our own
        (older_than, older_than),
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
    """Find what to build on: the base's sequence, how many lines it gives, the depth."""
    best: tuple[int | None, int, int] = (None, 0, 0)
    for candidate in _candidates(db, conversation, message):
        theirs, depth = _lines(db, candidate)
        kept = _shared(theirs or [], lines)
        if kept > best[1] and depth < LINKS:
            best = (candidate, kept, depth + 1)
        if kept >= len(lines) - 2:
            # All but an answer and the next question: nothing gives more.
            break
    return best


def _candidates(db: Database, conversation: int, message: int) -> list[int]:
    """The conversation's newest request, and that of the answer before this one in its branch."""
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
    """A request's messages as JSON texts, None where a link is lost; and its depth."""
    links: list[tuple[int, str]] = []
    base: int | None = sequence
    # One by one: a recursive query would copy every text twice.
    while base is not None and len(links) <= LINKS:
        link = db.row("SELECT base, kept, rest FROM requests WHERE sequence = ?", (base,))
        if link is None:
            return None, 0
        base, kept, rest = link
        links.append((kept, rest))
    if base is not None:
        return None, 0
    lines: list[str] = []
    for kept, rest in reversed(links):
        del lines[kept:]
        if rest:
            lines.extend(rest.split("\n"))
    return lines, len(links) - 1


def _shared(theirs: list[str], ours: list[str]) -> int:
    """How many texts both begin with."""
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
