"""Loquat's own format: everything that a library knows of its conversations, as JSON.

    {"format": "loquat", "version": 1, "conversations": [{…, "messages": [{…}, …]}, …]}

One message stands on one line, so that a file can be searched and compared with line tools and
is written without ever being in memory as a whole. Times are seconds since 1970 in UTC, as
numbers; durations are seconds; costs are US dollars with all their digits; an unlikely token's
log probability of minus infinity, which JSON can't say, is null. There is never a key in it:
`request` is the address and the body of what was sent, and keys travel in neither.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from app.domain.chat.conversation import Conversation, Message, ToolCall, ToolResult
from app.domain.chat.reasoning_details import details_of
from app.domain.events import Candidate, TokenProbabilities, Usage
from app.domain.text.surrogates import mend

VERSION = 1

Record = dict[str, Any]

_encoder = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class FullMessage:
    """A message with what the library keeps apart from it because it is large."""

    message: Message
    #: The URL and the body of the exact request, of an answer that was asked for.
    request: tuple[str, Any] | None = None
    probabilities: Sequence[TokenProbabilities] = ()


def conversation_record(conversation: Conversation) -> Record:
    """Everything about a conversation but its messages."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created": conversation.created,
        "updated": conversation.updated,
        "current": conversation.current,
        "provider": conversation.provider,
        "model": conversation.model,
        "system": conversation.system,
        "parameters": dict(conversation.parameters),
        "routing": dict(conversation.routing),
    }


def message_record(full: FullMessage) -> Record:
    """Everything about a message."""
    message = full.message
    return {
        "id": message.id,
        "parent": message.parent,
        "role": message.role.value,
        "text": message.text,
        "reasoning": message.reasoning,
        "status": message.status.value,
        "error": message.error,
        "created": message.created,
        "provider": message.provider,
        "model": message.model,
        "served_by": message.served_by,
        "finish_reason": message.finish_reason,
        "request": request_record(full.request),
        "usage": usage_record(message.usage),
        "cost": message.cost,
        "cost_estimated": message.cost_estimated,
        "timings": {"first_token": message.timings.first_token, "total": message.timings.total},
        "tool_calls": [_tool_call_record(call) for call in message.tool_calls],
        "tool_results": [_tool_result_record(one) for one in message.tool_results],
        "reasoning_details": details_of(message.reasoning_details),
        "generation": message.generation,
        "note": message.note,
        "remedy": message.remedy.value,
        "probabilities": [probabilities_record(one) for one in full.probabilities],
    }


def request_record(request: tuple[str, Any] | None) -> Record | None:
    """The exact request; None where nothing was sent."""
    if request is None:
        return None
    url, body = request
    return {"url": url, "body": body}


def usage_record(usage: Usage | None) -> Record | None:
    """What was counted; None where nobody counted."""
    if usage is None:
        return None
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "cached_tokens": usage.cached_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "cost": usage.cost,
    }


def probabilities_record(one: TokenProbabilities) -> Record:
    """The token that came, and its alternatives."""
    return {
        **_candidate_record(one.chosen),
        "in_reasoning": one.reasoning,
        "alternatives": [_candidate_record(other) for other in one.alternatives],
    }


def pieces(
    conversations: Iterable[tuple[Conversation, Iterable[FullMessage]]],
) -> Iterator[bytes]:
    """Yield a whole file in pieces, a message at most each; joined they are one JSON object."""
    yield b'{"format": "loquat", "version": %d, "conversations": [' % VERSION
    between = b"\n"
    for conversation, messages in conversations:
        head = encode(conversation_record(conversation))
        yield between + head.removesuffix(b"}") + b',"messages":['
        inner = b"\n"
        for full in messages:
            yield inner + encode(message_record(full))
            inner = b",\n"
        yield b"\n]}"
        between = b",\n"
    yield b"\n]}\n"


def encode(value: Any) -> bytes:
    """Write one value on one line of UTF-8, decimals with all their digits."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        # Half a surrogate pair, from a JSON escape that a library of old may still hold.
        return _encoder.encode(_mended(value))


def line(value: Any) -> str:
    """Write one value as a line of text."""
    return encode(value).decode() + "\n"


def pretty(value: Any) -> str:
    """Write one value as lines to be read by people, too."""
    return msgspec.json.format(encode(value), indent=2).decode() + "\n"


def _candidate_record(one: Candidate) -> Record:
    return {
        "token": one.token,
        "logprob": one.logprob,
        "bytes": None if one.bytes is None else list(one.bytes),
        "id": one.id,
    }


def _tool_call_record(call: ToolCall) -> Record:
    return {"id": call.id, "name": call.name, "arguments": call.arguments}


def _tool_result_record(one: ToolResult) -> Record:
    return {"call": one.call, "name": one.name, "text": one.text, "source": one.source}


def _mended(value: Any) -> Any:
    match value:
        case str():
            return mend(value)
        case dict():
            return {mend(str(name)): _mended(one) for name, one in value.items()}
        case list() | tuple():
            return [_mended(one) for one in value]
        case _:
            return value
