"""A token's candidates through a chain of samplers, exactly or between bounds."""

import math
from collections.abc import Mapping, Sequence

from app.domain.events import Candidate, TokenProbabilities
from app.domain.sampling.known_token import NEVER, KnownToken, clean
from app.domain.sampling.likely_state import LikelyState
from app.domain.sampling.logit_offset import Offset
from app.domain.sampling.offset_ranges import bounds_over, offsets
from app.domain.sampling.sampler_table import FORMS
from app.domain.sampling.samplers import Distribution, Order, Outcome, Settings, working_steps
from app.domain.sampling.uncaptured_tail import (
    Tail,
    entropy_of,
    likely_tail,
)

#: The likely logit offset in nats if it is not known: the middle of `UNKNOWN`.
OFFSET = 20.0


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

    `counts` has the number of times that each token id came among the tokens that penalties look
    at, `vocabulary` is the number of tokens that the model knows, and `offset` the logit offset
    if it was learned (`logit_offset`). Unless `bounded`, only the likely distribution is worked
    out, in a tenth of the time.
    """
    candidates = candidates_of(token)
    logits = [clean(one.logprob) for one in candidates]
    raw = [math.exp(one) for one in logits]
    total = sum(raw)
    if total > 1:
        logits = [one - math.log(total) for one in logits]
        raw = [one / total for one in raw]
    mass = max(0.0, 1 - total)
    listed = [
        raw[place] for place, one in enumerate(token.alternatives) if clean(one.logprob) > NEVER
    ]
    # Without alternatives any token may be likelier than the token that came.
    most = min(listed, default=1.0)
    known = KnownToken(candidates, logits, mass, most, settings, counts or {}, vocabulary)
    middle = offset.value if offset is not None else OFFSET
    likely = likely_tail(mass, most, known.others()[1])
    first = _run(known, likely[:], middle, order)
    point = _probabilities(first)[0]
    low: Sequence[float] = point
    high: Sequence[float] = point
    tail_high, certain = 0.0, False
    if bounded:
        low, high, tail_high, certain = bounds_over(known, offsets(known, offset), point, order)
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
    """Return a token's alternatives, and the token itself if it is not among them."""
    found = list(token.alternatives)
    if not any(is_same(one, token.chosen) for one in found):
        found.append(token.chosen)
    return found


def is_same(one: Candidate, other: Candidate) -> bool:
    """Return whether two candidates are the same token."""
    if one.id is not None and other.id is not None:
        return one.id == other.id
    return (one.token, one.bytes) == (other.token, other.bytes)


def _run(known: KnownToken, tail: Tail, offset: float, order: Order) -> LikelyState:
    settings = known.settings
    logits = known.shifted(offset)
    places = list(range(len(logits)))
    state = LikelyState(logits, places, tail, [None] * len(logits), {})
    state.sort()
    for sampler in working_steps(order, settings):
        FORMS[sampler].likely(state, settings)
    return state


def _probabilities(state: LikelyState) -> tuple[list[float], float]:
    """Return the resulting probability of each candidate, and that of the tail."""
    state.sort()
    weights = dict(zip(state.places, state.weights(), strict=True))
    tail = sum(group.weight for group in state.tail)
    total = sum(weights.values()) + tail
    if total <= 0:
        return [0.0] * len(state.logits), 0.0
    found = [weights.get(place, 0.0) / total for place in range(len(state.logits))]
    return found, tail / total
