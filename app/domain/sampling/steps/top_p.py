"""top_p: keeps the smallest set of the likeliest whose sum reaches a share (Holtzman 2019)."""

import math

import numpy as np

from app.domain.sampling.answer_state import NOWHERE, AnswerState, count_set, running_sums, tail_sum
from app.domain.sampling.bounded_state import Range
from app.domain.sampling.likely_state import LikelyState
from app.domain.sampling.samplers import Sampler, Settings
from app.domain.sampling.uncaptured_tail import ROUNDING, Group, Tail


def cut_likely(state: LikelyState, settings: Settings) -> None:
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


def cut_bounds(state: Range, settings: Settings) -> None:
    """Find which candidates surely or perhaps stay.

    A candidate stays if the sum of the likelier ones is less than top_p of the whole sum.
    """
    share = settings.top_p * (1 - ROUNDING)
    rest = state.rest
    all_sure, all_perhaps = state.sum_of(state.sure), state.sum_of(state.perhaps)
    surely, perhaps = {}, {}
    sure_above = perhaps_above = 0.0
    for place in state.ranks:
        weight = state.weights[place]
        mine_sure, mine_perhaps = weight * state.sure[place], weight * state.perhaps[place]
        over = weight * (1 + ROUNDING) < rest.highest
        most_above = perhaps_above + (rest.total if over else 0.0)
        least_below = all_sure - sure_above - mine_sure + (0.0 if over else rest.low)
        least_above = sure_above + rest.surely_above(weight)[1]
        most_below = all_perhaps - perhaps_above - mine_perhaps + rest.total
        surely[place] = most_above * (1 - share) < share * (weight + max(0.0, least_below))
        perhaps[place] = least_above * (1 - share) < share * (weight + max(0.0, most_below))
        sure_above += mine_sure
        perhaps_above += mine_perhaps
    ahead = sum(
        state.weights[place]
        for place in state.ranks
        if state.sure[place] and state.weights[place] * (1 + ROUNDING) >= rest.highest
    )
    state.settle(surely, perhaps)
    after = max(0.0, all_perhaps - ahead) + rest.total
    if ahead * (1 - share) >= share * after:
        rest.clear()
        return
    stay_sure, stay_perhaps = state.sum_of(state.sure), state.sum_of(state.perhaps)
    low = share * (rest.low + all_sure) - stay_perhaps
    high = share * (rest.total + all_perhaps) - stay_sure + rest.highest
    rest.low = min(rest.low, max(0.0, low - sum(rest.lifted)))
    rest.high = min(rest.high, max(0.0, high))


def cut_arrays(state: AnswerState, settings: Settings) -> None:
    """Keep in each row the smallest set of the likeliest whose sum reaches top_p."""
    sums = state.sums
    if sums is None:
        sums = running_sums(state.weights())
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
