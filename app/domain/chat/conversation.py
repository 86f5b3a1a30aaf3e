"""Conversations as trees of messages: a reply to the same parent is a branch."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.domain.errors import Remedy
from app.domain.events import Usage


class Role(StrEnum):
    """Who speaks. The system prompt belongs to the conversation and is not a message."""

    USER = "user"
    ASSISTANT = "assistant"
    #: What the tools answered that the message before called.
    TOOL = "tool"


class Status(StrEnum):
    """How far a message has come."""

    COMPLETE = "complete"
    STREAMING = "streaming"
    #: The person pressed Stop.
    STOPPED = "stopped"
    #: The stream or the program ended in the middle.
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds, on a monotonic clock, from the moment the request was sent."""

    first_token: float | None = None
    total: float | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function the model wants called; `arguments` is the JSON text as it came."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered to the call with this id; `source` says who gave it, in words."""

    call: str
    name: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `parent` is None for the first. Times are seconds since 1970.

    The exact request and the probabilities of an answer can be large: the library gives them by
    the message's id.
    """

    id: str
    parent: str | None
    role: Role
    text: str
    created: float
    status: Status = Status.COMPLETE
    reasoning: str = ""
    #: Of an answer: the id of the provider that was asked. Answers of old libraries may have the
    #: name of a provider that is gone.
    provider: str = ""
    #: Of an answer: the id of the model that was asked for.
    model: str = ""
    #: Of an answer: the name of the company that ran the model, as a router reports it.
    served_by: str = ""
    finish_reason: str = ""
    #: A sentence for the person, where the answer failed or was interrupted.
    error: str = ""
    usage: Usage | None = None
    #: US dollars; `cost_estimated` where it was computed from prices.
    cost: Decimal | None = None
    cost_estimated: bool = False
    timings: Timings = Timings()
    tool_calls: tuple[ToolCall, ...] = ()
    #: Of a message of Role.TOOL: the answers to the calls of its parent.
    tool_results: tuple[ToolResult, ...] = ()
    #: A JSON list: the reasoning as its provider wants it back, untouched.
    reasoning_details: str = ""
    #: The provider's own id of the answer.
    generation: str = ""
    #: Of an answer: what the person should know of how it was asked for, in sentences.
    note: str = ""
    #: Of an answer that failed: what may help.
    remedy: Remedy = Remedy.NONE

    @property
    def can_go_on(self) -> bool:
        """Whether it is an answer that was cut off, so that more of it can be asked for."""
        cut = self.status in {Status.STOPPED, Status.INTERRUPTED} or (
            self.status is Status.COMPLETE and self.finish_reason == "length"
        )
        return self.role is Role.ASSISTANT and cut and bool(self.text) and not self.tool_calls


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the sidebar and the panel show of a conversation; `current` is the leaf in view."""

    id: str
    title: str
    created: float
    updated: float
    current: str | None = None
    provider: str = ""
    model: str = ""
    system: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    #: Whom a router may ask, and in which order: the fields of `routing.ROUTING`.
    routing: Mapping[str, Any] = field(default_factory=dict)


def new_id() -> str:
    """Make an id that no other library has."""
    # What uuid4 takes too; its module, with platform, is 3 ms of a start.
    return os.urandom(16).hex()


class Tree:
    """The messages of one conversation, by parent. Every look-up is O(1) but for paths."""

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self._messages: dict[str, Message] = {}
        self._children: dict[str | None, list[str]] = {}
        for message in messages:
            self.put(message)

    def __contains__(self, message_id: object) -> bool:
        return message_id in self._messages

    def __getitem__(self, message_id: str) -> Message:
        return self._messages[message_id]

    def __len__(self) -> int:
        return len(self._messages)

    def put(self, message: Message) -> None:
        """Add a message, or replace the one with its id (whose parent stays)."""
        if message.id not in self._messages:
            self._children.setdefault(message.parent, []).append(message.id)
        self._messages[message.id] = message

    def below(self, message_id: str) -> list[Message]:
        """A message and all that was said after it, in every branch; parents come first."""
        found, waiting = [self._messages[message_id]], [message_id]
        while waiting:
            replies = self.children(waiting.pop())
            found += (self._messages[one] for one in replies)
            waiting += replies
        return found

    def remove(self, message_id: str) -> None:
        """Take a message out; those after it have to be gone."""
        message = self._messages.pop(message_id)
        self._children[message.parent].remove(message_id)
        self._children.pop(message_id, None)

    def children(self, message_id: str | None) -> tuple[str, ...]:
        """The replies to a message, oldest first; of None: the beginnings."""
        return tuple(self._children.get(message_id, ()))

    def siblings(self, message_id: str) -> tuple[str, ...]:
        """All branches at this place, itself included, oldest first."""
        return self.children(self._messages[message_id].parent)

    def path(self, leaf: str | None) -> list[Message]:
        """The messages from the beginning to `leaf`. A cycle or an orphan ends it quietly."""
        path: list[Message] = []
        seen: set[str] = set()
        while leaf is not None and leaf in self._messages and leaf not in seen:
            seen.add(leaf)
            path.append(self._messages[leaf])
            leaf = self._messages[leaf].parent
        path.reverse()
        return path

    def leaf_below(self, message_id: str) -> str:
        """Follow the newest reply from a message down to where nobody has answered."""
        seen = {message_id}
        while replies := self._children.get(message_id):
            if replies[-1] in seen:
                break
            message_id = replies[-1]
            seen.add(message_id)
        return message_id


def call_ids(calls: Sequence[ToolCall]) -> list[str]:
    """An id for each call of an answer, each another one: its provider's own where that is so."""
    ids: list[str] = []
    for number, call in enumerate(calls):
        id_ = call.id or f"call_{number}"
        ids.append(f"{id_}_{number}" if id_ in ids else id_)
    return ids


def is_whole(call: ToolCall) -> bool:
    """Whether a call came to its end, so that it can be answered and go back."""
    try:
        json.loads(call.arguments.strip() or "{}")
    except (ValueError, RecursionError):
        return False
    return bool(call.name)


TITLE_LENGTH = 60


def title_from(text: str) -> str:
    """Make a title of a question's first words: one line, at most TITLE_LENGTH characters."""
    line = " ".join(text[: TITLE_LENGTH * 8].split())
    if len(line) <= TITLE_LENGTH:
        return line
    cut = line[:TITLE_LENGTH].rsplit(" ", 1)[0] if " " in line[:TITLE_LENGTH] else ""
    return (cut or line[: TITLE_LENGTH - 1]).rstrip(",.;:–-") + "…"
