"""x"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
class Range:
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


def _concentrated(total: float, most: float, power: float) -> float:
    """The sum of powers where as many as can be have the most."""
    # What is as good as nothing can't be divided by.
    whole = math.floor(total / most) if most > SMALLEST else 0
    left = max(0.0, total - whole * most)
    return float(whole * most**power + left**power)
