"""The description of one token of an answer, as words and rows, for the popover and screen
readers."""

import math

from app.domain.chat.fork import is_whole
from app.domain.events import Candidate
from app.domain.text.translation import _
from app.domain.tokens.token_identity import is_part
from app.domain.tokens.token_spelling import visible
from app.domain.tokens.token_statistics import (
    MORE_THAN_ALL,
    UNKNOWN,
    everything_else,
    listed_sum,
    rank_of,
)
from app.domain.tokens.token_table import TokenTable, Word
from app.domain.tokens.unlisted_tokens import own_word
from app.ui.lab.heat_map.alternative_rows import Alternative
from app.ui.lab.what_if.sentences import outside_words, percent

#: Most alternatives that are listed.
MOST = 100


def head_of(table: TokenTable, token: int) -> str:
    """Return the number, text, probability and rank of a token as one line. A part of a character
    is called so, and probabilities that add up to more than 1 are mentioned."""
    rank, share = rank_of(table, token), share_of(table[token].chosen)
    facts = [
        _("Token {n} of {count}").format(n=f"{token + 1:,}", count=f"{len(table):,}"),
        _share_words(table, token, share),
    ]
    whole = table.word(token)
    if is_part(whole) and own_word(table, token) is whole:
        facts.append(_("part of a character"))
    listed = table.bounds[token + 1] - table.bounds[token]
    if rank is not None:
        facts.append(_("rank {n}").format(n=rank))
    elif listed:
        facts.append(outside_words(listed))
    total = listed_sum(table, token)
    if total > MORE_THAN_ALL:
        facts.append(_("the probabilities add up to {n} %").format(n=f"{total * 100:.1f}"))
    return " · ".join(facts)


def _share_words(table: TokenTable, token: int, share: float) -> str:
    """Write a token with its probability; of a character of several tokens, that of its end."""
    whole, word = table.word(token), own_word(table, token)
    text = visible(word)
    if word is not whole:
        text = _("{part} (the end of {whole})").format(part=text, whole=visible(whole))
    if table.chosen_logprobs[token] <= UNKNOWN:
        return text
    return _("{token} {share}").format(token=text, share=percent(share))


def rows_of(table: TokenTable, token: int) -> list[Alternative]:
    """Return the alternatives of a token, the likeliest first, at most MOST, then the token itself
    if it is not among them, then all other tokens together."""
    position = table[token]
    rank = rank_of(table, token)
    rows = []
    for place, candidate in enumerate(position.alternatives[:MOST]):
        chosen = place + 1 == rank
        branch = place if is_whole(candidate) else None
        rows.append(_row(candidate, place + 1, chosen=chosen, place=branch))
    if rank is None:
        listed = len(position.alternatives)
        rows.append(_row(position.chosen, None, chosen=True, place=None, listed=listed))
    rest = everything_else(table, token)
    if rank is None:
        rest = max(0.0, rest - share_of(position.chosen))
    if position.alternatives and rest > 0:
        words = _("all other tokens")
        rows.append(Alternative(words, rest, f"{words}, {percent(rest)}"))
    return rows


def share_of(candidate: Candidate) -> float:
    """Return a candidate's probability, 0 to 1; 0 if it is not known."""
    return math.exp(min(0.0, candidate.logprob)) if candidate.logprob > UNKNOWN else 0.0


def signed(number: float) -> str:
    """Format a number with three decimals and a real minus sign."""
    return f"{number:.3f}".replace("-", "\N{MINUS SIGN}")


def _row(
    candidate: Candidate,
    rank: int | None,
    *,
    chosen: bool,
    place: int | None,
    listed: int = 0,
) -> Alternative:
    """Make the row of a candidate. `listed` is the number of alternatives if it is not among
    them, and 0 if there are none."""
    word = Word(candidate.token, candidate.bytes, candidate.id)
    text, share = visible(word), share_of(candidate)
    known = candidate.logprob > UNKNOWN
    facts = [text]
    helps = []
    if is_part(word):
        facts.append(_("part of a character"))
        helps.append(_("Part of a character"))
    facts.append(percent(share) if known else _("probability not known"))
    if rank is not None:
        facts.append(_("rank {n}").format(n=rank))
    elif listed:
        facts.append(outside_words(listed))
        helps.append(outside_words(listed).capitalize())
    if chosen:
        facts.append(_("chosen"))
    if known:
        helps.append(_("Log probability {value}").format(value=signed(candidate.logprob)))
    return Alternative(text, share, ", ".join(facts), chosen, place, rank, " · ".join(helps), known)
