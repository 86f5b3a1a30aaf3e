"""What a stream says, one frozen value an event: the only words between wire and reply."""

import builtins
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any


class FinishReason(StrEnum):
    """Why an answer ended. Stopping is a reason, not an error."""

    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    CONTENT_FILTER = "content_filter"
    ERROR = "error"
    #: The person pressed Stop; no wire says this.
    STOPPED = "stopped"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """A piece of the reasoning that precedes the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDetails:
    """Pieces of the reasoning in its provider's own form, which go back to it untouched."""

    pieces: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of the call at `index`; `id` and `name` come once, `arguments` is appended."""

    index: int
    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A token that could have come: natural log of its probability, its bytes where given."""

    token: str
    logprob: float
    bytes: builtins.bytes | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class TokenProbabilities:
    """The token that came and its alternatives, most likely first."""

    chosen: Candidate
    alternatives: tuple[Candidate, ...]
    #: True where the token belongs to the reasoning rather than to the answer.
    reasoning: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """What was counted, in tokens; `cost` in US dollars where the provider says it."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    cached_tokens: int | None = None
    cost: Decimal | None = None
    cache_write_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """Who really answers: the provider's own id of the answer, the model, the serving host."""

    id: str = ""
    model: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """The provider's word that the answer is complete; `native` is its own spelling."""

    reason: FinishReason
    native: str = ""


Event = (
    TextDelta
    | ReasoningDelta
    | ReasoningDetails
    | ToolCallDelta
    | TokenProbabilities
    | Usage
    | Served
    | Finished
)
