"""Conversations as trees of messages: each reply to the same parent begins a branch."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.domain.errors import Remedy, UseValue
from app.domain.events import CallDoubt, Usage


class Role(StrEnum):
    """The author of a message. The system prompt is a field of the conversation, not a message."""

    USER = "user"
    ASSISTANT = "assistant"
    #: The results of the tools that the parent message called.
    TOOL = "tool"


class Status(StrEnum):
    """The state of a message: being streamed, or how it ended."""

    COMPLETE = "complete"
    STREAMING = "streaming"
    #: The person pressed Stop.
    STOPPED = "stopped"
    #: The stream or the program ended in the middle.
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Timings:
    """Durations in seconds, on a monotonic clock, from the sending of the request.

    `first_token` is the time to the first token, `total` the time to the end of the answer, and
    `reasoning` the time from the first reasoning to the end of the reasoning; None if not measured.
    """

    first_token: float | None = None
    total: float | None = None
    reasoning: float | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model's request to call the function `name`; `arguments` is JSON text as received.

    With a `doubt` the call may not be what the model meant.
    """

    id: str
    name: str
    arguments: str
    doubt: CallDoubt = CallDoubt.NONE


@dataclass(frozen=True, slots=True)
class ToolResult:
    """A tool's result for the call with id `call`; `source` says in words who or what gave it."""

    call: str
    name: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a conversation; `parent` is None for a first message.

    `created` is in seconds since 1970. An answer's exact request and its token probabilities can
    be large, so they are not fields: the library returns them by the message's id.
    """

    id: str
    parent: str | None
    role: Role
    text: str
    created: float
    status: Status = Status.COMPLETE
    reasoning: str = ""
    #: For answers: the id of the provider that was asked. Answers in old libraries may have the
    #: name of a provider that is gone.
    provider: str = ""
    #: Of an answer: the id of the model that was asked for.
    model: str = ""
    #: Of an answer: the name of the company that ran the model, as a router reports it.
    served_by: str = ""
    finish_reason: str = ""
    #: A sentence for the person if the answer failed or was interrupted.
    error: str = ""
    usage: Usage | None = None
    #: US dollars; `cost_estimated` is True if computed from prices, not reported.
    cost: Decimal | None = None
    cost_estimated: bool = False
    timings: Timings = Timings()
    tool_calls: tuple[ToolCall, ...] = ()
    #: For messages of Role.TOOL: the results of the parent's tool calls.
    tool_results: tuple[ToolResult, ...] = ()
    #: A JSON list: the reasoning in the provider's own form, to be sent back unchanged.
    reasoning_details: str = ""
    #: The provider's own id of the answer.
    generation: str = ""
    #: For answers: sentences for the person about how the request was changed or repeated.
    note: str = ""
    #: For failed answers: the setting, or the value of a parameter, that may mend the failure.
    remedy: Remedy | UseValue = Remedy.NONE

    @property
    def is_empty(self) -> bool:
        """Whether this is an answer that ended well, but with neither text nor tool calls."""
        ended = self.role is Role.ASSISTANT and self.status is Status.COMPLETE
        return ended and not self.tool_calls and not self.text.strip()

    @property
    def can_go_on(self) -> bool:
        """Whether the model can continue this message: an answer with text and without tool
        calls that was stopped, was interrupted, or ended at the token limit."""
        cut = self.status in {Status.STOPPED, Status.INTERRUPTED} or (
            self.status is Status.COMPLETE and self.finish_reason == "length"
        )
        return self.role is Role.ASSISTANT and cut and bool(self.text) and not self.tool_calls


@dataclass(frozen=True, slots=True)
class Conversation:
    """The settings and title of a conversation, without its messages.

    `current` is the id of the last message of the branch in view; `created` and `updated` are
    seconds since 1970.
    """

    id: str
    title: str
    created: float
    updated: float
    current: str | None = None
    provider: str = ""
    model: str = ""
    system: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    #: The upstream providers that a router may use, and their order: fields of `routing.ROUTING`.
    routing: Mapping[str, Any] = field(default_factory=dict)
    #: Whether an answer has come that the person hasn't seen.
    unread: bool = False


class Tree:
    """The messages of one conversation, indexed by id and by parent.

    Look-ups are O(1); paths and subtrees take time in proportion to their length.
    """

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

    def all(self) -> list[Message]:
        """Return the messages of every branch in the order in which they were added."""
        return list(self._messages.values())

    def put(self, message: Message) -> None:
        """Add a message, or replace the message with the same id; its parent must not change."""
        if message.id not in self._messages:
            self._children.setdefault(message.parent, []).append(message.id)
        self._messages[message.id] = message

    def below(self, message_id: str) -> list[Message]:
        """Return a message and all its descendants, in every branch; parents come first."""
        messages, waiting = [self._messages[message_id]], [message_id]
        while waiting:
            replies = self.children(waiting.pop())
            messages += (self._messages[reply] for reply in replies)
            waiting += replies
        return messages

    def remove(self, message_id: str) -> None:
        """Remove a message; its replies must have been removed before."""
        message = self._messages.pop(message_id)
        self._children[message.parent].remove(message_id)
        self._children.pop(message_id, None)

    def children(self, message_id: str | None) -> tuple[str, ...]:
        """Return the ids of a message's replies, oldest first; for None, of the first messages."""
        return tuple(self._children.get(message_id, ()))

    def siblings(self, message_id: str) -> tuple[str, ...]:
        """Return the ids of all replies to the same parent, this one included, oldest first."""
        return self.children(self._messages[message_id].parent)

    def path(self, leaf: str | None) -> list[Message]:
        """Return the messages from the first one to `leaf`.

        In a damaged library the path stops, without an error, at a missing parent or a cycle.
        """
        path: list[Message] = []
        seen: set[str] = set()
        while leaf is not None and leaf in self._messages and leaf not in seen:
            seen.add(leaf)
            path.append(self._messages[leaf])
            leaf = self._messages[leaf].parent
        path.reverse()
        return path

    def leaf_below(self, message_id: str) -> str:
        """Follow the newest replies from a message down, and return the last message's id."""
        seen = {message_id}
        while replies := self._children.get(message_id):
            if replies[-1] in seen:
                break
            message_id = replies[-1]
            seen.add(message_id)
        return message_id


def call_ids(calls: Sequence[ToolCall]) -> list[str]:
    """Return an id for each call of an answer, all different.

    This is the provider's id, or a made-up one with the call's number if that is empty or a repeat.
    """
    ids: list[str] = []
    for number, call in enumerate(calls):
        id_ = call.id or f"call_{number}"
        ids.append(f"{id_}_{number}" if id_ in ids else id_)
    return ids


def is_whole(call: ToolCall) -> bool:
    """Whether a call can be answered: it has a name, and its arguments are valid JSON or empty."""
    try:
        json.loads(call.arguments.strip() or "{}")
    except (ValueError, RecursionError):
        return False
    return bool(call.name)
