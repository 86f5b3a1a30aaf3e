"""top_p: keeps the smallest set of the likeliest whose sum reaches a share (Holtzman 2019)."""

import math
from collections.abc import Sequence

import numpy as np

from app.domain.sampling import answer_state
from app.domain.sampling.answer_state import NOWHERE, AnswerState, count_set, tail_sum
from app.domain.sampling.bounded_state import (
    SMALLEST,
    Range,
    Sums,
    least_by_group,
    most_by_group,
    most_of,
    running_sums,
)
from app.domain.sampling.forms import Forms
from app.domain.sampling.likely_state import LikelyState
from app.domain.sampling.samplers import Sampler, SamplerSettings
from app.domain.sampling.uncaptured_tail import ROUNDING, Group, Tail


def cut_likely(state: LikelyState, settings: SamplerSettings) -> None:
    """Keep the smallest set of the likeliest whose sum reaches top_p of all that is left."""
    share = settings.top_p
    weights = state.weights()
    tail = sorted(state.tail, key=lambda group: -group.logit)
    target = share * (sum(weights) + sum(group.weight for group in tail)) * (1 - ROUNDING)
    reached = 0.0
    kept = 0
    stays: Tail = []

    def take_group() -> None:
        nonlocal reached
        group = tail.pop(0)
        each = math.exp(group.logit)
        needed = math.ceil((target - reached) / each) if each > 0 else group.count
        taken = min(group.count, max(1.0, float(needed)))
        stays.append(Group(group.logit, taken))
        reached += taken * each

    for place, weight in zip(state.places, weights, strict=True):
        while tail and tail[0].logit > state.logits[place] + ROUNDING and reached < target:
            take_group()
        if reached >= target and (kept or stays):
            break
        reached += weight
        kept += 1
    while tail and reached < target:
        take_group()
    state.drop(kept, Sampler.TOP_P)
    state.tail = stays


def cut_bounds(state: Range, settings: SamplerSettings) -> None:
    """Find which candidates surely or perhaps stay.

    A candidate stays if the sum of the likelier ones is less than top_p of the whole sum.
    """
    share = settings.top_p * (1 - ROUNDING)
    if len(state.ends) == 1:
        _cut_at(state, share)
        return
    all_sure = [state.sums_of(end, state.sure) for end in state.ends]
    all_perhaps = [state.sums_of(end, state.perhaps) for end in state.ends]
    groups = state.by_group()
    sums = [
        (
            running_sums(groups, state.sure, end.weights),
            running_sums(groups, state.perhaps, end.weights),
        )
        for end in state.ends
    ]
    surely, perhaps, front = [], [], []
    highest = [end.rest.highest / (1 + ROUNDING) for end in state.ends]
    for place, counts in enumerate(state.counts_above()):
        over = any(
            end.weights[place] < level for end, level in zip(state.ends, highest, strict=True)
        )
        stays, may_stay = _verdict(state, place, sums, counts, share=share, over=over)
        surely.append(stays)
        perhaps.append(may_stay)
        front.append(state.sure[place] and not over)
    state.settle(surely, perhaps)
    _cut_rest(state, share, front, all_sure, all_perhaps)


def _cut_at(state: Range, share: float) -> None:
    """Do the same at a single offset, in a third of the time."""
    (end,), sure, perhaps = state.ends, state.sure, state.perhaps
    weights, rest = end.weights, end.rest
    all_sure, all_perhaps = state.sum_of(end, sure), state.sum_of(end, perhaps)
    total, highest = rest.total, rest.highest / (1 + ROUNDING)
    count = len(weights)
    surely, may_stay, front = [False] * count, [False] * count, [False] * count
    sure_above = perhaps_above = 0.0
    for place in end.ranks:
        weight = weights[place]
        over = weight < highest
        own, likely_own = weight * sure[place], weight * perhaps[place]
        if sure[place]:
            below = max(0.0, all_sure - sure_above - own) + (0.0 if over else rest.low)
            most_above = perhaps_above + (total if over else 0.0)
            surely[place] = most_above * (1 - share) < share * (weight + below)
            front[place] = not over
        if perhaps[place]:
            below = max(0.0, all_perhaps - perhaps_above - likely_own) + total
            least_above = sure_above + rest.surely_above(weight)[1]
            may_stay[place] = least_above * (1 - share) < share * (weight + below)
        sure_above += own
        perhaps_above += likely_own
    state.sure, state.perhaps = surely, may_stay
    _cut_rest(state, share, front, [(all_sure,)], [(all_perhaps,)])


