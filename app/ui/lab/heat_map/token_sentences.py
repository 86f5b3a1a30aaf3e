"""The description of one token of an answer, as words and rows, for the popover and screen
readers."""

import math

from app.domain.events import Candidate
from app.domain.text.translation import _
from app.domain.tokens.token_statistics import UNKNOWN, everything_else, rank_of, visible
from app.domain.tokens.token_table import TokenTable, Word
from app.ui.lab.heat_map.alternative_rows import Alternative
from app.ui.lab.what_if.sentences import percent

#: Most alternatives that are listed.
MOST = 100


def head_of(table: TokenTable, token: int) -> str:
    """Return the number, text, probability and rank of a token as one line."""
    rank, share = rank_of(table, token), share_of(table[token].chosen)
    facts = [
        _("Token {n} of {count}").format(n=f"{token + 1:,}", count=f"{len(table):,}"),
        _("{token} {share}").format(token=visible(table.word(token)), share=percent(share))
        if table.chosen_logprobs[token] > UNKNOWN
        else visible(table.word(token)),
        _("rank {n}").format(n=rank) if rank is not None else _("not among the likeliest"),
    ]
    return " · ".join(facts)


def rows_of(table: TokenTable, token: int) -> list[Alternative]:
    """Return the alternatives of a token, the likeliest first, at most MOST, then the token itself
    if it is not among them, then all other tokens together."""
    position = table[token]
    rank = rank_of(table, token)
    rows = []
    for place, candidate in enumerate(position.alternatives[:MOST]):
        chosen = place + 1 == rank
        rows.append(_row(candidate, place + 1, chosen=chosen, place=place))
    if rank is None:
        rows.append(_row(position.chosen, None, chosen=True, place=None))
    rest = everything_else(table, token)
    if rank is None:
        rest = max(0.0, rest - share_of(position.chosen))
    if position.alternatives and rest > 0:
        words = _("everything else")
        rows.append(Alternative(words, rest, f"{words}, {percent(rest)}"))
    return rows


def share_of(candidate: Candidate) -> float:
    """Return a candidate's probability, 0 to 1; 0 if it is not known."""
    return math.exp(min(0.0, candidate.logprob)) if candidate.logprob > UNKNOWN else 0.0


def signed(number: float) -> str:
    """Format a number with three decimals and a real minus sign."""
    return f"{number:.3f}".replace("-", "\N{MINUS SIGN}")


def _row(candidate: Candidate, rank: int | None, *, chosen: bool, place: int | None) -> Alternative:
    text = visible(Word(candidate.token, candidate.bytes, candidate.id))
    share = share_of(candidate)
    facts = [text, percent(share)]
    if rank is not None:
        facts.append(_("rank {n}").format(n=rank))
    else:
        facts.append(_("not among the likeliest"))
    if chosen:
        facts.append(_("chosen"))
    known = candidate.logprob > UNKNOWN
    words = _("Log probability {value}").format(value=signed(candidate.logprob)) if known else ""
    return Alternative(text, share, ", ".join(facts), chosen, place, rank, words)
