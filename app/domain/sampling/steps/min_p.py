"""min_p: keeps candidates of at least a share of the likeliest one (Nguyen 2024)."""

import math

import numpy as np

from app.domain.sampling.answer_state import AnswerState, count_set
from app.domain.sampling.bounded_state import Range
from app.domain.sampling.likely_state import LikelyState
from app.domain.sampling.samplers import Sampler, Settings
from app.domain.sampling.uncaptured_tail import ROUNDING


def cut_likely(state: LikelyState, settings: Settings) -> None:
    """Keep candidates of at least min_p times the weight of the likeliest."""
    highest = max(
        [state.logits[place] for place in state.places[:1]] + [group.logit for group in state.tail],
        default=0.0,
    )
    least = highest + math.log(settings.min_p) - ROUNDING
    state.drop(sum(state.logits[place] >= least for place in state.places), Sampler.MIN_P)
    state.tail = [group for group in state.tail if group.logit >= least]


def cut_bounds(state: Range, settings: Settings) -> None:
    """Find which candidates surely or perhaps reach min_p times the weight of the likeliest."""
    share = settings.min_p
    rest = state.rest
    stay = [state.weights[place] for place in state.ranks if state.sure[place]]
    may = [state.weights[place] for place in state.ranks if state.perhaps[place]]
    lowest = max(stay, default=0.0) * share * (1 - ROUNDING)
    highest = max([rest.highest, *may]) * share * (1 - ROUNDING)
    state.settle(
        {place: state.weights[place] >= highest for place in state.ranks},
        {place: state.weights[place] >= lowest for place in state.ranks},
    )
    rest.lifted = [one for one in rest.lifted if one >= lowest]
    rest.low = max(0.0, rest.low - rest.count * highest)
    rest.least = max(rest.least, lowest)
    if min(rest.most, rest.high) < lowest:
        rest.low = rest.high = 0.0
    elif rest.least > 0:
        rest.count = min(rest.count, rest.high / rest.least)


def cut_arrays(state: AnswerState, settings: Settings) -> None:
    """Keep in each row the candidates of at least min_p times the weight of its first."""
    least = state.logits[:, 0] + np.log(settings.min_p) - 1e-7
    near = count_set(state.logits >= least[:, None])
    state.kept = np.minimum(state.kept, near)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.floor((least - state.first) / state.ratio) + 1
    reach = np.where(state.first >= least, np.maximum(1, reach), 0)
    state.count = np.minimum(state.count, reach)
