"""Branching at a token: whether an answer can be continued from another token, and its prefix."""

import re
from dataclasses import dataclass, replace

from app.domain.chat.conversation import Message
from app.domain.events import Candidate
from app.domain.text.translation import _
from app.domain.tokens.token_identity import is_part
from app.domain.tokens.token_positions import Places
from app.domain.tokens.token_table import GrowingTable, TokenTable, Word
from app.domain.tokens.unlisted_tokens import own_word

#: Spellings of the token that ends an answer; some servers send it with an empty text.
_END = re.compile(r"<[|｜].*[|｜]>|</s>|<eos>|<end_of_turn>|\[/?INST\]|")


@dataclass(frozen=True, slots=True)
class AnswerPrefix:
    """The beginning of an answer that the model is to continue: its text and its tokens."""

    text: str
    probabilities: TokenTable
    #: True if the chosen token ends the answer, so that there is nothing to continue.
    ended: bool


@dataclass(frozen=True, slots=True)
class BranchPoint:
    """A token of an answer, by its number `token` (from 0), and the token to put in its place."""

    message: Message
    table: TokenTable
    places: Places
    token: int
    alternative: Candidate


def why_no_branch(fork: BranchPoint) -> str:
    """Return a sentence that says why no branch can begin here; empty if a branch can."""
    message, token = fork.message, fork.token
    if fork.table.reasoning[token]:
        return _("A branch can't begin inside the reasoning.")
    if message.reasoning:
        return _(
            "This answer has reasoning, which can't be sent with a part of the answer. "
            "The model would reason again."
        )
    if message.tool_calls:
        return _("This answer calls tools, so the model can't continue from a part of it.")
    if not is_whole(fork.alternative) or splits_character(fork.table, token):
        return _(
            "This token is only part of a character. A branch must begin with a whole character."
        )
    if _is_nowhere(fork) and token != len(fork.table) - 1:
        return _("This token isn't in the text, so a branch can't begin with it.")
    return ""


def prefix_at(fork: BranchPoint) -> AnswerPrefix:
    """Return the prefix of the branch: the answer's text before the token, then the alternative.

    An alternative that ends the answer adds no text; `ended` is True then.
    The prefix has the probabilities of the tokens before, and for its last token the same
    candidates with the alternative as the chosen one.
    """
    tokens = GrowingTable()
    for token in fork.table[: fork.token]:
        tokens.append(token)
    tokens.append(replace(fork.table[fork.token], chosen=fork.alternative))
    text = fork.message.text
    start = len(text) if _is_nowhere(fork) else fork.places.start[fork.token]
    ended = is_end(Word(fork.alternative.token, fork.alternative.bytes))
    last_token = "" if ended else fork.alternative.token
    return AnswerPrefix(text[:start] + last_token, tokens.table(), ended)


def is_end(word: Word) -> bool:
    """Whether a token is an end mark such as `</s>`, or empty, and so no part of the text."""
    return _END.fullmatch(word.token) is not None


def is_whole(alternative: Candidate) -> bool:
    """Return whether a token is whole characters."""
    raw = alternative.bytes
    if raw is None or is_part(alternative):
        return not is_part(alternative)
    return raw.decode() == alternative.token or is_end(Word(alternative.token, raw))


def splits_character(table: TokenTable, token: int) -> bool:
    """Return whether a token begins in the middle of a character: no beginning can end there."""
    return own_word(table, token) is not table.word(token) or _is_within(table, token)


def _is_within(table: TokenTable, token: int) -> bool:
    """Return whether the bytes of the tokens before `token` end in the middle of a character."""
    if not token or table.reasoning[token - 1]:
        return False
    before = b"".join(table.word(index).raw for index in range(max(0, token - 4), token))
    # Look for a character that begins in the last three bytes and needs more bytes than follow.
    for back in range(1, min(4, len(before) + 1)):
        byte = before[-back]
        if byte >= 0xC0:
            return (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) > back
        if byte < 0x80:
            return False
    return False


def _is_nowhere(fork: BranchPoint) -> bool:
    """Whether the token was not found in the answer's text."""
    return fork.places.end[fork.token] == fork.places.start[fork.token]
