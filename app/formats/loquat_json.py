"""Loquat's own format: everything that a library knows of its conversations, as JSON.

    {"format": "loquat", "version": 1, "conversations": [{…, "messages": [{…}, …]}, …]}

Every field of a conversation and of a message stands under its own name. One message stands on one
line, so that a file can be searched and compared with line tools and is written without ever being
in memory as a whole. Times are seconds since 1970 in UTC, as numbers; durations are seconds; costs
are US dollars with all their digits; a log probability of minus infinity, which JSON can't say, is
null. A conversation's `provider` is the id of a provider. A message's `provider` is the provider's
name when the file was written, its `provider_id` the id; files of earlier programs lack the latter.
There is never a key in the file: `request` is the address and the body of what was sent, and keys
travel in neither.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any

import msgspec

from app.domain.chat.conversation import Conversation
from app.domain.chat.reasoning_details import details_of
from app.domain.events import Candidate, TokenProbabilities
from app.domain.text.surrogates import mend
from app.formats.full_message import Conversations, FullMessage

VERSION = 1

Record = dict[str, Any]

_encoder = msgspec.json.Encoder(decimal_format="number")


def conversation_record(conversation: Conversation) -> Record:
    """Make the JSON object of a conversation without its messages."""
    return _record(conversation)


def message_record(full: FullMessage) -> Record:
    """Make the JSON object of a message."""
    message = full.message
    return {
        **_record(message),
        "provider": full.provider_name or message.provider,
        "provider_id": message.provider,
        "reasoning_details": details_of(message.reasoning_details),
        "request": _request_record(full.request),
        "probabilities": [probabilities_record(one) for one in full.probabilities],
    }


def _record(value: Any) -> Record:
    """Make a JSON object with each field of a dataclass under its name."""
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case tuple():
            return [_plain(one) for one in value]
        case Mapping():
            return dict(value)
        case _:
            return _record(value) if is_dataclass(value) else value


def _request_record(request: tuple[str, Any] | None) -> Record | None:
    if request is None:
        return None
    url, body = request
    return {"url": url, "body": body}


def probabilities_record(one: TokenProbabilities) -> Record:
    """Make the JSON object of a chosen token and its alternatives."""
    return {
        **_candidate_record(one.chosen),
        "in_reasoning": one.reasoning,
        "alternatives": [_candidate_record(other) for other in one.alternatives],
    }


def pieces(conversations: Conversations) -> Iterator[bytes]:
    """Yield a file in pieces of UTF-8, each of one message at most. Joined they are one JSON
    object."""
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
    """Encode a value as one line of JSON, in UTF-8. Decimals keep all their digits."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        # A lone surrogate, from a JSON escape that an old library may hold.
        return _encoder.encode(_mended(value))


def line(value: Any) -> str:
    """Encode a value as JSON on one line with a line break."""
    return encode(value).decode() + "\n"


def pretty(value: Any) -> str:
    """Encode a value as indented JSON with a line break."""
    return msgspec.json.format(encode(value), indent=2).decode() + "\n"


def _candidate_record(one: Candidate) -> Record:
    return {
        "token": one.token,
        "logprob": one.logprob,
        "bytes": None if one.bytes is None else list(one.bytes),
        "id": one.id,
    }


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
