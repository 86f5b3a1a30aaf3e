"""A token's candidates through a chain of samplers, exactly or between bounds."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.events import Candidate, TokenProbabilities
from app.domain.sampling.bounded_state import Rest
from app.domain.sampling.bounds import bounds
from app.domain.sampling.likely_state import LikelyState
from app.domain.sampling.logit_offset import Offset, repeated
from app.domain.sampling.sampler_table import FORMS
from app.domain.sampling.samplers import Distribution, Order, Outcome, Settings, working_steps
from app.domain.sampling.uncaptured_tail import (
    LARGEST_VOCABULARY,
    LEAST_TAIL,
    Tail,
    entropy_of,
    likely_tail,
)

#: A logarithm below this is a server's word for never.
NEVER = -700.0
#: Logits are log probabilities plus an offset. Of large models it was between these; where it isn't
#: known, what a repetition penalty does is bounded over all of them, and likely is the middle.
OFFSETS = tuple(map(float, range(41)))
OFFSET = 20.0
#: An offset that may be wrong by less makes no difference that is seen.
SMALL = 0.002
#: By so much a server's probabilities of all tokens may miss 1 (llama.cpp: up to 0.00015 was seen).
ROUNDED = 0.0003


def distribution(
    token: TokenProbabilities,
    settings: Settings,
    order: Order,
    *,
    counts: Mapping[int, int] | None = None,
    vocabulary: int | None = None,
    offset: Offset | None = None,
    bounded: bool = True,
) -> Distribution:
    """Take a token's candidates through the samplers.

    `counts` says how often each token id came among those that penalties look at, `vocabulary`
    how many tokens the model knows, and `offset` what logits are above log probabilities, where
    that was learned (`sampler_offset`). Where it isn't to be `bounded` only
    the likely distribution is worked out, in a tenth of the time.
    """
    candidates = candidates_of(token)
    logits = [_clean(one.logprob) for one in candidates]
    raw = [math.exp(one) for one in logits]
    total = sum(raw)
    if total > 1:
        logits = [one - math.log(total) for one in logits]
        raw = [one / total for one in raw]
    mass = max(0.0, 1 - total)
    listed = [
        raw[place] for place, one in enumerate(token.alternatives) if _clean(one.logprob) > NEVER
    ]
    # Without alternatives anything may be likelier than what came.
    most = min(listed, default=1.0)
    known = _Known(candidates, logits, mass, most, settings, counts or {}, vocabulary)
    unsure = settings.repetition_penalty != 1 and bool(counts) and offset is None
    middle = offset.value if offset is not None else OFFSET
    give = offset.give if offset is not None else 0.0
    likely = likely_tail(mass, most, known.others()[1])
    first = _run(known, likely[:], middle, order)
    point = _probabilities(first)[0]
    low, high = point[:], point[:]
    tail_high, certain = 0.0, bounded and not unsure
    for one in known.offsets(middle, give, unsure=unsure) if bounded else ():
        found, tail, is_certain = bounds(*known.relative(one), settings, order)
        low = [min(lower, before) for (lower, _higher), before in zip(found, low, strict=True)]
        high = [max(higher, before) for (_lower, higher), before in zip(found, high, strict=True)]
        tail_high = max(tail_high, tail)
        certain = certain and is_certain
    exact = certain and tail_high <= 0
    if exact:
        low = high = point
    return Distribution(
        [Outcome(*one) for one in zip(raw, point, low, high, first.cuts, strict=True)],
        tail=mass,
        tail_high=tail_high,
        exact=exact,
        lines=first.lines,
        effective_before=math.exp(entropy_of(raw, likely)),
        effective_after=math.exp(entropy_of(first.weights(), first.tail)),
    )


def candidates_of(token: TokenProbabilities) -> list[Candidate]:
    """A token's alternatives, and itself where it is not among them."""
    found = list(token.alternatives)
    if not any(is_same(one, token.chosen) for one in found):
        found.append(token.chosen)
    return found


