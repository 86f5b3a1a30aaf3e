"""temperature: divides all logits; at 0 only the likeliest candidate stays (greedy)."""

import math

import numpy as np

from app.domain.sampling.answer_state import AnswerState
from app.domain.sampling.bounded_state import Range
from app.domain.sampling.forms import Forms
from app.domain.sampling.likely_state import LikelyState
from app.domain.sampling.samplers import Sampler, SamplerSettings
from app.domain.sampling.uncaptured_tail import ROUNDING, moved


def change_likely(state: LikelyState, settings: SamplerSettings) -> None:
    """Divide the logits; at 0 keep only the likeliest candidate or tail token."""
    temperature = settings.temperature
    if temperature <= 0:
        highest = state.logits[state.places[0]] if state.places else -math.inf
        if any(group.logit > highest + ROUNDING for group in state.tail):
            state.tail = [max(state.tail, key=lambda group: group.logit)]
            state.drop(0, Sampler.TEMPERATURE)
            return
        state.tail = []
        state.drop(1, Sampler.TEMPERATURE)
        return
    state.logits = [one / temperature for one in state.logits]
    state.tail = moved(state.tail, 1 / temperature)
    state.sort()


def change_bounds(state: Range, settings: SamplerSettings) -> None:
    """Raise the weights to the power 1 / temperature; at 0 only the likeliest may stay."""
    if settings.temperature <= 0:
        _keep_likeliest(state)
        return
    power = 1 / settings.temperature
    for end in state.ends:
        left = [one for one, there in zip(end.weights, state.perhaps, strict=True) if there]
        highest = max([end.rest.highest, *left])
        if highest > 0:
            end.weights = [min(1.0, one / highest) ** power for one in end.weights]
            end.rest.raise_to(power, highest)


def _keep_likeliest(state: Range) -> None:
    if not state.groups:
        return
    firsts = {end.ranks[0] for end in state.ends}
    contested = any(
        end.rest.highest > end.weights[end.ranks[0]] * (1 + ROUNDING) for end in state.ends
    )
    above = [{place: rank for rank, place in enumerate(end.ranks)} for end in state.ends]
    places = range(len(state.groups))
    # A candidate that some other is above at both ends is nowhere the likeliest.
    may_win = [
        place in firsts
        or (
            len(state.ends) > 1
            and not any(all(rank[one] < rank[place] for rank in above) for one in firsts)
        )
        for place in places
    ]
    state.settle(
        [len(firsts) == 1 and place in firsts and not contested for place in places], may_win
    )
    for end in state.ends:
        rest = end.rest
        if not contested:
            rest.clear()
        elif len(state.ends) == 1:
            rest.low, rest.high, rest.count = 0.0, min(rest.high, rest.highest), 1.0
        else:
            rest.low, rest.high, rest.count = 0.0, min(rest.high, rest.most), 1.0


def change_arrays(state: AnswerState, settings: SamplerSettings) -> None:
    """Divide all logits and the slope of each tail; at 0 keep the first of each row."""
    temperature = settings.temperature
    if temperature <= 0:
        state.kept = np.minimum(state.kept, 1)
        state.count = np.zeros_like(state.count)
        return
    state.logits = state.logits / np.float32(temperature)
    state.first = state.first / temperature
    state.ratio = state.ratio / temperature
    state.level()


FORMS = Forms(change_likely, change_bounds, change_arrays)
