"""The probabilities of an answer's tokens, packed: twenty alternatives a token are megabytes."""

from collections.abc import Sequence
from typing import Any

from app.domain.events import Candidate, TokenProbabilities
from app.domain.surrogates import mend
from app.store.database import Database


def put_probabilities(db: Database, message: int, tokens: Sequence[TokenProbabilities]) -> None:
    """Keep the probabilities of a message, given by its sequence, in place of any before."""
    db.run("DELETE FROM probabilities WHERE message = ?", (message,))
    if tokens:
        import msgspec

        packed = msgspec.msgpack.encode([_packed(token) for token in tokens])
        db.run("INSERT INTO probabilities (message, tokens) VALUES (?, ?)", (message, packed))


def probabilities(db: Database, message_id: str) -> list[TokenProbabilities]:
    """The probabilities of a message; none where there are none, or where they are damaged."""
    packed = db.value(
        """
        SELECT tokens FROM probabilities
        JOIN messages ON messages.sequence = probabilities.message WHERE messages.id = ?
        """,
        (message_id,),
    )
    if packed is None:
        return []
    import msgspec

    try:
        return [_unpacked(token) for token in msgspec.msgpack.decode(packed, type=list[_Token])]
    except msgspec.MsgspecError:
        return []


#: Token, log probability, bytes (True where they are the token's own), id.
_Packed = tuple[str, float, bytes | bool | None, int | None]
_Token = tuple[bool, _Packed, list[_Packed]]


def _packed(token: TokenProbabilities) -> tuple[Any, ...]:
    return (token.reasoning, _pack(token.chosen), [_pack(one) for one in token.alternatives])


def _pack(candidate: Candidate) -> tuple[Any, ...]:
    token = mend(candidate.token)
    own = candidate.bytes is not None and candidate.bytes == token.encode()
    token_id = candidate.id
    if token_id is not None and not 0 <= token_id < 2**63:
        # No vocabulary has it, and MessagePack can't: a provider's nonsense must cost no answer.
        token_id = None
    return (token, candidate.logprob, True if own else candidate.bytes, token_id)


def _unpacked(token: _Token) -> TokenProbabilities:
    reasoning, chosen, alternatives = token
    return TokenProbabilities(_unpack(chosen), tuple(map(_unpack, alternatives)), reasoning)


def _unpack(packed: _Packed) -> Candidate:
    token, logprob, raw, token_id = packed
    if isinstance(raw, bool):
        raw = token.encode() if raw else None
    return Candidate(token, logprob, raw, token_id)
