"""Bounds of what samplers do, whatever the tokens are like that nobody captured.

Of these is known what they have together, that none is likelier than the least likely captured
one, and how many there are at most. Each step narrows or widens that: which candidates surely or
perhaps stay, and how little or much of the rest. For a sum of powers the most concentrated and
the most even spread are the extremes (Schur 1923: it is convex or concave in the order of
majorization).
"""

from collections.abc import Sequence

from app.domain.sampling.bounded_state import Range, Rest
from app.domain.sampling.sampler_table import FORMS
from app.domain.sampling.samplers import Order, Settings, working_steps


def bounds(
    weights: Sequence[float], rest: Rest, settings: Settings, order: Order
) -> tuple[list[tuple[float, float]], float, bool]:
    """The least and the greatest probability of each candidate after an order's cuts and its
    temperature; what the rest has at most; and whether it is certain which candidates stay.

    `weights` are the candidates' after biases and penalties, on the scale of the rest's.
    """
    ranks = sorted(range(len(weights)), key=lambda place: -weights[place])
    state = Range(list(weights), [True] * len(weights), [True] * len(weights), rest, ranks)
    for sampler in working_steps(order, settings):
        FORMS[sampler].bounds(state, settings)
    surely, perhaps = state.sum_of(state.sure), state.sum_of(state.perhaps)
    found = []
    for place, weight in enumerate(state.weights):
        others = perhaps - weight * state.perhaps[place] + rest.total
        fewest = surely - weight * state.sure[place] + rest.low
        low = _share(weight, max(0.0, others)) if state.sure[place] else 0.0
        high = _share(weight, max(0.0, fewest)) if state.perhaps[place] else 0.0
        found.append((low, high))
    return found, _share(rest.total, surely), state.sure == state.perhaps


def _share(weight: float, others: float) -> float:
    return weight / (weight + others) if weight > 0 else 0.0
