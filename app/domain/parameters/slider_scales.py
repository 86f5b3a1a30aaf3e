"""Slider scales: mappings between slider positions and values, with more room for usual values.

A position is a share of the slider's length, 0 to 1. A parameter names its scale in the table.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class SliderScale:
    """A piecewise scale through knots of (position, value), both strictly rising.

    Between two knots the value is interpolated linearly, or exponentially if `logarithmic` (all
    values must be above 0 then). `end` is the value at position 1 alone, if it is out of order: a
    top_k of 0 keeps *all* tokens, so it comes after the greatest number. Raises ValueError if the
    knots don't rise.
    """

    knots: tuple[tuple[float, float], ...]
    logarithmic: bool = False
    end: float | None = None

    def __post_init__(self) -> None:
        if any(a[0] >= b[0] or a[1] >= b[1] for a, b in pairwise(self.knots)):
            raise ValueError("the knots of a scale rise")

    def value(self, share: float) -> float:
        """Return the value at a position; positions beyond the ends count as the ends."""
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
        """Return the position of a value, 0 to 1: the inverse of `value`."""
        if self.end is not None and value == self.end:
            return 1.0
        value = min(max(value, self.knots[0][1]), self.knots[-1][1])
        place = min(bisect_right(self.knots, value, key=lambda knot: knot[1]), len(self.knots) - 1)
        (left, low), (right, high) = self.knots[place - 1], self.knots[place]
        if self.logarithmic:
            low, high, value = math.log(low), math.log(high), math.log(value)
        return left + (value - low) / (high - low) * (right - left)


#: For min_p: usual values are 0 to 0.2, which get seven tenths of the length.
NEAR_ZERO = SliderScale(((0.0, 0.0), (0.7, 0.2), (1.0, 1.0)))
#: For top_p: usual values are 0.8 to 1, which get two thirds of the length.
NEAR_ONE = SliderScale(((0.0, 0.0), (0.35, 0.8), (1.0, 1.0)))
#: For top_k: 1 to 1000 tokens, logarithmic; at the far end 0, which keeps all tokens.
COUNTS = SliderScale(((0.0, 1.0), (0.96, 1000.0)), logarithmic=True, end=0.0)
