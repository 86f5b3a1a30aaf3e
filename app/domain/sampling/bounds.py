"""Bounds of the samplers' results that hold whatever the tokens are like that were not captured.

Known of these tokens are limits of their sum, that none is likelier than the least likely captured
one, and their greatest number. Each sampler changes these limits, and which candidates surely or
perhaps stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.sampling.bounded_state import SMALLEST, End, Range, Sums, least_by_group, most_of
from app.domain.sampling.sampler_table import FORMS
from app.domain.sampling.samplers import SamplerOrder, SamplerSettings, working_steps


@dataclass(frozen=True, slots=True)
class Bounds:
    """The results of samplers over a range of offsets."""

    #: The least and the greatest probability of each candidate.
    shares: Sequence[tuple[float, float]]
    #: The greatest probability of all tokens together that were not captured.
    tail: float
    #: The candidates that may stay or fall, by index.
    open: Sequence[int]


def bounds(
    ends: Sequence[End], groups: Sequence[int], settings: SamplerSettings, order: SamplerOrder
) -> Bounds:
    """Take the candidates of one token through the samplers of an order.

    `ends` has the weights after biases and penalties at one known offset, or at both ends of a
    range of offsets within which no penalised logit changes its sign; `groups` has the group of
    each candidate, all STILL if the offset is known.
    """
    state = Range.of(ends, groups)
    for sampler in working_steps(order, settings):
        FORMS[sampler].bounds(state, settings)
    perhaps = [state.sum_of(end, state.perhaps) for end in ends]
    sure = [state.sums_of(end, state.sure) for end in ends]
    shares = [_shares(state, place, perhaps, sure) for place in range(len(groups))]
    both = zip(state.sure, state.perhaps, strict=True)
    unsure = [place for place, (stays, may_stay) in enumerate(both) if stays != may_stay]
    return Bounds(shares, _tail(state, sure), unsure)


def _shares(
    state: Range, place: int, perhaps: Sequence[float], sure: Sequence[Sequence[float]]
) -> tuple[float, float]:
    """Return the bounds of a candidate's probability from the sums of those that stay."""
    if not state.perhaps[place]:
        return 0.0, 0.0
    if len(state.ends) == 1:
        (end,), own = state.ends, state.ends[0].weights[place]
        if own <= 0:
            return 0.0, 0.0
        others = max(0.0, perhaps[0] - own + end.rest.total)
        fewest = max(0.0, sure[0][0] - own * state.sure[place]) + end.rest.low
        return own / (own + others) if state.sure[place] else 0.0, own / (own + fewest)
    return _shares_between(state, place, perhaps, sure)


def _shares_between(
    state: Range, place: int, perhaps: Sequence[float], sure: Sequence[Sequence[float]]
) -> tuple[float, float]:
    """Return the bounds of a candidate's probability over a range of offsets."""
    scales, group = state.scales(place), state.groups[place]
    weights = [end.weights[place] for end in state.ends]
    own = most_of(weights, scales)
    if own <= 0:
        return 0.0, 0.0 if _is_outweighed(state) else 1.0
    low = 0.0
    if state.sure[place] and min(weights) > SMALLEST:
        others = [
            max(0.0, total - weight + end.rest.total)
            for total, weight, end in zip(perhaps, weights, state.ends, strict=True)
        ]
        low = own / (own + most_of(others, scales))
    fewest = []
    for sums, weight, end in zip(sure, weights, state.ends, strict=True):
        parts = list(sums)
        parts[group] = max(0.0, parts[group] - weight * state.sure[place])
        parts[0] += end.rest.low
        fewest.append(tuple(parts))
    return low, own / (own + least_by_group(fewest, scales))


def _is_outweighed(state: Range) -> bool:
    """Return whether a weight that is 0 at every end is next to nothing between the ends as well:
    some candidate that stays outweighs it at all of them."""
    return any(
        sure and min(end.weights[place] for end in state.ends) > SMALLEST
        for place, sure in enumerate(state.sure)
    )


def _tail(state: Range, sure: Sequence[Sums]) -> float:
    """Return the greatest probability of the rest.

    Each part of the rest (its still tokens, each lifted one) moves like a weight, so its ratio to
    a group of candidates is greatest at an end.
    """
    parts = [[end.rest.high, *end.rest.lifted] for end in state.ends]
    ratio = 0.0
    for each in zip(*parts, strict=True):
        if max(each) <= 0:
            continue
        scales = [1.0] if len(each) == 1 else [1 / max(one, SMALLEST) for one in each]
        below = least_by_group(sure, scales)
        own = most_of(each, scales)
        if below <= 0:
            return 1.0
        ratio += own / below
    return ratio / (1 + ratio)