def is_same(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates are the same token."""
    if one.id is not None and other.id is not None:
        return one.id == other.id
    return (one.token, one.bytes) == (other.token, other.bytes)


def _clean(logprob: float) -> float:
    # Not a number is not at least anything.
    return min(0.0, logprob) if logprob >= NEVER else NEVER


def _penalty(count: int, settings: Settings) -> float:
    if not count:
        return 0.0
    return -settings.presence_penalty - count * settings.frequency_penalty


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a token: its candidates with their logits, what the others have together
    and the likeliest of them at most, and what is to be done to them."""

    candidates: Sequence[Candidate]
    logits: Sequence[float]
    mass: float
    most: float
    settings: Settings
    counts: Mapping[int, int]
    vocabulary: int | None

    def offsets(self, middle: float, give: float, *, unsure: bool) -> Sequence[float]:
        """The offsets among which the true one lies, as far as that makes a difference."""
        # What came and was not captured sinks, however far: that is in the bounds of one already.
        came = any(one.id is not None and self.counts.get(one.id) for one in self.candidates)
        lifts = self.settings.repetition_penalty < 1
        if unsure and (came or lifts):
            return OFFSETS
        if give > SMALL and self.settings.repetition_penalty != 1:
            return [middle + share * give for share in (-1, -0.5, 0, 0.5, 1)]
        return (middle,)

    def shifted(self, offset: float) -> list[float]:
        """The logits after biases and penalties."""
        return [
            logit if one.id is None else self._shifted(one.id, logit, offset)
            for one, logit in zip(self.candidates, self.logits, strict=True)
        ]

    def relative(self, offset: float) -> tuple[list[float], Rest]:
        """The candidates' weights after biases and penalties, and what is known of the others, on
        a scale where the highest is 1."""
        logits = self.shifted(offset)
        mass, count = self.others()
        most = math.log(min(self.most, mass)) if mass > 0 else NEVER
        lifted, low = self._outside(offset, mass, most)
        highest = max([*logits, *lifted, most if mass > 0 else -math.inf])
        scale = math.exp(most - highest)
        # llama.cpp adds up the weights of its vocabulary in single precision.
        rounded = ROUNDED if self.mass > LEAST_TAIL else 0.0
        rest = Rest(
            low=max(0.0, low - rounded) / math.exp(most) * scale,
            high=(mass + rounded) / math.exp(most) * scale,
            count=count,
            most=scale,
            lifted=[math.exp(one - highest) for one in lifted],
        )
        return [math.exp(one - highest) for one in logits], rest

    def others(self) -> tuple[float, float]:
        """What the others have together at most, and how many they are."""
        settings = self.settings
        count = float((self.vocabulary or LARGEST_VOCABULARY) - len(self.candidates))
        mass = self.mass
        if mass <= LEAST_TAIL:
            # Rounding counts where it is made much of, or the candidates are made little of.
            matters = settings.temperature > 1 or settings.logit_bias or settings.penalises
            mass = LEAST_TAIL if matters and count > 0 else 0.0
        if mass <= 0:
            return 0.0, 0.0
        return mass, max(count, math.ceil(mass / min(self.most, mass)))

    def _outside(self, offset: float, mass: float, most: float) -> tuple[list[float], float]:
        """The logits at most of the tokens outside that are lifted, and what those that aren't
        have together at least."""
        if mass <= 0:
            return [], 0.0
        settings = self.settings
        each = math.exp(most)
        inside = {one.id for one in self.candidates}
        lifted: list[float] = []
        lowered, falls = 0, 0.0
        for id_ in (settings.logit_bias.keys() | self.counts.keys()) - inside:
            count = self.counts.get(id_, 0)
            shift = settings.logit_bias.get(id_, 0.0) + _penalty(count, settings)
            penalty = settings.repetition_penalty if count else 1.0
            if shift > 0 or penalty < 1:
                lifted.append(self._shifted(id_, most, offset))
            elif shift < 0 or penalty > 1:
                lowered += 1
                falls = min(falls, shift if penalty == 1 else -math.inf)
        low = max(0.0, self.mass - len(lifted) * each) if self.mass > LEAST_TAIL else 0.0
        return lifted, max(low - lowered * each, low * math.exp(falls))

    def _shifted(self, id_: int, logit: float, offset: float) -> float:
        settings, count = self.settings, self.counts.get(id_, 0)
        biased = logit + settings.logit_bias.get(id_, 0.0)
        if count and settings.repetition_penalty != 1:
            biased = repeated(biased + offset, settings.repetition_penalty) - offset
        return biased + _penalty(count, settings)


def _run(known: _Known, tail: Tail, offset: float, order: Order) -> LikelyState:
    settings = known.settings
    logits = known.shifted(offset)
    places = list(range(len(logits)))
    state = LikelyState(logits, places, tail, [None] * len(logits), {})
    state.sort()
    for sampler in working_steps(order, settings):
        FORMS[sampler].likely(state, settings)
    return state


def _probabilities(state: LikelyState) -> tuple[list[float], float]:
    """What each candidate has in the end, and the tail."""
    state.sort()
    weights = dict(zip(state.places, state.weights(), strict=True))
    tail = sum(group.weight for group in state.tail)
    total = sum(weights.values()) + tail
    if total <= 0:
        return [0.0] * len(state.logits), 0.0
    found = [weights.get(place, 0.0) / total for place in range(len(state.logits))]
    return found, tail / total
