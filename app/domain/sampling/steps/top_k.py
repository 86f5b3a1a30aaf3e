"""top_k: keeps the k likeliest candidates; 0 keeps all."""

import numpy as np

from app.domain.sampling.answer_state import AnswerState
from app.domain.sampling.bounded_state import Range
from app.domain.sampling.likely_state import LikelyState
from app.domain.sampling.samplers import Sampler, Settings
from app.domain.sampling.uncaptured_tail import ROUNDING, Group, Tail


def cut_likely(state: LikelyState, settings: Settings) -> None:
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


def cut_bounds(state: Range, settings: Settings) -> None:
    """Find which candidates are surely or perhaps among the k likeliest."""
    count = settings.top_k
    rest = state.rest
    surely, perhaps = {}, {}
    sure_before = perhaps_before = 0
    for place in state.ranks:
        weight = state.weights[place]
        surely[place] = perhaps_before + rest.above(weight) < count
        perhaps[place] = sure_before + rest.surely_above(weight)[0] < count
        sure_before += state.sure[place]
        perhaps_before += state.perhaps[place]
    state.settle(surely, perhaps)
    room = count - sum(state.sure)
    taken = min(count - sum(state.perhaps), rest.count)
    if room <= 0:
        rest.clear()
        return
    # The likeliest of them have at least their part.
    rest.low = rest.low * max(0.0, taken) / rest.count if rest.count > 0 else 0.0
    rest.high = min(rest.high, room * rest.most)
    rest.count = min(rest.count, room)
    rest.lifted = sorted(rest.lifted, reverse=True)[:room]


def cut_arrays(state: AnswerState, settings: Settings) -> None:
    """Keep the first k of each row, and of its tail as many as there is room for."""
    room = np.maximum(0, settings.top_k - state.kept)
    state.count = np.minimum(state.count, room)
    state.kept = np.minimum(state.kept, settings.top_k)