def _verdict(
    state: Range,
    place: int,
    sums: Sequence[tuple[Sequence[Sequence[float]], Sequence[Sequence[float]]]],
    counts: tuple[Sequence[int], Sequence[int]],
    *,
    share: float,
    over: bool,
) -> tuple[bool, bool]:
    """Return whether a candidate surely stays, and whether it perhaps stays.

    `sums` has the running sums of sure and of perhaps candidates at each end, `counts` how many
    of each group are above the candidate, at least and at most; `over` is whether tokens of the
    rest may be above it.
    """
    weights = [end.weights[place] for end in state.ends]
    if len(weights) > 1 and min(weights) <= SMALLEST:
        return False, True
    group, scales = state.groups[place], state.scales(place)
    fewest, most = counts
    least_above, least_below, most_above, most_below = [], [], [], []
    for end, weight, (sure, perhaps) in zip(state.ends, weights, sums, strict=True):
        rest, total = end.rest, end.rest.total
        above = [one[number] for one, number in zip(sure, fewest, strict=True)]
        above[0] += rest.surely_above(weight)[1]
        least_above.append(above)
        below = [one[-1] - one[number] for one, number in zip(sure, most, strict=True)]
        below[group] = max(0.0, below[group] - weight * state.sure[place])
        below[0] += 0.0 if over else rest.low
        least_below.append(below)
        above = [one[number] for one, number in zip(perhaps, most, strict=True)]
        above[0] += total if over else 0.0
        most_above.append(above)
        below = [one[-1] - one[number] for one, number in zip(perhaps, most, strict=True)]
        below[group] = max(0.0, below[group] - weight * state.perhaps[place])
        below[0] += total
        most_below.append(below)
    own = most_of(weights, scales)
    # Those that are above it at one end only are, where they are below it, no likelier than it.
    crossing = (sum(most) - sum(fewest)) * own
    below_most = most_by_group(most_below, scales) + crossing
    return (
        most_by_group(most_above, scales) * (1 - share)
        < share * (own + least_by_group(least_below, scales)),
        least_by_group(least_above, scales) * (1 - share) < share * (own + below_most),
    )


def _cut_rest(
    state: Range,
    share: float,
    front: Sequence[bool],
    all_sure: Sequence[Sums],
    all_perhaps: Sequence[Sums],
) -> None:
    """Narrow the limits of the rest; `front` candidates are sure, and above all of the rest."""
    units = state.units()
    if len(units) > 1 and min(end.rest.most for end in state.ends) <= SMALLEST:
        for end in state.ends:
            end.rest.low = 0.0
        return
    ahead = least_by_group([state.sums_of(end, front) for end in state.ends], units)
    ahead_at = [state.sum_of(end, front) for end in state.ends]
    whole = [sum(sums) + end.rest.total for sums, end in zip(all_perhaps, state.ends, strict=True)]
    after = [max(0.0, one - other) for one, other in zip(whole, ahead_at, strict=True)]
    if ahead * (1 - share) >= share * most_of(after, units):
        for end in state.ends:
            end.rest.clear()
        return
    stay_sure = least_by_group([state.sums_of(end, state.sure) for end in state.ends], units)
    stay_perhaps = most_of((state.sum_of(end, state.perhaps) for end in state.ends), units)
    lifted = most_of((sum(end.rest.lifted) for end in state.ends), units)
    rest_low = min(end.rest.low * unit for end, unit in zip(state.ends, units, strict=True))
    highest = most_of((end.rest.highest for end in state.ends), units)
    low = share * (rest_low + least_by_group(all_sure, units)) - stay_perhaps - lifted
    high = share * most_of(whole, units) - stay_sure + highest
    for end, unit in zip(state.ends, units, strict=True):
        end.rest.low = min(end.rest.low, max(0.0, low) / unit)
        end.rest.high = min(end.rest.high, max(0.0, high) / unit)


def cut_arrays(state: AnswerState, settings: SamplerSettings) -> None:
    """Keep in each row the smallest set of the likeliest whose sum reaches top_p."""
    sums = state.sums
    if sums is None:
        sums = answer_state.running_sums(state.weights())
    last = np.maximum(0, state.kept - 1)[:, None]
    inside = np.where(state.kept > 0, np.take_along_axis(sums, last, axis=1)[:, 0], 0.0)
    tail = tail_sum(state)
    target = settings.top_p * (inside + tail) * (1 - 1e-7)
    kept = np.minimum(state.kept, count_set(sums < target[:, None]) + 1)
    beyond = target - inside
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # The smallest number of tail tokens whose sum is what is missing.
        ratio = np.exp(state.ratio)
        part = 1 - beyond * (1 - ratio) / np.exp(np.maximum(state.first, NOWHERE))
        needed = np.ceil(np.log(np.maximum(part, 1e-300)) / state.ratio)
    state.count = np.where(beyond > 0, np.minimum(state.count, np.maximum(1, needed)), 0.0)
    state.kept = np.where(state.kept > 0, np.maximum(1, kept), 0)


FORMS = Forms(cut_likely, cut_bounds, cut_arrays)
