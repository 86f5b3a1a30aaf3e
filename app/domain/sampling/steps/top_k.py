"""top_k: keeps the k likeliest candidates; 0 keeps all."""

from collections.abc import Sequence

import numpy as np

from app.domain.sampling.answer_state import AnswerState
from app.domain.sampling.bounded_state import Range, Rest, running_sums
from app.domain.sampling.forms import Forms
from app.domain.sampling.likely_state import LikelyState
from app.domain.sampling.samplers import Sampler, SamplerSettings
from app.domain.sampling.uncaptured_tail import ROUNDING, Group, Tail


def cut_likely(state: LikelyState, settings: SamplerSettings) -> None:
    """Keep the k likeliest candidates; likelier tail groups take their room."""
    left = float(settings.top_k)
    kept = 0
    tail = sorted(state.tail, key=lambda group: -group.logit)
    stays: Tail = []
    for place in state.places:
        while tail and tail[0].logit > state.logits[place] + ROUNDING and left >= 1:
            left = _take(tail, stays, left)
        if left < 1:
            break
        left -= 1
        kept += 1
    while tail and left > 0:
        left = _take(tail, stays, left)
    state.drop(kept, Sampler.TOP_K)
    state.tail = stays


def _take(tail: Tail, stays: Tail, left: float) -> float:
    """Move as many of the first group as there is room for; return what room is left."""
    group = tail.pop(0)
    taken = min(group.count, left)
    stays.append(Group(group.logit, taken))
    return left - taken


def cut_bounds(state: Range, settings: SamplerSettings) -> None:
    """Find which candidates are surely or perhaps among the k likeliest."""
    count = settings.top_k
    if len(state.ends) == 1:
        _cut_at(state, count)
        return
    groups, ones = state.by_group(), [1.0] * len(state.groups)
    sure_before = running_sums(groups, state.sure, ones)
    perhaps_before = running_sums(groups, state.perhaps, ones)
    surely, perhaps = [], []
    for place, (fewest, most) in enumerate(state.counts_above()):
        at_most = sum(sums[number] for sums, number in zip(perhaps_before, most, strict=True))
        at_least = sum(sums[number] for sums, number in zip(sure_before, fewest, strict=True))
        ends = [(end.rest, end.weights[place]) for end in state.ends]
        at_most += max(rest.above(weight) for rest, weight in ends) + _lifted_above(ends)
        at_least += min(rest.surely_above(weight)[0] for rest, weight in ends)
        surely.append(at_most < count)
        perhaps.append(at_least < count)
    state.settle(surely, perhaps)
    room = count - sum(state.sure)
    _keep_rest(state, room, count - sum(state.perhaps))


def _cut_at(state: Range, count: int) -> None:
    """Do the same at a single offset, in a third of the time."""
    (end,) = state.ends
    rest, weights, sure, perhaps = end.rest, end.weights, state.sure, state.perhaps
    lifted = rest.lifted
    surely, may_stay = [False] * len(weights), [False] * len(weights)
    least = most = 0
    for place in end.ranks:
        # The tests that are cheap come first: most candidates are far from the cut.
        weight = weights[place]
        if most < count:
            above = rest.above(weight) + (sum(one > weight for one in lifted) if lifted else 0)
            surely[place] = sure[place] and most + above < count
        if least < count:
            may_stay[place] = perhaps[place] and least + rest.surely_above(weight)[0] < count
        least += sure[place]
        most += perhaps[place]
    state.sure, state.perhaps = surely, may_stay
    _keep_rest(state, count - sum(surely), count - sum(may_stay))


def _lifted_above(ends: Sequence[tuple[Rest, float]]) -> int:
    """Return the most lifted tokens that can be above a candidate's weight."""
    return sum(
        any(lifted > weight for lifted, (_rest, weight) in zip(each, ends, strict=True))
        for each in zip(*(rest.lifted for rest, _weight in ends), strict=True)
    )


def _keep_rest(state: Range, room: int, taken: int) -> None:
    """Keep at most `room` tokens of the rest, and at least `taken`."""
    for end in state.ends:
        rest = end.rest
        if room <= 0:
            rest.clear()
            continue
        # The likeliest tokens of the rest have at least their part of its sum.
        part = max(0.0, min(taken, rest.count)) / rest.count if rest.count > 0 else 0.0
        rest.low *= part
        rest.high = min(rest.high, room * rest.most)
        rest.count = min(rest.count, room)
        if len(state.ends) == 1:
            # Between two ends the likeliest may be others: there all are kept, as a wider bound.
            rest.lifted = sorted(rest.lifted, reverse=True)[:room]


def cut_arrays(state: AnswerState, settings: SamplerSettings) -> None:
    """Keep the first k of each row, and of its tail as many as there is room for."""
    room = np.maximum(0, settings.top_k - state.kept)
    state.count = np.minimum(state.count, room)
    state.kept = np.minimum(state.kept, settings.top_k)


FORMS = Forms(cut_likely, cut_bounds, cut_arrays)
