"""Samplers: their names, parameters and orders, and the values that the sampler lab works with.

A sampler is declared once, in `_facts_of`; the lab draws its line and finds its words by that. This
module imports no numpy, unlike `sampler_table`, which has the arithmetic.

All arithmetic is on the natural logarithms of probabilities as a provider gives them before its
samplers. They differ from logits by a constant that is the same for all candidates of a token and
that the softmax removes, so temperature, cuts, additive penalties and biases are exact on the
candidates that are known. `repetition_penalty` multiplies logits, so it needs the constant.

Sources: llama.cpp's llama-sampling.cpp; vLLM's sampler; Holtzman et al. 2019 (top_p), Nguyen et
al. 2024 (min_p), Keskar et al. 2019 (repetition penalty); OpenAI's reference for presence and
frequency penalties.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import Enum, StrEnum, auto
from typing import Any, assert_never

from app.domain.text.translation import _


class Sampler(StrEnum):
    """A step of a sampler chain."""

    LOGIT_BIAS = "logit_bias"
    PENALTIES = "penalties"
    TOP_K = "top_k"
    TOP_P = "top_p"
    MIN_P = "min_p"
    TEMPERATURE = "temperature"

    @property
    def label(self) -> str:
        """The name for the person: that of its parameter, as on the slider."""
        return _LABELS[self]


_LABELS: Mapping[Sampler, str] = {
    Sampler.LOGIT_BIAS: _("Logit bias"),
    Sampler.PENALTIES: _("Penalties"),
    Sampler.TOP_K: _("Top K"),
    Sampler.TOP_P: _("Top P"),
    Sampler.MIN_P: _("Min P"),
    Sampler.TEMPERATURE: _("Temperature"),
}


@dataclass(frozen=True, slots=True)
class SamplerOrder:
    """The order in which a provider kind applies its samplers.

    `steps` are all samplers. `known` is False where the order is a guess. `source` says for the
    person where the order is taken from.
    """

    steps: tuple[Sampler, ...]
    known: bool
    source: str


#: llama.cpp's llama-sampling.cpp and common/sampling.cpp, with the default `samplers`.
_LLAMA_CPP_STEPS = (
    Sampler.LOGIT_BIAS,
    Sampler.PENALTIES,
    Sampler.TOP_K,
    Sampler.TOP_P,
    Sampler.MIN_P,
    Sampler.TEMPERATURE,
)
LLAMA_CPP_ORDER = SamplerOrder(_LLAMA_CPP_STEPS, known=True, source=_("llama.cpp's order"))
#: vLLM's v1/sample/sampler.py.
VLLM_ORDER = SamplerOrder(
    (
        Sampler.LOGIT_BIAS,
        Sampler.PENALTIES,
        Sampler.TEMPERATURE,
        Sampler.MIN_P,
        Sampler.TOP_K,
        Sampler.TOP_P,
    ),
    known=True,
    source=_("vLLM's order"),
)
UNKNOWN_ORDER = SamplerOrder(
    _LLAMA_CPP_STEPS, known=False, source=_("order unknown; llama.cpp's is shown")
)


@dataclass(frozen=True, slots=True)
class SamplerSettings:
    """Values of the sampling parameters, under their names in the table of parameters.

    Each default is the value at which the parameter does nothing. `temperature` 0 is greedy.
    """

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
        """Whether the result depends on the tokens that came before."""
        return bool(self.presence_penalty or self.frequency_penalty or self.repetition_penalty != 1)


class Effect(Enum):
    """The effect of a parameter alone on an answer, for which the lab has a sentence."""

    #: Drops unlikely candidates.
    CUT = auto()
    #: Makes likely candidates likelier, or less so.
    SHARPNESS = auto()
    #: Changes the odds of a token that has come, once or for each time.
    ODDS_ONCE = auto()
    ODDS_EACH_TIME = auto()
    #: Changes the odds of chosen tokens.
    CHOSEN_TOKENS = auto()
    #: Nothing can be said of it alone.
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Reach:
    """The probability at the place of a cut, with its sign: Σ for a sum, ≥ for the least."""

    sign: str
    probability: float


#: Probabilities of the candidates before a sampler, the highest first.
Shares = Sequence[float]


@dataclass(frozen=True, slots=True)
class CutFacts:
    """A cut at a place among the candidates, for the line that the lab draws there."""

    #: The name with its value.
    label: Callable[[SamplerSettings], str]
    #: The probability that the cut came to, from the shares before it and the number of candidates
    #: above it.
    reach: Callable[[SamplerSettings, Shares, int], Reach] | None = None


@dataclass(frozen=True, slots=True)
class SamplerFacts:
    """The declaration of a sampler. Its arithmetic is in the module of its name in `steps`."""

    #: The fields of `SamplerSettings` that it reads, with their effects.
    effects: Mapping[str, Effect]
    #: Whether it does anything under some settings.
    acts: Callable[[SamplerSettings], bool]
    #: None if it drops nothing at a place among the candidates.
    cut: CutFacts | None = None
    #: The word for a candidate that it dropped; if empty, the sampler's name.
    dropped_by: str = ""
    #: Whether the lab names it in the order of samplers also if it does nothing.
    always_named: bool = True

    @property
    def parameters(self) -> tuple[str, ...]:
        """The fields of `SamplerSettings` that it reads."""
        return tuple(self.effects)


def _facts_of(sampler: Sampler) -> SamplerFacts:
    match sampler:
        case Sampler.LOGIT_BIAS:
            effects = {"logit_bias": Effect.CHOSEN_TOKENS}
            return SamplerFacts(effects, lambda s: bool(s.logit_bias), always_named=False)
        case Sampler.PENALTIES:
            effects = {
                "presence_penalty": Effect.ODDS_ONCE,
                "frequency_penalty": Effect.ODDS_EACH_TIME,
                "repetition_penalty": Effect.UNKNOWN,
            }
            return SamplerFacts(effects, lambda s: s.penalises, always_named=False)
        case Sampler.TOP_K:
            cut = CutFacts(lambda s: f"{sampler.label} {s.top_k}")
            return SamplerFacts({"top_k": Effect.CUT}, lambda s: s.top_k > 0, cut)
        case Sampler.TOP_P:
            cut = CutFacts(
                lambda s: f"{sampler.label} {s.top_p:.4g}",
                lambda s, shares, above: Reach("Σ", sum(shares[:above])),
            )
            return SamplerFacts({"top_p": Effect.CUT}, lambda s: s.top_p < 1, cut)
        case Sampler.MIN_P:
            cut = CutFacts(
                lambda s: f"{sampler.label} {s.min_p:.4g}",
                lambda s, shares, above: Reach("≥", s.min_p * max(shares, default=0.0)),
            )
            return SamplerFacts({"min_p": Effect.CUT}, lambda s: s.min_p > 0, cut)
        case Sampler.TEMPERATURE:
            effects = {"temperature": Effect.SHARPNESS}
            # At 0 it drops all but the likeliest.
            return SamplerFacts(effects, lambda s: s.temperature != 1, dropped_by=_("greedy"))
        case _:
            assert_never(sampler)


FACTS: Mapping[Sampler, SamplerFacts] = {sampler: _facts_of(sampler) for sampler in Sampler}


def working_steps(order: SamplerOrder, settings: SamplerSettings) -> list[Sampler]:
    """Return the samplers of an order that do something under these settings."""
    return [sampler for sampler in order.steps if FACTS[sampler].acts(settings)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A candidate before (`raw`) and after the samplers.

    `probability` is the likely one; `low` and `high` are bounds, since it is not known how the
    tokens that were not captured share the rest. All three are equal if the result is exact.
    `cut` is the sampler that dropped the candidate in the likely case, None if it stays there.
    It is surely dropped if `high` is 0, and by this sampler if `cause_is_certain`. `known` is
    False if the server gave no probability (−9999: it was not among the likeliest): then `raw`
    and `probability` are 0, and only `high` says something.
    """

    raw: float
    probability: float
    low: float
    high: float
    cut: Sampler | None
    known: bool = True
    cause_is_certain: bool = True


