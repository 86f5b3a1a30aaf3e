"""temperature: divides all logits; at 0 only the likeliest candidate stays (greedy)."""

import math

import numpy as np

from app.domain.sampling.answer_state import AnswerState
from app.domain.sampling.bounded_state import Range
from app.domain.sampling.likely_state import LikelyState
from app.domain.sampling.samplers import Sampler, Settings
from app.domain.sampling.uncaptured_tail import ROUNDING, moved


def change_likely(state: LikelyState, settings: Settings) -> None:
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


def change_bounds(state: Range, settings: Settings) -> None:
    """Raise the weights to the power 1 / temperature; at 0 only the likeliest may stay."""
    temperature = settings.temperature
    rest = state.rest
    if temperature <= 0:
        first = state.ranks[0] if state.ranks else -1
        contested = first >= 0 and rest.highest > state.weights[first] * (1 + ROUNDING)
        only = {place: place == first for place in state.ranks}
        never = dict.fromkeys(state.ranks, False)
        state.settle(never if contested else only, only)
        if contested:
            rest.low, rest.high, rest.count = 0.0, min(rest.high, rest.highest), 1.0
        else:
            rest.clear()
        return
    power = 1 / temperature
    left = [weight for weight, there in zip(state.weights, state.perhaps, strict=True) if there]
    highest = max([rest.highest, *left])
    if highest > 0:
        state.weights = [min(1.0, one / highest) ** power for one in state.weights]
        rest.raise_to(power, highest)


def change_arrays(state: AnswerState, settings: Settings) -> None:
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
