"""What sampling parameters do to the candidates of a token: the values of the sampler lab.

Everything is computed on the natural logarithms of probabilities as a provider gives them,
before its samplers. These are logits but for one number that is the same for all candidates; the
softmax takes it out again, so temperature, cuts, additive penalties and biases are exact on the
candidates that are known. `repetition_penalty` multiplies logits, where that number matters.

Sources: llama.cpp's llama-sampling.cpp; vLLM's sampler; Holtzman et al. 2019 (top_p), Nguyen et
al. 2024 (min_p), Keskar et al. 2019 (repetition penalty); OpenAI's reference for presence and
frequency penalties.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.providers.providers import KINDS, ProviderKind


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

    @property
    def penalises(self) -> bool:
        """Whether it matters which tokens have come before."""
        return bool(self.presence_penalty or self.frequency_penalty or self.repetition_penalty != 1)


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
    """The candidates of one token after the samplers, in the order in which they were given; the
    token that came is the last one, where it isn't among its own alternatives."""

    outcomes: Sequence[Outcome]
    #: What the tokens that were not captured have before the samplers, and at most after them.
    tail: float
    tail_high: float
    #: Whether all tokens that are kept are among the captured ones, and nothing is a mere bound.
    exact: bool
    #: Where each cut falls: how many of the captured candidates, likeliest first, come before it;
    #: it isn't there where it lies beyond them.
    lines: Mapping[Sampler, int]
    #: exp(entropy) of the distribution before and after: how many candidates there are in effect.
    effective_before: float
    effective_after: float


def order_of(kind: ProviderKind) -> Order:
    """Return the order in which a provider kind applies its samplers, from the table of kinds."""
    order = KINDS[kind].sampler_order
    return Order(tuple(Sampler(step) for step in order.steps), order.known, order.source)


#: What llama.cpp does where a request says nothing (common.h), for a server that doesn't tell.
LLAMA_CPP_DEFAULTS: Mapping[str, float] = {
    "temperature": 0.8,
    "top_k": 40,
    "top_p": 0.95,
    "min_p": 0.05,
}
#: How llama.cpp calls what the table calls otherwise.
_LLAMA_CPP_NAMES = {"repeat_penalty": "repetition_penalty"}
_NUMBERS = (
    "temperature",
    "top_p",
    "min_p",
    "presence_penalty",
    "frequency_penalty",
    "repetition_penalty",
)
#: No bias does more than make a token certain or impossible.
MOST_BIAS = 100.0


def settings_of(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> Settings:
    """The settings of the set parameters; where one isn't set, the provider's own default, which
    may come under llama.cpp's names. What is no number counts as not set."""
    said: dict[str, Any] = {}
    for name, value in (*defaults.items(), *values.items()):
        said[_LLAMA_CPP_NAMES.get(name, name)] = value
    found: dict[str, Any] = {
        name: float(said[name]) for name in _NUMBERS if _is_number(said.get(name))
    }
    if _is_number(said.get("top_k")):
        found["top_k"] = max(0, int(said["top_k"]))
    if found.get("repetition_penalty", 1.0) <= 0:
        del found["repetition_penalty"]
    biases = said.get("logit_bias")
    if isinstance(biases, Mapping):
        found["logit_bias"] = {
            int(id_): max(-MOST_BIAS, min(MOST_BIAS, float(bias)))
            for id_, bias in biases.items()
            if str(id_).isdecimal() and _is_number(bias)
        }
    return Settings(**found)


def _is_number(value: Any) -> bool:
    usual = isinstance(value, int | float) and not isinstance(value, bool)
    return usual and abs(value) < 1e9
