"""The JSON of an answer as structs: only the fields that we use, each perhaps null or absent.

What a provider adds is skipped without being built. What has the wrong type, or holds half a
surrogate pair, takes a second, slower way that keeps everything else.
"""

import json
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, get_args, get_origin

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import fields

#: SQLite and JavaScript hold no larger one exactly.
Count = Annotated[int, Meta(ge=0, le=2**53)]
Byte = Annotated[int, Meta(ge=0, le=255)]


class Scored(Struct, gc=False):
    """A token with the natural logarithm of its probability; `id` is llama.cpp's."""

    token: str = ""
    logprob: float | None = None
    bytes: list[Byte] | None = None
    id: Count | None = None


class ScoredChoice(Scored, gc=False):
    """The token that came, with those that could have."""

    top_logprobs: list[Scored] | None = None


class Logprobs(Struct, gc=False):
    """DeepSeek alone has a list of its own for the reasoning."""

    content: list[ScoredChoice] | None = None
    reasoning_content: list[ScoredChoice] | None = None


class Function(Struct, gc=False):
    """Ollama has sent `arguments` as an object; everybody else sends text."""

    name: str | None = None
    arguments: Any = None


class ToolCallChunk(Struct, gc=False):
    """A piece of a call, or a whole one."""

    index: Count | None = None
    id: str | None = None
    function: Function | None = None


class Part(Struct, gc=False):
    """A piece of content where it comes as a list, as Mistral's does."""

    text: str | None = None


class Delta(Struct, gc=False):
    """What is new; in an answer that isn't streamed, all of it."""

    content: str | list[Part] | None = None
    reasoning: str | None = None
    reasoning_content: str | None = None
    #: The same thoughts in a form that goes back untouched.
    reasoning_details: list[dict[str, Any]] | None = None
    refusal: str | None = None
    tool_calls: list[ToolCallChunk] | None = None


class Choice(Struct, gc=False):
    """`delta` in a stream, `message` outside one."""

    index: Count | None = None
    delta: Delta | None = None
    message: Delta | None = None
    finish_reason: str | None = None
    native_finish_reason: str | None = None
    logprobs: Logprobs | None = None
    error: Any = None


class PromptDetails(Struct, gc=False):
    """Where OpenRouter, OpenAI and llama.cpp count what was cached."""

    cached_tokens: Count | None = None
    cache_write_tokens: Count | None = None


class CompletionDetails(Struct, gc=False):
    """Where the reasoning's share of completion_tokens is counted."""

    reasoning_tokens: Count | None = None


class Counts(Struct, gc=False):
    """The usage object. A Decimal is read from the number's text: no float in between."""

    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None
    cost: Decimal | None = None
    prompt_tokens_details: PromptDetails | None = None
    completion_tokens_details: CompletionDetails | None = None
    #: DeepSeek's own way to say what was cached.
    prompt_cache_hit_tokens: Count | None = None


class Chunk(Struct, gc=False):
    """One event of a stream, or a whole answer."""

    id: str | None = None
    model: str | None = None
    provider: str | None = None
    choices: list[Choice] | None = None
    usage: Counts | None = None
    error: Any = None


#: So many digits are no number of ours.
LONGEST_NUMBER = 400

_decoder = msgspec.json.Decoder(Chunk)

#: What Python's json module writes and JSON doesn't have. The number is DeepSeek's for a token
#: so unlikely that it has no place in the list.
_CONSTANTS = {"-Infinity": Decimal(-9999)}


def read_chunk(payload: bytes) -> Chunk | None:
    """Decode one payload; None where it is not a JSON object at all."""
    try:
        return _decoder.decode(payload)
    except (ValueError, RecursionError):
        # ValueError covers msgspec's errors and invalid UTF-8. msgspec 0.22 also refuses a lone
        # surrogate, whose other half comes in the next delta.
        return _read_loosely(payload)


def _read_loosely(payload: bytes) -> Chunk | None:
    try:
        value = json.loads(
            payload.decode("utf-8", "replace"),
            strict=False,
            parse_float=_decimal,
            parse_int=_whole,
            parse_constant=_CONSTANTS.get,
        )
    except (ValueError, RecursionError):
        return None
    chunk: Chunk | None = _fitting(value, Chunk)
    return chunk


def _decimal(digits: str) -> Decimal | None:
    try:
        return Decimal(digits)
    except ArithmeticError:
        # An exponent that has itself more than eighteen digits.
        return None


def _whole(digits: str) -> int | None:
    # Python reads no longer ones, and none that we look at is as long.
    return int(digits) if len(digits) < LONGEST_NUMBER else None


def _fitting(value: Any, wanted: Any) -> Any:
    """Build `wanted` from what of `value` has the right type; None where nothing has."""
    if isinstance(wanted, UnionType):
        fits = (_fitting(value, member) for member in get_args(wanted))
        return next((one for one in fits if one is not None), None)
    if get_origin(wanted) is list:
        if not isinstance(value, list):
            return None
        (item,) = get_args(wanted)
        if item == Byte:
            # Without one of them the others would be another token.
            return value if all(_fitting(one, Byte) is not None for one in value) else None
        return [one for one in (_fitting(raw, item) for raw in value) if one is not None]
    if isinstance(wanted, type) and issubclass(wanted, Struct):
        if not isinstance(value, dict):
            return None
        given = {
            field.name: _fitting(value.get(field.name), field.type) for field in fields(wanted)
        }
        return wanted(**{name: one for name, one in given.items() if one is not None})
    try:
        return msgspec.convert(value, wanted)
    except (ValueError, RecursionError):
        return None
