"""The probabilities of an answer's tokens, packed: twenty alternatives a token are megabytes.

A log probability of an alternative takes two bytes: the cube root of 0 to 32 in even steps, so
that what is likely is right to 0.00003, and so is what is left to all others. That of the chosen
token is kept whole.
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

#: How a packed table begins. Before that the steps were even; before that it was MessagePack
#: alone, which begins otherwise.
MAGIC, EVEN = b"LQP2", b"LQP1"
#: The lowest log probability that is kept, and the steps to its cube root.
LOWEST, STEPS = -32.0, 65_534
_TO_STEP = STEPS / math.cbrt(-LOWEST)
#: Of the even steps so many made one.
EVEN_STEPS = 2048
#: No step is so wide.
NEAR = 0.002
#: What stands for a token that is all but impossible: −∞, or what a server has in its place.
NEVER = 0xFFFF
LEAST = -1000.0
#: No answer is longer, unpacked: what a damaged or a hostile file says of itself is not believed.
MOST_BYTES = 1 << 28


def put_probabilities(db: Database, message: int, tokens: Sequence[TokenProbabilities]) -> None:
    """Keep the probabilities of a message, given by its sequence, in place of any before."""
    db.run("DELETE FROM probabilities WHERE message = ?", (message,))
    if tokens:
        packed = pack(TokenTable.of(tokens))
        db.run("INSERT INTO probabilities (message, tokens) VALUES (?, ?)", (message, packed))


def probabilities(db: Database, message_id: str) -> TokenTable:
    """The probabilities of a message; none where there are none, or where they are damaged."""
    packed = db.value(
        """
        SELECT tokens FROM probabilities
        JOIN messages ON messages.sequence = probabilities.message WHERE messages.id = ?
        """,
        (message_id,),
    )
    return unpack(packed or b"")


def has_probabilities(db: Database, message_id: str) -> bool:
    """Whether a message has any."""
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
    """Write a table down: of 4,000 tokens with twenty alternatives each about 300 KB."""
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
    """Read what `pack` wrote, or an earlier version; what is damaged reads as an empty table."""
    import msgspec

    try:
        if not packed.startswith((MAGIC, EVEN)):
            return _unpack_first(packed)
        plain = zlib.decompressobj().decompress(packed[len(MAGIC) :], MOST_BYTES)
        columns = msgspec.msgpack.decode(plain, type=_Columns)
        return _table(columns, even=packed.startswith(EVEN))
    except (msgspec.MsgspecError, zlib.error, ValueError):
        return TokenTable.of(())


#: Token, bytes (True where they are the token's own), id.
_PackedWord = tuple[str, bytes | bool | None, int | None]
_Columns = tuple[list[_PackedWord], bytes, bytes, bytes, bytes, bytes, bytes]


def _table(columns: _Columns, *, even: bool) -> TokenTable:
    """Raises ValueError where the columns don't fit each other."""
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
        # Most tokens are the likeliest: that is known wholly, and so is the little that is left.
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
        # No vocabulary has it, and MessagePack can't: a provider's nonsense must cost no answer.
        token_id = None
    return token, True if own else word.bytes, token_id


def _own(token: str, raw: bytes | bool | None) -> bytes | None:
    if isinstance(raw, bool):
        return token.encode() if raw else None
    return raw


def _steps(logprobs: "array[float]") -> list[int]:
    # A call for each of a hundred thousand is a frame missed, so most go without.
    highest, lowest = max(logprobs, default=0.0), min(logprobs, default=0.0)
    usual = LOWEST < lowest <= highest <= 0.0 and not math.isnan(sum(logprobs))
    if usual:
        return [int(0.5 + _TO_STEP * (-logprob) ** (1 / 3)) for logprob in logprobs]
    return [_step(logprob) for logprob in logprobs]


def _step(logprob: float) -> int:
    # Not a number is not at least anything, and so it never happens.
    if not logprob >= LEAST:
        return NEVER
    fall = -min(max(logprob, LOWEST), 0.0)
    return round(_TO_STEP * math.cbrt(fall))


@cache
def _of_steps() -> Sequence[float]:
    # To multiply out a hundred thousand takes longer than to look them up.
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


#: As it was before: token, log probability, bytes (True where they are the token's own), id.
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
