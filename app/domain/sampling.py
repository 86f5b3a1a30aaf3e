"""What sampling parameters do to the candidates of a token: the mathematics of the sampler lab.

Everything is computed on the natural logarithms of probabilities as a provider gives them,
before its samplers. These are logits but for one number that is the same for all candidates; the
softmax takes it out again, so temperature, cuts, additive penalties and biases are exact on the
candidates that are known. `repetition_penalty` multiplies logits, where that number matters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Sampler(StrEnum):
    """One step of a sampler chain."""

    LOGIT_BIAS = "logit_bias"
    PENALTIES = "penalties"
    TOP_K = "top_k"
    TOP_P = "top_p"
    MIN_P = "min_p"
    TEMPERATURE = "temperature"


@dataclass(frozen=True, slots=True)
class Order:
    """In which order a kind of provider applies its samplers; `known` is False where that is a
    guess, and `source` says whence it is known, in words for the person."""

    steps: tuple[Sampler, ...]
    known: bool
    source: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters that sampling heeds, under the table's names; at these values each does
    nothing. `temperature` 0 is greedy; `top_k` 0 keeps all."""

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    repetition_penalty: float = 1.0
    #: Token id → what is added to its logit.
    logit_bias: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one candidate.

    `probability` is that of the whole chain, `low` and `high` its bounds: the tokens that nobody
    captured share what is left, and only limits are known of how. All three are equal where it
    is exact. `cut` names the sampler that dropped it, None where it stays.
    """

    raw: float
    probability: float
    low: float
    high: float
    cut: Sampler | None


@dataclass(frozen=True, slots=True)
class Distribution:
    """The candidates of one token after the samplers, in the order in which they were given."""

    outcomes: Sequence[Outcome]
    #: What the tokens that were not captured have before the samplers, and at most after them.
    tail: float
    tail_high: float
    #: Whether all tokens that are kept are among the captured ones.
    exact: bool
    #: Where each cut falls: how many of the captured candidates, likeliest first, come before it;
    #: None where the cut lies beyond them or doesn't cut.
    lines: Mapping[Sampler, int | None]
    #: exp(entropy) of the distribution before and after: how many candidates there are in effect.
    effective_before: float
    effective_after: float
