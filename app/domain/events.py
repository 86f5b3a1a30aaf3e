"""The events of a streamed answer, as frozen values: the interface between `api` and `Reply`."""

import builtins
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any


class FinishReason(StrEnum):
    """The reason why an answer ended. Being stopped by the person is a reason, not an error."""

    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    CONTENT_FILTER = "content_filter"
    ERROR = "error"
    #: The person pressed Stop; no provider sends this value.
    STOPPED = "stopped"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """A piece of the reasoning text that precedes the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDetails:
    """Pieces of the provider's own form of the reasoning (OpenRouter's `reasoning_details`).

    They are sent back to the provider unchanged in the next request.
    """

    pieces: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of the tool call number `index` (from 0) of an answer.

    `id` and `name` come whole, in one piece, and are empty in the others; `arguments` is a part
    of a JSON text, to be appended.
    """

    index: int
    id: str
    name: str
    arguments: str


class CallDoubt(StrEnum):
    """The reason why a tool call may not be what the model meant."""

    NONE = ""
    #: A piece of its arguments may belong to another call.
    MIXED = "mixed"
    #: A piece of it came after the end of the answer.
    LATE = "late"
    #: A piece of the answer was lost.
    LOST = "lost"
    #: The server sent several answers at once.
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class ToolCallDoubt:
    """Tool call number `index` (from 0) is doubtful from now on."""

    index: int
    doubt: CallDoubt


@dataclass(frozen=True, slots=True)
class Candidate:
    """A token that the model could have chosen at a position, with its log probability (nats).

    `bytes` are the token's UTF-8 bytes and `id` its vocabulary id, if the server gives them.
    """

    token: str
    logprob: float
    bytes: builtins.bytes | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class TokenProbabilities:
    """The token chosen at one position, and its alternatives, most likely first."""

    chosen: Candidate
    alternatives: tuple[Candidate, ...]
    #: True if the token belongs to the reasoning rather than to the answer.
    reasoning: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts of a request and its answer, and its cost in US dollars; None if not given."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    cached_tokens: int | None = None
    cost: Decimal | None = None
    cache_write_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """The provider's own id of the answer, the model that answers, and the host that serves it.

    Fields are empty if the provider doesn't name them.
    """

    id: str = ""
    model: str = ""
    provider: str = ""


class Loss(StrEnum):
    """The reason why a piece that the server sent is not in the answer."""

    #: It was damaged, or of an unknown form.
    UNREADABLE = "unreadable"
    #: It belongs to another of several answers, of which only the first is shown.
    OTHER_ANSWER = "other answer"


@dataclass(frozen=True, slots=True)
class PieceLost:
    """A piece of the stream that is not in the answer."""

    loss: Loss


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of an answer as the provider reports it; `native` is the provider's own spelling."""

    reason: FinishReason
    native: str = ""


Event = (
    TextDelta
    | ReasoningDelta
    | ReasoningDetails
    | ToolCallDelta
    | ToolCallDoubt
    | TokenProbabilities
    | Usage
    | Served
    | PieceLost
    | Finished
)