@dataclass(frozen=True, slots=True)
class Distribution:
    """The candidates of one token after the samplers, in the order in which they were given.

    The token that came is the last one if it is not among its own alternatives.
    """

    outcomes: Sequence[Outcome]
    #: Probability of all tokens that were not captured: before the samplers, and at most after.
    tail: float
    tail_high: float
    #: True if all tokens that are kept were captured and `low` equals `high` for each.
    exact: bool
    #: The place of each cut: how many captured candidates, likeliest first, come before it. A
    #: sampler that cuts off no captured candidate is missing.
    lines: Mapping[Sampler, int]
    #: exp(entropy) before and after: how many equally likely candidates would be as uncertain.
    effective_before: float
    effective_after: float
    #: By how much the probabilities that the server gave add up to more than 1.
    excess: float = 0.0


#: llama.cpp's names → ours, where they differ.
_LLAMA_CPP_NAMES = {"repeat_penalty": "repetition_penalty"}
#: The largest bias in nats: it makes a token certain or impossible.
MOST_BIAS = 100.0


def settings_of(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> SamplerSettings:
    """Return the settings of the parameters that are set.

    A parameter that is not set has the provider's own default, which may be given under llama.cpp's
    name for it. A value that is not a number counts as not set.
    """
    said: dict[str, Any] = {}
    for name, given in (*defaults.items(), *values.items()):
        said[_LLAMA_CPP_NAMES.get(name, name)] = given
    found: dict[str, Any] = {}
    for setting in fields(SamplerSettings):
        value: Any = said.get(setting.name)
        if not _is_number(value):
            continue
        if setting.type is float:
            found[setting.name] = float(value)
        elif setting.type is int:
            found[setting.name] = max(0, int(value))
    if found.get("repetition_penalty", 1.0) <= 0:
        del found["repetition_penalty"]
    biases = said.get("logit_bias")
    if isinstance(biases, Mapping):
        found["logit_bias"] = {
            int(id_): max(-MOST_BIAS, min(MOST_BIAS, float(bias)))
            for id_, bias in biases.items()
            if str(id_).isdecimal() and _is_number(bias)
        }
    return SamplerSettings(**found)


def _is_number(value: Any) -> bool:
    usual = isinstance(value, int | float) and not isinstance(value, bool)
    return usual and abs(value) < 1e9
