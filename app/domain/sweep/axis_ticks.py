"""The scale of a chart: round numbers that people can read off."""

from math import ceil, floor, log10

#: A shorter scale has no steps that a float could hold: it is drawn as nothing.
SMALLEST = 1e-300


def ticks_between(low: float, high: float) -> tuple[float, ...]:
    """Round numbers that take in a range, three to seven of them; 1, 2 or 5 times a power of ten
    apart."""
    if high - low < 1e-12 * max(1.0, abs(high)):
        # One value alone stands in the middle of a scale that begins with nothing, if it can.
        low, high = min(0.0, 2 * low), max(0.0, 2 * high)
        if high - low < SMALLEST:
            low, high = 0.0, 1.0
    rough = (high - low) / 4
    power = 10.0 ** floor(log10(rough))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return tuple(step * number for number in range(first, last + 1))
