"""Checks finished answers against the JSON Schema that they were to fit, and notes the result."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.domain.chat.conversation import Message, Status
from app.domain.chat.verdict_marks import RIGHT, WRONG
from app.domain.errors import LibraryError, LoquatError
from app.domain.text.translation import _, ngettext
from app.services.chat.chat import Chat
from app.services.chat.conversations import Conversations
from app.services.schemas.validation import Violation, violations
from app.services.tasks import Tasks
from app.store.library import Library

log = logging.getLogger(__name__)

MOST_SHOWN = 10


class Verdicts:
    """Validates each finished answer that was requested as JSON, in a process of its own, and adds
    the result to the note of its message."""

    def __init__(
        self, chat: Chat, library: Library, conversations: Conversations, tasks: Tasks
    ) -> None:
        self._library = library
        self._conversations = conversations
        self._tasks = tasks
        chat.finished.connect(self._take_answer)

    def _take_answer(self, conversation_id: str, message: Message) -> None:
        if message.status is not Status.COMPLETE or not message.text:
            return
        try:
            asked = self._library.request(message.id)
        except LibraryError as failure:
            log.info("what was asked is not known: %s", failure.detail)
            return
        wanted = asked[1].get("response_format") if asked is not None else None
        schema = schema_of(wanted)
        if schema is not None:
            work = self._judge(conversation_id, message.id, message.text, schema)
            self._tasks.spawn(work, f"verdict on {message.id}")

    async def _judge(self, conversation_id: str, message_id: str, text: str, schema: Any) -> None:
        found = await asyncio.to_thread(violations, text, schema)
        try:
            # The conversation may have been closed meanwhile.
            opened = self._conversations.open(conversation_id)
        except LoquatError:
            return
        if message_id not in opened.tree:
            return
        message = opened.tree[message_id]
        if message.status is not Status.COMPLETE or message.text != text:
            # The answer has been continued meanwhile.
            return
        note = "\n".join(line for line in (message.note, verdict(found, schema)) if line)
        self._conversations.amend_answer(opened, replace(message, note=note))


def schema_of(wanted: Any) -> Any:
    """Return the schema of a `response_format`; for plain JSON `{"type": "object"}`; None if text
    was requested."""
    if not isinstance(wanted, dict):
        return None
    match wanted.get("type"):
        case "json_object":
            return {"type": "object"}
        case "json_schema":
            described = wanted.get("json_schema")
            schema = described.get("schema") if isinstance(described, dict) else None
            return schema if isinstance(schema, dict) else None
        case _:
            return None


def verdict(found: Sequence[Violation], schema: Any) -> str:
    """Return the note on an answer: one line if it fits, else a line for each violation."""
    if not found:
        plain = schema == {"type": "object"}
        return RIGHT + (_("Valid JSON.") if plain else _("The answer matches the schema."))
    count = len(found)
    head = ngettext(
        "The answer doesn't match the requested format in {n} place:",
        "The answer doesn't match the requested format in {n} places:",
        count,
    ).format(n=count)
    lines = [WRONG + head]
    lines += [
        f"{one.path}: {one.message}" if one.path else one.message for one in found[:MOST_SHOWN]
    ]
    if count > MOST_SHOWN:
        lines.append(_("and {n} more").format(n=count - MOST_SHOWN))
    return "\n".join(lines)
