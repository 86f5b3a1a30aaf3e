"""min_p: keeps candidates of at least a share of the likeliest one (Nguyen 2024)."""

import math
from collections.abc import Sequence

import numpy as np

from app.domain.sampling.answer_state import AnswerState, count_set
from app.domain.sampling.bounded_state import SMALLEST, Range, most_of
from app.domain.sampling.forms import Forms
from app.domain.sampling.likely_state import LikelyState
from app.domain.sampling.samplers import Sampler, SamplerSettings
from app.domain.sampling.uncaptured_tail import ROUNDING


def cut_likely(state: LikelyState, settings: SamplerSettings) -> None:
    """Keep candidates of at least min_p times the weight of the likeliest."""
    highest = max(
        [state.logits[place] for place in state.places[:1]] + [group.logit for group in state.tail],
        default=0.0,
    )
    least = highest + math.log(settings.min_p) - ROUNDING
    state.drop(sum(state.logits[place] >= least for place in state.places), Sampler.MIN_P)
    state.tail = [group for group in state.tail if group.logit >= least]


def cut_bounds(state: Range, settings: SamplerSettings) -> None:
    """Find which candidates surely or perhaps reach min_p times the weight of the likeliest."""
    share = settings.min_p * (1 - ROUNDING)
    if len(state.ends) == 1:
        _cut_at(state, share)
        return
    tops = _tops(state)
    # At each end: the least weight that surely stays, and for each top the least that it leaves.
    highest = [
        share
        * max([end.rest.highest, *(end.weights[n] for n, may in enumerate(state.perhaps) if may)])
        for end in state.ends
    ]
    lowest = [[share * end.weights[top] for end in state.ends] for top in tops]

    def falls(weights: Sequence[float]) -> bool:
        """Return whether some top leaves a weight below it at every end."""
        return any(
            all(one < least for one, least in zip(weights, leasts, strict=True))
            for leasts in lowest
        )

    at_ends = list(zip(*(end.weights for end in state.ends), strict=True))
    state.settle(
        [all(one >= level for one, level in zip(each, highest, strict=True)) for each in at_ends],
        [not falls(each) for each in at_ends],
    )
    lifted = [
        each
        for each in zip(*(end.rest.lifted for end in state.ends), strict=True)
        if not falls(each)
    ]
    for number, end in enumerate(state.ends):
        end.rest.lifted = [each[number] for each in lifted]
    _cut_rest(state, highest, lowest)


def _cut_at(state: Range, share: float) -> None:
    """Do the same at a single offset, in a quarter of the time."""
    (end,) = state.ends
    weights, ranks = end.weights, end.ranks
    most = next((weights[place] for place in ranks if state.perhaps[place]), 0.0)
    least = next((weights[place] for place in ranks if state.sure[place]), 0.0)
    highest, lowest = share * max(end.rest.highest, most), share * least
    state.sure = [
        stays and weight >= highest for stays, weight in zip(state.sure, weights, strict=True)
    ]
    state.perhaps = [
        stays and weight >= lowest for stays, weight in zip(state.perhaps, weights, strict=True)
    ]
    end.rest.lifted = [weight for weight in end.rest.lifted if weight >= lowest]
    _cut_rest(state, [highest], [[lowest]] if least > 0 else [])


def _tops(state: Range) -> set[int]:
    """Return the sure candidates that are the likeliest at an end."""
    found = set()
    for end in state.ends:
        top = next((place for place in end.ranks if state.sure[place]), None)
        if top is not None:
            found.add(top)
    return found


def _cut_rest(state: Range, highest: Sequence[float], lowest: Sequence[Sequence[float]]) -> None:
    """Narrow the limits of the rest: its tokens above `highest` stay, those below any `lowest`
    fall."""
    units = state.units()
    if len(units) > 1 and min(end.rest.most for end in state.ends) <= SMALLEST:
        for end in state.ends:
            end.rest.low = 0.0
        return
    most = most_of(highest, units)
    least = max(
        (min(one * unit for one, unit in zip(leasts, units, strict=True)) for leasts in lowest),
        default=0.0,
    )
    for end, unit in zip(state.ends, units, strict=True):
        rest = end.rest
        rest.low = max(0.0, rest.low - rest.count * most / unit)
        rest.least = max(rest.least, least / unit)
        if min(rest.most, rest.high) < least / unit:
            rest.low = rest.high = 0.0
        elif rest.least > 0:
            rest.count = min(rest.count, rest.high / rest.least)


def cut_arrays(state: AnswerState, settings: SamplerSettings) -> None:
    """Keep in each row the candidates of at least min_p times the weight of its first."""
    least = state.logits[:, 0] + np.log(settings.min_p) - 1e-7
    near = count_set(state.logits >= least[:, None])
    state.kept = np.minimum(state.kept, near)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.floor((least - state.first) / state.ratio) + 1
    reach = np.where(state.first >= least, np.maximum(1, reach), 0)
    state.count = np.minimum(state.count, reach)


FORMS = Forms(cut_likely, cut_bounds, cut_arrays)
