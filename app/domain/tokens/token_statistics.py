"""Statistics of an answer's tokens: perplexity, surprise, entropy and rank."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest

from app.domain.tokens.token_identity import is_same
from app.domain.tokens.token_table import TokenTable
from app.domain.tokens.unlisted_tokens import unlisted_tokens

#: Servers write a log probability below this for a token that was not among the likeliest
#: (OpenAI's reference, DeepSeek, vLLM: −9999). It says nothing of the token's probability.
UNKNOWN = -1000.0
#: A sum of probabilities above this is more than rounding.
MORE_THAN_ALL = 1.001
LN2 = math.log(2)


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of an answer over its tokens, without those of the reasoning. Logarithms are natural.

    A token whose probability is not known counts in `left_out` and in no mean: it was not among
    the likeliest, or has no entry of its own (`unlisted_tokens`).
    """

    tokens: int
    mean_logprob: float
    #: exp(−mean): the number of equally likely tokens that would be as hard to guess.
    perplexity: float
    #: The positions of the least likely tokens, the least likely first.
    least_likely: Sequence[int]
    left_out: int = 0


def figures_of(table: TokenTable, *, least: int = 5) -> Figures | None:
    """Return the figures of an answer; None if no probability of its tokens is known."""
    own = [number for number in range(len(table)) if not table.reasoning[number]]
    logprobs = table.chosen_logprobs
    known = [(logprobs[number], number) for number in own if logprobs[number] > UNKNOWN]
    if not known:
        return None
    mean = sum(min(0.0, logprob) for logprob, _number in known) / len(known)
    lowest = tuple(number for _logprob, number in nsmallest(least, known))
    unlisted = unlisted_tokens(table)
    hidden = sum(one.least for place, one in unlisted.items() if not table.reasoning[place])
    left_out = len(own) - len(known) + hidden
    return Figures(len(known), mean, math.exp(-mean), lowest, left_out)


def most_likely(table: TokenTable, index: int) -> float:
    """Return the greatest log probability (nats) that a chosen token can have.

    This is its own log probability if that is known. Otherwise it is the least one among its
    alternatives, or what they leave to all other tokens, and NaN if there are no alternatives.
    """
    own = table.chosen_logprobs[index]
    if own > UNKNOWN:
        return min(0.0, own)
    among = table.logprobs[table.bounds[index] : table.bounds[index + 1]]
    known = [min(0.0, one) for one in among if one > UNKNOWN]
    if not known:
        return math.nan
    rest = 1 - sum(map(math.exp, known))
    return min(*known, math.log(rest) if rest > 1e-6 else math.log(1e-6))


def likelihoods(table: TokenTable) -> "array[float]":
    """Return the greatest probability (0 to 1) that each chosen token can have.

    It is NaN if unknown, also for an entry of several tokens, of which only the last one's
    probability is known.
    """
    return array("f", map(math.exp, _most_likely(table)))


def _most_likely(table: TokenTable) -> list[float]:
    unlisted = unlisted_tokens(table)
    joined = {place for place, before in unlisted.items() if before.certain}
    return [
        math.nan if place in joined else most_likely(table, place) for place in range(len(table))
    ]


def surprises(table: TokenTable) -> "array[float]":
    """Return −log₂ of each chosen token's probability, in bits; 0 is certain.

    It is a lower limit for a token that was not among the likeliest, and NaN where `likelihoods`
    is.
    """
    return array("f", (0.0 - likely / LN2 for likely in _most_likely(table)))


def entropies(table: TokenTable) -> "array[float]":
    """Return a lower limit of the entropy of each position, in bits; NaN without alternatives.

    The probability that the alternatives leave counts as a single further token.
    """
    found = array("f")
    for first, after in zip(table.bounds, table.bounds[1:], strict=False):
        total = entropy = 0.0
        for logprob in table.logprobs[first:after]:
            if logprob > UNKNOWN:
                share = math.exp(min(0.0, logprob))
                total += share
                entropy -= share * logprob
        rest = 1 - total
        if rest > 1e-9:
            entropy -= rest * math.log(rest)
        found.append(max(0.0, entropy) / LN2 if total > 0 else math.nan)
    return found


def listed_sum(table: TokenTable, index: int) -> float:
    """Return the sum of the known probabilities of a token's alternatives."""
    among = table.logprobs[table.bounds[index] : table.bounds[index + 1]]
    return sum(math.exp(min(0.0, one)) for one in among if one > UNKNOWN)


def everything_else(table: TokenTable, index: int) -> float:
    """Return the probability of all tokens together that are not among a token's alternatives,
    0 to 1."""
    return max(0.0, 1 - listed_sum(table, index))


def rank_of(table: TokenTable, index: int) -> int | None:
    """Return the rank of the chosen token among its alternatives, from 1; None if it is not among
    them."""
    among = table.alternatives[table.bounds[index] : table.bounds[index + 1]]
    chosen = table.chosen[index]
    for place, number in enumerate(among, 1):
        if number == chosen:
            return place
    wanted = table.words[chosen]
    for place, number in enumerate(among, 1):
        if is_same(table.words[number], wanted):
            return place
    return None
