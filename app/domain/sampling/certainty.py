"""The certain part of the samplers' results: the cause of a cut, and bounds of the entropy."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.domain.sampling.samplers import (
    FACTS,
    Distribution,
    Sampler,
    SamplerOrder,
    SamplerSettings,
    working_steps,
)
from app.domain.sampling.uncaptured_tail import LARGEST_VOCABULARY, LEAST_TAIL, ROUNDING

#: Samplers that drop candidates; temperature does at 0.
_CUTS = {sampler for sampler, facts in FACTS.items() if facts.cut is not None}
#: Halvings of the interval in which the even level of probabilities lies.
_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class EffectiveBounds:
    """Bounds of the number of candidates in effect (the exponential of the entropy) of a token,
    before and after the samplers: the least and the greatest number."""

    before: tuple[float, float]
    after: tuple[float, float]


def cuts_are_certain(settings: SamplerSettings, order: SamplerOrder, captured: int) -> bool:
    """Return whether the places of all cuts follow from the captured candidates, of which there
    are `captured`, whatever the other tokens are like.

    top_k and min_p compare captured candidates with each other. top_p adds up shares of the whole:
    these are known as the server gave them, and where nothing but captured candidates is left.
    Penalties and biases may lift tokens that were not captured.
    """
    is_rescaled = only_captured = False
    for step in working_steps(order, settings):
        if step in {Sampler.LOGIT_BIAS, Sampler.PENALTIES}:
            return False
        if step is Sampler.TOP_P and is_rescaled and not only_captured:
            return False
        is_rescaled = True
        only_captured |= step is Sampler.TOP_K and settings.top_k <= captured
        only_captured |= step is Sampler.TEMPERATURE and settings.temperature == 0
    return True


def cuts_anything(settings: SamplerSettings, order: SamplerOrder) -> bool:
    """Return whether any sampler drops candidates."""
    return _count_cuts(settings, order) > 0


def causes_are_certain(
    settings: SamplerSettings, order: SamplerOrder, *, captured: int, uncaptured: float
) -> bool:
    """Return whether it is certain which sampler drops a candidate that is surely dropped.

    `uncaptured` is the probability of all tokens that were not captured.
    """
    if _count_cuts(settings, order) <= 1:
        return True
    if uncaptured <= LEAST_TAIL and settings.repetition_penalty == 1:
        return True
    return cuts_are_certain(settings, order, captured)


def _count_cuts(settings: SamplerSettings, order: SamplerOrder) -> int:
    """Return the number of samplers that drop candidates."""
    cuts = sum(step in _CUTS for step in working_steps(order, settings))
    return cuts + (settings.temperature == 0)


def with_causes(
    distribution: Distribution, settings: SamplerSettings, order: SamplerOrder, *, captured: int
) -> Distribution:
    """Return a distribution whose outcomes say whether their cause is certain; `captured` is the
    number of alternatives that the server listed."""
    tail = distribution.tail
    certain = causes_are_certain(settings, order, captured=captured, uncaptured=tail)
    # Of a candidate without a probability it is not known where among the others it falls.
    of_unknown = certain and _count_cuts(settings, order) <= 1
    outcomes = [
        one
        if one.cut is None
        else replace(one, cause_is_certain=certain if one.known else of_unknown)
        for one in distribution.outcomes
    ]
    return replace(distribution, outcomes=outcomes)


def effective_bounds(
    distribution: Distribution, *, listed: int, vocabulary: int | None = None
) -> EffectiveBounds:
    """Return bounds of the numbers of candidates in effect of a token.

    The first `listed` outcomes are the server's list: no other token is likelier than the least
    likely of them. `vocabulary` is the number of tokens that the model knows, if known.
    """
    outcomes = distribution.outcomes
    # A candidate without a probability has its part of the rest.
    others = max(1, (vocabulary or LARGEST_VOCABULARY) - sum(one.known for one in outcomes))
    raw = [one.raw for one in outcomes]
    most = min((share for share in raw[:listed] if share > 0), default=1.0)
    rest = distribution.tail if distribution.tail > LEAST_TAIL else 0.0
    known = sum(map(_term, raw))
    before = known + _packed(rest, most), known + _spread(rest, others)
    boxes = [(one.low, one.high) for one in outcomes]
    if distribution.tail_high > 0:
        after = _least(boxes, distribution.tail_high), _most(boxes, distribution.tail_high, others)
    else:
        after = _least(boxes, 0.0), _most(boxes, 0.0, 1)
    likely = math.log(distribution.effective_before), math.log(distribution.effective_after)
    return EffectiveBounds(_around(before, likely[0]), _around(after, likely[1]))


def _around(entropies: tuple[float, float], likely: float) -> tuple[float, float]:
    """Return numbers of candidates for entropies in nats; the likely one is within them."""
    least, most = entropies
    return math.exp(max(0.0, min(least, likely))), math.exp(max(most, likely))


def _term(share: float) -> float:
    return -share * math.log(share) if share > 0 else 0.0


def _packed(rest: float, most: float) -> float:
    """Return the least entropy of a rest, of which no token has more than `most`."""
    whole = math.floor(rest / most + ROUNDING)
    return whole * _term(most) + _term(max(0.0, rest - whole * most))


def _spread(rest: float, count: int) -> float:
    """Return the greatest entropy of a rest that `count` tokens share."""
    return count * _term(rest / count)


def _least(boxes: Sequence[tuple[float, float]], tail: float) -> float:
    """Return a lower bound of the entropy of shares within boxes that add up to 1.

    The tail counts as one share. For each k no k shares can be more than `most_of(k)` together; the
    shares whose largest k are exactly that majorize all others, and entropy is Schur-concave.
    """
    sides = [*boxes, (0.0, tail)]
    high = sorted((most for _least, most in sides), reverse=True)
    low = sorted((least for least, _most in sides), reverse=True)
    total, entropy, before = sum(low), 0.0, 0.0
    upper = lower = 0.0
    for most, least in zip(high, low, strict=True):
        upper, lower = upper + most, lower + least
        together = min(1.0, upper, 1 - (total - lower))
        entropy += _term(max(0.0, together - before))
        before = together
    return entropy


def _most(boxes: Sequence[tuple[float, float]], tail: float, others: int) -> float:
    """Return the greatest entropy of shares within boxes that add up to 1: each share is as near to
    an even level as its box allows."""
    low, high = 0.0, 1.0
    for _halving in range(_HALVINGS):
        level = (low + high) / 2
        if sum(_at(level, boxes)) + min(tail, others * level) < 1:
            low = level
        else:
            high = level
    rest = min(tail, others * high)
    return sum(map(_term, _at(high, boxes))) + _spread(rest, others)


def _at(level: float, boxes: Iterable[tuple[float, float]]) -> list[float]:
    return [min(max(level, least), most) for least, most in boxes]
