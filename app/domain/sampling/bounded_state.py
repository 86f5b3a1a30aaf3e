"""The candidates of one token over a range of logit offsets, and limits of the tail.

A repetition penalty moves logits by an amount that is linear in the offset, as long as no logit
changes its sign. So over such a range each weight is exponential in the offset, and it is enough
to know the weights at both ends: a weight that is above another one at both ends is above it
everywhere between, the ratio of two weights is greatest and least at an end, and a sum of such
ratios is greatest at an end (it is convex). If the offset is known, there is only one end.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.domain.sampling.uncaptured_tail import ROUNDING

#: Smaller weights count as 0: they are not divided by.
SMALLEST = 1e-290

#: Groups of candidates whose logits move alike with the offset: not at all, or with a logit below
#: or above 0 under a repetition penalty.
STILL, BELOW, ABOVE = range(3)

Sums = Sequence[float]


@dataclass(slots=True)
class Rest:
    """The tokens that were not captured: limits of their weights.

    Their sum is between `low` and `high`, there are at most `count`, each at least `least` and at
    most `most`. `lifted` has the upper limits of further tokens, which a bias or a penalty may
    have made likelier.
    """

    low: float
    high: float
    count: float
    most: float
    lifted: list[float]
    least: float = 0.0

    @property
    def highest(self) -> float:
        """Upper limit of a single token's weight; 0 if there are none."""
        most = self.most if self.high > 0 else 0.0
        return max(most, *self.lifted) if self.lifted else most

    @property
    def total(self) -> float:
        """Upper limit of the sum of all weights."""
        return self.high + sum(self.lifted) if self.lifted else self.high

    def clear(self) -> None:
        """Drop all tokens."""
        self.low = self.high = 0.0
        self.lifted = []

    def above(self, level: float) -> float:
        """Return the most tokens that can be above a level, without the lifted ones."""
        if level * (1 + ROUNDING) >= self.most or self.high <= 0:
            return 0.0
        weight = self.high * (1 + ROUNDING)
        return self.count if self.count * level <= weight else math.floor(weight / level)

    def surely_above(self, level: float) -> tuple[float, float]:
        """Return the least number of tokens above a level, and the least sum of their weights."""
        weight = self.low - self.count * level * (1 + ROUNDING)
        if weight <= 0 or self.most <= level:
            return 0.0, 0.0
        each = self.most - level
        if self.count * each <= weight:
            return self.count, weight
        return math.ceil(weight / each * (1 - ROUNDING)), weight

    def raise_to(self, power: float, highest: float) -> None:
        """Divide every weight by `highest` and raise it to a power."""
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
class End:
    """The weights at an end of the range of offsets, on any scale that the rest shares."""

    weights: list[float]
    rest: Rest
    #: The candidates' indices, the likeliest first.
    ranks: list[int]


