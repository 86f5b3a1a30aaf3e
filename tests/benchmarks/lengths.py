"""Short forms of the benchmarks, in which the tests run them: fewest rounds, smallest sizes.

A short form shows that a benchmark still works; its figures mean nothing.
"""

import os
from typing import TypeVar

#: Environment variable that asks for the short forms; processes that a benchmark starts inherit it.
SHORT = "LOQUAT_BENCHMARK_SHORT"

Number = TypeVar("Number", int, float)


def length(usual: Number, short: Number) -> Number:
    """A count, a size or seconds: `usual`, or `short` where SHORT is set."""
    return short if os.environ.get(SHORT) else usual
