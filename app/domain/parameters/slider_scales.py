"""How a slider's length is shared among values, so that the interesting range has room.

A place on a slider is a share of its length, 0 to 1. The functions here are pure; a parameter
declares its scale in the table, and the panel only draws it.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class SliderScale:
    """Knots of (share of the length, value), both rising; between two it is straight, or, where
    `logarithmic`, each share multiplies by the same factor (all values above 0 then).

    `end` is the value of the far end alone, for what would not fit into the order: a top_k of 0
    keeps *all* tokens, and so belongs beyond the greatest number.
    """

    knots: tuple[tuple[float, float], ...]
    logarithmic: bool = False
    end: float | None = None

    def __post_init__(self) -> None:
        if any(a[0] >= b[0] or a[1] >= b[1] for a, b in pairwise(self.knots)):
            raise ValueError("the knots of a scale rise")

    def value(self, share: float) -> float:
        """The value at a share of the length; shares beyond the ends are taken for the ends."""
        if self.end is not None and share >= 1:
            return self.end
        share = min(max(share, self.knots[0][0]), self.knots[-1][0])
        place = min(bisect_right(self.knots, share, key=lambda knot: knot[0]), len(self.knots) - 1)
        (left, low), (right, high) = self.knots[place - 1], self.knots[place]
        part = (share - left) / (right - left)
        if self.logarithmic:
            return math.exp(math.log(low) + part * (math.log(high) - math.log(low)))
        return low + part * (high - low)

    def share(self, value: float) -> float:
        """The share of the length at which a value stands; `value` the other way round."""
        if self.end is not None and value == self.end:
            return 1.0
        value = min(max(value, self.knots[0][1]), self.knots[-1][1])
        place = min(bisect_right(self.knots, value, key=lambda knot: knot[1]), len(self.knots) - 1)
        (left, low), (right, high) = self.knots[place - 1], self.knots[place]
        if self.logarithmic:
            low, high, value = math.log(low), math.log(high), math.log(value)
        return left + (value - low) / (high - low) * (right - left)


#: Nearly everybody uses 0 to 0.2: it gets seven tenths of the length.
NEAR_ZERO = SliderScale(((0.0, 0.0), (0.7, 0.2), (1.0, 1.0)))
#: And 0.8 to 1 of a share that is kept.
NEAR_ONE = SliderScale(((0.0, 0.0), (0.35, 0.8), (1.0, 1.0)))
#: From one token to a thousand; and at the far end, 0, which keeps all.
COUNTS = SliderScale(((0.0, 1.0), (0.96, 1000.0)), logarithmic=True, end=0.0)
