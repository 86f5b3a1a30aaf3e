"""Tick values of a chart's axis: round numbers that cover a range."""

from math import ceil, floor, log10

#: Shortest range for which a step can be computed as a float; a shorter one is drawn as 0 to 1.
SMALLEST = 1e-300


def ticks_between(low: float, high: float) -> tuple[float, ...]:
    """Return three to seven tick values that cover `low` to `high`.

    Their distance is 1, 2 or 5 times a power of ten. If both ends are equal, the axis begins at 0
    and has the value in the middle.
    """
    if high - low < 1e-12 * max(1.0, abs(high)):
        # A single value stands in the middle of an axis that begins at 0.
        low, high = min(0.0, 2 * low), max(0.0, 2 * high)
        if high - low < SMALLEST:
            low, high = 0.0, 1.0
    rough = (high - low) / 4
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return tuple(step * number for number in range(first, last + 1))