@dataclass(slots=True)
class Range:
    """Candidates over a range of offsets, and which of them surely or perhaps stay.

    `sure` candidates stay at every offset of the range and whatever the rest is like, `perhaps`
    candidates at some offset for some rest.
    """

    ends: Sequence[End]
    #: The group of each candidate: STILL for all of them if there is only one end.
    groups: Sequence[int]
    sure: list[bool]
    perhaps: list[bool]

    @classmethod
    def of(cls, ends: Sequence[End], groups: Sequence[int]) -> "Range":
        """Make a range in which all candidates stay."""
        count = len(groups)
        return cls(ends, groups, [True] * count, [True] * count)

    @property
    def group_count(self) -> int:
        """Number of groups to be told apart: with one end nothing moves."""
        return 1 if len(self.ends) == 1 else 3

    def settle(self, surely: Sequence[bool], perhaps: Sequence[bool]) -> None:
        """Keep only candidates that stayed before as well."""
        self.sure = [one and other for one, other in zip(self.sure, surely, strict=True)]
        self.perhaps = [one and other for one, other in zip(self.perhaps, perhaps, strict=True)]

    def sum_of(self, end: End, members: Sequence[bool]) -> float:
        """Return the sum of the members' weights at an end."""
        return sum(end.weights[place] for place in end.ranks if members[place])

    def sums_of(self, end: End, members: Sequence[bool]) -> Sums:
        """Return the sums of the members' weights at an end, by group."""
        sums = [0.0] * self.group_count
        for place in end.ranks:
            if members[place]:
                sums[self.groups[place]] += end.weights[place]
        return tuple(sums)

    def by_group(self) -> list[list[int]]:
        """Return the candidates of each group, likeliest first; that order is the same at both
        ends, since a group moves as one."""
        groups: list[list[int]] = [[] for _group in range(self.group_count)]
        for place in self.ends[0].ranks:
            groups[self.groups[place]].append(place)
        return groups

    def counts_above(self) -> list[tuple[Sequence[int], Sequence[int]]]:
        """Return for each candidate how many of each group are likelier: at least, and at most."""
        at_ends = [self._counts_at(end) for end in self.ends]
        if len(at_ends) == 1:
            return [(counts, counts) for counts in at_ends[0]]
        return [
            (tuple(map(min, one, other)), tuple(map(max, one, other)))
            for one, other in zip(*at_ends, strict=True)
        ]

    def _counts_at(self, end: End) -> list[Sequence[int]]:
        counts = [0] * self.group_count
        above: list[Sequence[int]] = [()] * len(self.groups)
        for place in end.ranks:
            above[place] = tuple(counts)
            counts[self.groups[place]] += 1
        return above

    def units(self) -> list[float]:
        """Return a factor for each end that brings weights of the tail to a common scale."""
        if len(self.ends) == 1:
            return [1.0]
        return [_inverse(end.rest.most) for end in self.ends]

    def scales(self, place: int) -> list[float]:
        """Return a factor for each end that brings a candidate's weight to a common scale."""
        if len(self.ends) == 1:
            return [1.0]
        return [_inverse(end.weights[place]) for end in self.ends]


def running_sums(
    groups: Sequence[Sequence[int]], members: Sequence[bool], weights: Sequence[float]
) -> list[list[float]]:
    """Return for each group the sums of its first 0, 1, 2 … candidates' weights, members only."""
    return [
        list(
            accumulate((weights[place] if members[place] else 0.0 for place in group), initial=0.0)
        )
        for group in groups
    ]


def most_of(parts: Iterable[float], scales: Sequence[float]) -> float:
    """Return the greatest value of a sum over a fixed set, relative to the scales' weight."""
    return max(part * scale for part, scale in zip(parts, scales, strict=True))


def most_by_group(parts: Sequence[Sums], scales: Sequence[float]) -> float:
    """Return an upper limit of a sum over a set that may change, from its sums at the ends."""
    return _by_group(max, parts, scales)


def least_by_group(parts: Sequence[Sums], scales: Sequence[float]) -> float:
    """Return a lower limit of a sum, from its sums at the ends.

    Each group's part is least at an end; their sum may be least in between.
    """
    return _by_group(min, parts, scales)


def _by_group(
    extreme: Callable[..., float], parts: Sequence[Sums], scales: Sequence[float]
) -> float:
    if len(parts) == 1:
        # At one end there is one group.
        return parts[0][0] * scales[0]
    first, second = scales
    return sum(
        extreme(one * first, other * second) for one, other in zip(parts[0], parts[1], strict=True)
    )


def _inverse(weight: float) -> float:
    return 1 / max(weight, SMALLEST)


def _concentrated(total: float, most: float, power: float) -> float:
    """Return the sum of powers if as many tokens as possible have the most weight.

    Of all ways to share a total this has the greatest sum of powers above 1 and the least of
    powers below 1 (Schur 1923).
    """
    whole = math.floor(total / most) if most > SMALLEST else 0
    left = max(0.0, total - whole * most)
    return float(whole * most**power + left**power)
