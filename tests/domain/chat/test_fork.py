"""A branch begins only with a token that the text so far can go on with."""

from app.domain.chat.conversation import Message, Role
from app.domain.chat.fork import BranchPoint, why_no_branch
from app.domain.events import Candidate, TokenProbabilities
from app.domain.tokens.token_positions import places_of
from app.domain.tokens.token_table import TokenTable

HALF = Candidate("\ufffd", -0.1, b"\xf0\x9f", 10)
WHOLE = Candidate("x", -2.0, b"x", 11)


def fork(tokens: list[TokenProbabilities], text: str, token: int, alternative: int) -> BranchPoint:
    table = TokenTable.of(tokens)
    message = Message("m", None, Role.ASSISTANT, text, 1.0)
    others = table[token].alternatives
    return BranchPoint(message, table, places_of(table, text), token, others[alternative])


def test_a_whole_alternative_beside_half_a_character_can_be_taken() -> None:
    tokens = [TokenProbabilities(HALF, (HALF, WHOLE))]
    assert why_no_branch(fork(tokens, "🦊", 0, 0))
    assert not why_no_branch(fork(tokens, "🦊", 0, 1))


def test_nothing_begins_at_the_last_of_several_tokens_of_a_character() -> None:
    """llama.cpp gives them one entry, whose alternatives are those of the last byte."""
    last = Candidate("\ufffd", -0.1, b"\x8a", 228)
    joined = TokenProbabilities(Candidate("🦊", -0.1, "🦊".encode(), 228), (last, WHOLE))
    assert why_no_branch(fork([joined], "🦊", 0, 1))
