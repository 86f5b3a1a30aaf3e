"""Where an answer can take another way at one of its tokens, and with what it begins then."""

import re
from dataclasses import dataclass, replace

from app.domain.chat.conversation import Message
from app.domain.events import Candidate
from app.domain.text.translation import _
from app.domain.tokens.token_positions import Places
from app.domain.tokens.token_table import GrowingTable, TokenTable, Word

#: How models write the token that ends an answer; some servers give no text for it.
_END = re.compile(r"<[|｜].*[|｜]>|</s>|<eos>|<end_of_turn>|\[/?INST\]|")


@dataclass(frozen=True, slots=True)
class Beginning:
    """An answer as far as it is given: its text, the probabilities of its tokens."""

    text: str
    probabilities: TokenTable
    #: The chosen token ends the answer, so there is nothing to ask for.
    ended: bool


@dataclass(frozen=True, slots=True)
class Fork:
    """A place where an answer can take another way: at `token`, with `alternative` instead."""

    message: Message
    table: TokenTable
    places: Places
    token: int
    alternative: Candidate


def why_no_branch(fork: Fork) -> str:
    """Why no branch can begin at a fork: a sentence, empty where one can."""
    message, token = fork.message, fork.token
    if fork.table.reasoning[token]:
        return _("Thoughts can't be given back half, so no branch begins inside them.")
    if message.reasoning:
        return _(
            "This answer was thought about first. Its thoughts can't be sent along with a "
            "beginning, so the model would think anew."
        )
    if message.tool_calls:
        return _("This answer calls tools, and a beginning of it can't be sent back.")
    if not _is_whole(fork.alternative) or _splits(fork.table, token):
        return _("This token is half of a character. A beginning has to be whole characters.")
    if _is_nowhere(fork) and token != len(fork.table) - 1:
        return _("This token isn't in the text, so nothing can begin there.")
    return ""


def beginning_at(fork: Fork) -> Beginning:
    """What an answer begins with that takes the other way.

    Its probabilities are those of the tokens before, and at the fork the same candidates with
    another one chosen.
    """
    tokens = GrowingTable()
    for one in fork.table[: fork.token]:
        tokens.append(one)
    tokens.append(replace(fork.table[fork.token], chosen=fork.alternative))
    text = fork.message.text
    start = len(text) if _is_nowhere(fork) else fork.places.start[fork.token]
    ended = is_end(Word(fork.alternative.token, fork.alternative.bytes))
    said = "" if ended else fork.alternative.token
    return Beginning(text[:start] + said, tokens.table(), ended)


def is_end(word: Word) -> bool:
    """Whether a token ends an answer, rather than being said in it."""
    return _END.fullmatch(word.token) is not None


def _is_whole(alternative: Candidate) -> bool:
    raw = alternative.bytes
    if raw is None:
        return "\ufffd" not in alternative.token
    try:
        return raw.decode() == alternative.token or is_end(Word(alternative.token, raw))
    except UnicodeDecodeError:
        return False


def _splits(table: TokenTable, token: int) -> bool:
    """Whether the tokens before end in the middle of a character."""
    if not token or table.reasoning[token - 1]:
        return False
    before = b"".join(table.word(one).raw for one in range(max(0, token - 4), token))
    # A character that begins in the last three bytes and isn't whole there.
    for back in range(1, min(4, len(before) + 1)):
        byte = before[-back]
        if byte >= 0xC0:
            return (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) > back
        if byte < 0x80:
            return False
    return False


def _is_nowhere(fork: Fork) -> bool:
    return fork.places.end[fork.token] == fork.places.start[fork.token]
