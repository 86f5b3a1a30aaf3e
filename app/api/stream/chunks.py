"""msgspec structs of a chat completion chunk, and its decoding from JSON.

Only used fields are declared, and each may be null or absent; others are skipped. A payload with
a wrong type or half a surrogate pair is decoded by a slower fallback that keeps all other fields.
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, get_args, get_origin

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import fields

#: A number of tokens; JavaScript can't represent larger integers exactly.
Count = Annotated[int, Meta(ge=0, le=2**53)]
Byte = Annotated[int, Meta(ge=0, le=255)]


class Scored(Struct, gc=False):
    """A token with the natural logarithm of its probability. Only llama.cpp sends `id`."""

    token: str = ""
    logprob: float | None = None
    bytes: list[Byte] | None = None
    id: Count | None = None


class ScoredChoice(Scored, gc=False):
    """The generated token, with its likeliest alternatives."""

    top_logprobs: list[Scored] | None = None


class Logprobs(Struct, gc=False):
    """The log probabilities of a chunk. Only DeepSeek has a separate list for the reasoning."""

    content: list[ScoredChoice] | None = None
    reasoning_content: list[ScoredChoice] | None = None


class Function(Struct, gc=False):
    """The function of a tool call. `arguments` is JSON text; Ollama has sent an object."""

    name: str | None = None
    arguments: Any = None


class ToolCallChunk(Struct, gc=False):
    """A piece of a tool call, or a whole call."""

    index: Count | None = None
    id: str | None = None
    function: Function | None = None


class Delta(Struct, gc=False):
    """The new part of a streamed answer, or the whole of another."""

    #: A text; Mistral sends a list of parts, and other servers an object with a text.
    content: Any = None
    reasoning: str | None = None
    reasoning_content: str | None = None
    #: The reasoning in the provider's form, which is sent back unchanged.
    reasoning_details: list[dict[str, Any]] | None = None
    refusal: str | None = None
    tool_calls: list[ToolCallChunk] | None = None
    #: The older form of a single tool call.
    function_call: Function | None = None
    #: Speech, with its words in `transcript`.
    audio: Any = None


class Choice(Struct, gc=False):
    """An answer among several. A stream has `delta`, a whole answer `message`."""

    index: Count | None = None
    delta: Delta | None = None
    message: Delta | None = None
    #: The text in the older completions protocol, which has no `delta`.
    text: str | None = None
    finish_reason: str | None = None
    native_finish_reason: str | None = None
    logprobs: Logprobs | None = None
    error: Any = None


class PromptDetails(Struct, gc=False):
    """Cached tokens of the prompt, as OpenRouter, OpenAI and llama.cpp count them."""

    cached_tokens: Count | None = None
    cache_write_tokens: Count | None = None


class CompletionDetails(Struct, gc=False):
    """The reasoning tokens among completion_tokens."""

    reasoning_tokens: Count | None = None


class Counts(Struct, gc=False):
    """The usage object. `cost` is parsed from the JSON text without becoming a float."""

    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None
    cost: Decimal | None = None
    prompt_tokens_details: PromptDetails | None = None
    completion_tokens_details: CompletionDetails | None = None
    #: DeepSeek's field for cached tokens.
    prompt_cache_hit_tokens: Count | None = None


class Chunk(Struct, gc=False):
    """An event of a stream, or a whole answer that is not streamed."""

    id: str | None = None
    model: str | None = None
    provider: str | None = None
    choices: list[Choice] | None = None
    usage: Counts | None = None
    error: Any = None


#: Longest integer in digits; a longer one is ignored.
LONGEST_NUMBER = 400

_decoder = msgspec.json.Decoder(Chunk)

#: Constants of Python's json module that JSON doesn't have. −9999 is what DeepSeek sends for the
#: log probability of a token outside its list.
_CONSTANTS = {"-Infinity": Decimal(-9999)}


#: Texts around a model's reasoning.
OPENING, CLOSING = "<think>", "</think>"


def thought_count(tokens: Sequence[Scored], mark: str = CLOSING) -> int:
    """Return the number of tokens up to the end of a mark of reasoning; 0 if it doesn't occur."""
    text = ""
    for number, token in enumerate(tokens, 1):
        text += token.token
        if mark in text:
            return number
    return 0


def read_chunk(payload: bytes) -> Chunk | None:
    """Decode one payload; None if it is no JSON object."""
    try:
        return _decoder.decode(payload)
    except (ValueError, RecursionError):
        # ValueError includes msgspec's errors and invalid UTF-8. msgspec 0.22 also refuses half a
        # surrogate pair, whose other half comes in the next delta.
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
        # The exponent has more than eighteen digits.
        return None


def _whole(digits: str) -> int | None:
    # int() refuses very long texts.
    return int(digits) if len(digits) < LONGEST_NUMBER else None


def _fitting(value: Any, wanted: Any) -> Any:
    """Build `wanted` from the parts of `value` that have the right type; None if none has."""
    if isinstance(wanted, UnionType):
        fits = (_fitting(value, member) for member in get_args(wanted))
        return next((built for built in fits if built is not None), None)
    if get_origin(wanted) is list:
        (item,) = get_args(wanted)
        if isinstance(value, dict):
            value = _listed(value, item)
        if not isinstance(value, list):
            return None
        if item == Byte:
            # The bytes of a token are useless if one is missing.
            return value if all(_fitting(built, Byte) is not None for built in value) else None
        return [built for built in (_fitting(raw, item) for raw in value) if built is not None]
    if isinstance(wanted, type) and issubclass(wanted, Struct):
        if wanted is Delta and isinstance(value, str | list):
            value = {"content": value}
        if not isinstance(value, dict):
            return None
        given = {
            field.name: _fitting(value.get(field.name), field.type) for field in fields(wanted)
        }
        return wanted(**{name: built for name, built in given.items() if built is not None})
    try:
        return msgspec.convert(value, wanted)
    except (ValueError, RecursionError):
        if isinstance(value, str) and value.isdecimal() and len(value) < LONGEST_NUMBER:
            # A number as a text, such as the index of a tool call.
            return _fitting(int(value), wanted)
        return None


def _listed(value: dict[str, Any], item: Any) -> list[Any]:
    """Make a list of an object that stands for one: a single item, or a map from keys to items."""
    if not (isinstance(item, type) and issubclass(item, Struct)):
        return []
    single = any(field.name in value for field in fields(item))
    return [value] if single else list(value.values())
