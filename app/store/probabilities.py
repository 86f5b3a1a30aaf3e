"""Compressed storage of token probabilities: with twenty alternatives a token they are megabytes.

The log probability of an alternative (0 to −32 nats) takes two bytes, which hold its cube root in
even steps. Probabilities of likely tokens are therefore exact to 0.00003. The log probability of
the chosen token is kept as a 4-byte float.
"""

import math
import sys
import zlib
from array import array
from collections.abc import Sequence
from functools import cache
from operator import sub
from typing import Any

from app.domain.events import Candidate, TokenProbabilities
from app.domain.text.surrogates import mend
from app.domain.tokens.token_table import TokenTable, Word
from app.store.database import Database

#: First bytes of a packed table, in the present version and in the version before, whose steps
#: were even in log probability. The first version was MessagePack without such a mark.
MAGIC, EVEN = b"LQP2", b"LQP1"
#: The lowest log probability (nats) that is kept, and the number of steps to its cube root.
LOWEST, STEPS = -32.0, 65_534
_TO_STEP = STEPS / math.cbrt(-LOWEST)
#: Number of even steps to one nat, in the version before.
EVEN_STEPS = 2048
#: Greater than the width (nats) of any step.
NEAR = 0.002
#: Step of a token of unknown probability: its log probability is −∞ or below LEAST, which servers
#: write for tokens that were not among the likeliest (`token_statistics.UNKNOWN`).
NEVER = 0xFFFF
LEAST = -1000.0
#: Limit in bytes of an unpacked table, against damaged or hostile files.
MOST_BYTES = 1 << 28


def put_probabilities(db: Database, message: int, tokens: Sequence[TokenProbabilities]) -> None:
    """Store the probabilities of a message, given by its sequence, replacing earlier ones."""
    db.run("DELETE FROM probabilities WHERE message = ?", (message,))
    if tokens:
        packed = pack(TokenTable.of(tokens))
        db.run("INSERT INTO probabilities (message, tokens) VALUES (?, ?)", (message, packed))


def probabilities(db: Database, message_id: str) -> TokenTable:
    """Return the probabilities of a message; empty if there are none or they are damaged."""
    packed = db.value(
        """
        SELECT tokens FROM probabilities
        JOIN messages ON messages.sequence = probabilities.message WHERE messages.id = ?
        """,
        (message_id,),
    )
    return unpack(packed or b"")


def has_probabilities(db: Database, message_id: str) -> bool:
    """Whether a message has probabilities."""
    return bool(
        db.value(
            """
            SELECT count(*) FROM probabilities
            JOIN messages ON messages.sequence = probabilities.message WHERE messages.id = ?
            """,
            (message_id,),
        )
    )


def pack(table: TokenTable) -> bytes:
    """Encode and compress a table. 4,000 tokens with twenty alternatives take about 300 KB."""
    import msgspec

    wide = len(table.words) > 0xFFFF
    counts = array("H", map(sub, table.bounds[1:], table.bounds))
    columns = (
        [_pack_word(word) for word in table.words],
        _little(array("I" if wide else "H", table.chosen)),
        _little(array("f", table.chosen_logprobs)),
        table.reasoning,
        _little(counts),
        _little(array("I" if wide else "H", table.alternatives)),
        _little(array("H", _steps(table.logprobs))),
    )
    return MAGIC + zlib.compress(msgspec.msgpack.encode(columns), 1)


def unpack(packed: bytes) -> TokenTable:
    """Decode the bytes of `pack`, also of earlier versions; damaged bytes give an empty table."""
    import msgspec

    try:
        if not packed.startswith((MAGIC, EVEN)):
            return _unpack_first(packed)
        plain = zlib.decompressobj().decompress(packed[len(MAGIC) :], MOST_BYTES)
        columns = msgspec.msgpack.decode(plain, type=_Columns)
        return _table(columns, even=packed.startswith(EVEN))
    except (msgspec.MsgspecError, zlib.error, ValueError, TypeError, AttributeError):
        return TokenTable.of(())


#: A token's text, its bytes (True if they are the text in UTF-8), and its id.
_PackedWord = tuple[str, bytes | bool | None, int | None]
_Columns = tuple[list[_PackedWord], bytes, bytes, bytes, bytes, bytes, bytes]


