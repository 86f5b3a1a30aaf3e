"""Signs that the log probabilities of an answer are not those that the model gave."""

import math
from array import array
from enum import Enum, auto

from app.domain.tokens.token_statistics import UNKNOWN
from app.domain.tokens.token_table import TokenTable

#: Number of tokens that are looked at.
LOOKED_AT = 500
#: Fewest tokens of which a sign says anything.
FEWEST = 3
#: A sum above this leaves nothing to tokens that were not listed.
ALL = 0.9999


class ProbabilityDoubt(Enum):
    """The reason why an answer's log probabilities may not be the model's own."""

    NONE = auto()
    #: Every token has log probability 0, and no alternatives came.
    ALL_ZERO = auto()
    #: They were taken after the samplers: tokens that were cut have no probability or are missing.
    AFTER_SAMPLERS = auto()


def doubt_of(table: TokenTable) -> ProbabilityDoubt:
    """Return the first doubt about an answer's probabilities, from its first tokens.

    vLLM (logprobs_mode processed_logprobs) lists tokens that were cut at −∞; llama.cpp
    (post_sampling_probs) leaves them out, so that the others add up to 1.
    """
    count = min(len(table), LOOKED_AT)
    if count < FEWEST:
        return ProbabilityDoubt.NONE
    listed = [table.logprobs[table.bounds[n] : table.bounds[n + 1]] for n in range(count)]
    are_zero = all(table.chosen_logprobs[n] == 0 for n in range(count))
    if are_zero and not any(listed):
        return ProbabilityDoubt.ALL_ZERO
    most = max(map(len, listed))
    short = sum(0 < len(among) < most and _sum(among) > ALL for among in listed)
    impossible = sum(any(one <= UNKNOWN for one in among) for among in listed)
    if are_zero or max(short, impossible) >= max(2, count // 10):
        return ProbabilityDoubt.AFTER_SAMPLERS
    return ProbabilityDoubt.NONE


def sum_of_shares(table: TokenTable, index: int) -> float:
    """Return the sum of the probabilities of a token's alternatives; above 1 it can't be right."""
    return _sum(table.logprobs[table.bounds[index] : table.bounds[index + 1]])


def _sum(logprobs: "array[float]") -> float:
    return sum(math.exp(min(0.0, one)) for one in logprobs if one > UNKNOWN)
