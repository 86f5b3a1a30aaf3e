"""Bounds of what samplers do, whatever the tokens are like that nobody captured.

Of these is known what they have together, that none is likelier than the least likely captured
one, and how many there are at most. Each step narrows or widens that: which candidates surely or
perhaps stay, and how little or much of the rest. For a sum of powers the most concentrated and
the most even spread are the extremes (Schur 1923: it is convex or concave in the order of
majorization).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.sampling.samplers import Order, Sampler, Settings
from app.domain.sampling.uncaptured_tail import ROUNDING

#: Smaller weights are nothing.
SMALLEST = 1e-290


@dataclass(slots=True)
class Rest:
    """The tokens that were not captured: their sum is between `low` and `high`, there are at most
    `count`, each at least `least` and at most `most`. `lifted` are further tokens, each between
    nothing and so much, that a bias or a penalty may have made likelier."""

    low: float
    high: float
    count: float
    most: float
    lifted: list[float]
    least: float = 0.0

    @property
    def highest(self) -> float:
        """What one of them has at most; 0 where there are none."""
        return max([self.most if self.high > 0 else 0.0, *self.lifted])

    @property
    def total(self) -> float:
        """What all of them have at most."""
        return self.high + sum(self.lifted)

    def clear(self) -> None:
        """None are left."""
        self.low = self.high = 0.0
        self.lifted = []

    def above(self, level: float) -> float:
        """How many of them are above a level, at most."""
        if level * (1 + ROUNDING) >= self.highest:
            return 0.0
        lifted = sum(one > level for one in self.lifted)
        if level * (1 + ROUNDING) >= self.most or self.high <= 0:
            return float(lifted)
        weight = self.high * (1 + ROUNDING)
        number = self.count if self.count * level <= weight else math.floor(weight / level)
        return number + lifted

    def surely_above(self, level: float) -> tuple[float, float]:
        """How many of them are above a level at least, and what these have together at least."""
        weight = self.low - self.count * level * (1 + ROUNDING)
        if weight <= 0 or self.most <= level:
            return 0.0, 0.0
        each = self.most - level
        if self.count * each <= weight:
            return self.count, weight
        return math.ceil(weight / each * (1 - ROUNDING)), weight

    def raise_to(self, power: float, highest: float) -> None:
        """Every weight becomes its power, and so much becomes 1."""
        self.low, self.high = self.low / highest, self.high / highest
        self.most, self.least = self.most / highest, self.least / highest
        self.lifted = [one / highest for one in self.lifted]
        self.low, self.high = self._lowest_sum(power), self._highest_sum(power)
        self.most, self.least = self.most**power, self.least**power
        self.lifted = [one**power for one in self.lifted]

    def _highest_sum(self, power: float) -> float:
        if self.high <= 0:
            return 0.0
        if power < 1:
            count = min(self.count, self.high / self.least) if self.least > 0 else self.count
            return float(count * min(self.most, self.high / count) ** power)
        most = float(self.count * self.most**power)
        return min(most, _concentrated(self.high, self.most, power))

    def _lowest_sum(self, power: float) -> float:
        if self.low <= 0:
            return 0.0
        if power < 1:
            return _concentrated(self.low, self.most, power)
        return float(self.count * (self.low / self.count) ** power)


@dataclass(slots=True)
class _Range:
    """The candidates' weights, and which of them stay surely or perhaps."""

    weights: list[float]
    sure: list[bool]
    perhaps: list[bool]
    rest: Rest
    #: The candidates' places, the likeliest first.
    ranks: list[int]

    def settle(self, surely: dict[int, bool], perhaps: dict[int, bool]) -> None:
        for place in self.ranks:
            self.sure[place] &= surely[place]
            self.perhaps[place] &= perhaps[place]

    def sum_of(self, which: Sequence[bool]) -> float:
        return sum(self.weights[place] for place in self.ranks if which[place])


def bounds(
    weights: Sequence[float], rest: Rest, settings: Settings, order: Order
) -> tuple[list[tuple[float, float]], float, bool]:
    """The least and the greatest probability of each candidate after an order's cuts and its
    temperature; what the rest has at most; and whether it is certain which candidates stay.

    `weights` are the candidates' after biases and penalties, on the scale of the rest's.
    """
    ranks = sorted(range(len(weights)), key=lambda place: -weights[place])
    state = _Range(list(weights), [True] * len(weights), [True] * len(weights), rest, ranks)
    for step in order.steps:
        match step:
            case Sampler.TOP_K if settings.top_k > 0:
                _keep_count(state, settings.top_k)
            case Sampler.TOP_P if settings.top_p < 1:
                _keep_sum(state, settings.top_p * (1 - ROUNDING))
            case Sampler.MIN_P if settings.min_p > 0:
                _keep_near(state, settings.min_p)
            case Sampler.TEMPERATURE:
                _heat(state, settings.temperature)
            case _:
                pass
    surely, perhaps = state.sum_of(state.sure), state.sum_of(state.perhaps)
    found = []
    for place, weight in enumerate(state.weights):
        others = perhaps - weight * state.perhaps[place] + rest.total
        fewest = surely - weight * state.sure[place] + rest.low
        low = _share(weight, max(0.0, others)) if state.sure[place] else 0.0
        high = _share(weight, max(0.0, fewest)) if state.perhaps[place] else 0.0
        found.append((low, high))
    return found, _share(rest.total, surely), state.sure == state.perhaps


def _keep_count(state: _Range, count: int) -> None:
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


def _keep_sum(state: _Range, share: float) -> None:
    """One stays where what is above it hasn't reached the share: where it is less than the share
    of itself, the one and what is below."""
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


def _keep_near(state: _Range, share: float) -> None:
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


def _heat(state: _Range, temperature: float) -> None:
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


def _concentrated(total: float, most: float, power: float) -> float:
    """The sum of powers where as many as can be have the most."""
    # What is as good as nothing can't be divided by.
    whole = math.floor(total / most) if most > SMALLEST else 0
    left = max(0.0, total - whole * most)
    return float(whole * most**power + left**power)


def _share(weight: float, others: float) -> float:
    return weight / (weight + others) if weight > 0 else 0.0