def _table(columns: _Columns, *, even: bool) -> TokenTable:
    """Build a table of its columns. Raises ValueError if the columns don't fit each other."""
    packed, chosen_bytes, chosen_logprobs, reasoning, count_bytes, alternative_bytes, steps = (
        columns
    )
    words = [Word(token, _own(token, raw), id_) for token, raw, id_ in packed]
    index = "I" if len(words) > 0xFFFF else "H"
    chosen = array("I", _read(index, chosen_bytes))
    alternatives = array("I", _read(index, alternative_bytes))
    logprobs = _logprobs(_read("H", steps), even=even)
    bounds = array("I", [0])
    total = 0
    for count in _read("H", count_bytes):
        total += count
        bounds.append(total)
    lengths = {len(chosen), len(chosen_logprobs) // 4, len(reasoning), len(bounds) - 1}
    highest = max(max(chosen, default=-1), max(alternatives, default=-1))
    if len(lengths) > 1 or not total == len(alternatives) == len(logprobs):
        raise ValueError("columns of different lengths")
    if highest >= len(words):
        raise ValueError("a token that isn't in the vocabulary")
    own = _read("f", chosen_logprobs)
    for first, after, word, logprob in zip(bounds, bounds[1:], chosen, own, strict=False):
        # The chosen token is often the first alternative: its exact value replaces the step's.
        there = first < after and alternatives[first] == word
        if there and LOWEST < logprob <= 0 and abs(logprobs[first] - logprob) < NEAR:
            logprobs[first] = logprob
    return TokenTable(
        words=words,
        chosen=chosen,
        chosen_logprobs=own,
        reasoning=reasoning,
        bounds=bounds,
        alternatives=alternatives,
        logprobs=logprobs,
    )


def _pack_word(word: Word) -> _PackedWord:
    token = mend(word.token)
    own = word.bytes is not None and word.bytes == token.encode()
    token_id = word.id
    if token_id is not None and not 0 <= token_id < 2**63:
        # No vocabulary has such an id and MessagePack can't hold it. The answer is still kept.
        token_id = None
    return token, True if own else word.bytes, token_id


def _own(token: str, raw: bytes | bool | None) -> bytes | None:
    if isinstance(raw, bool):
        return token.encode() if raw else None
    return raw


def _steps(logprobs: "array[float]") -> list[int]:
    # A function call for each of 100,000 values would take longer than a frame.
    highest, lowest = max(logprobs, default=0.0), min(logprobs, default=0.0)
    usual = LOWEST < lowest <= highest <= 0.0 and not math.isnan(sum(logprobs))
    if usual:
        return [int(0.5 + _TO_STEP * (-logprob) ** (1 / 3)) for logprob in logprobs]
    return [_step(logprob) for logprob in logprobs]


def _step(logprob: float) -> int:
    # The comparison is also false for NaN, which counts as unknown.
    if not logprob >= LEAST:
        return NEVER
    fall = -min(max(logprob, LOWEST), 0.0)
    return round(_TO_STEP * math.cbrt(fall))


@cache
def _of_steps() -> Sequence[float]:
    # Looking up 100,000 values is faster than computing them.
    return [LOWEST / STEPS**3 * step * step * step for step in map(float, range(NEVER + 1))]


def _logprobs(steps: "array[int]", *, even: bool) -> "array[float]":
    if even:
        logprobs = array("f", [step / -EVEN_STEPS for step in steps])
    else:
        of_step = _of_steps()
        logprobs = array("f", [of_step[step] for step in steps])
    if NEVER in steps:
        never = -float("inf")
        found = zip(logprobs, steps, strict=True)
        logprobs = array("f", [never if step == NEVER else one for one, step in found])
    return logprobs


def _little(values: "array[Any]") -> bytes:
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def _read(kind: str, raw: bytes) -> "array[Any]":
    values = array(kind)
    values.frombytes(raw)
    if sys.byteorder == "big":
        values.byteswap()
    return values


#: First version: token, log probability, bytes (True if they are the text in UTF-8), id.
_Packed = tuple[str, float, bytes | bool | None, int | None]
_Token = tuple[bool, _Packed, list[_Packed]]


def _unpack_first(packed: bytes) -> TokenTable:
    import msgspec

    if not packed:
        return TokenTable.of(())
    tokens = msgspec.msgpack.decode(packed, type=list[_Token])
    return TokenTable.of(
        TokenProbabilities(_candidate(chosen), tuple(map(_candidate, others)), reasoning)
        for reasoning, chosen, others in tokens
    )


def _candidate(packed: _Packed) -> Candidate:
    token, logprob, raw, token_id = packed
    return Candidate(token, logprob, _own(token, raw), token_id)
