"""The arrays that samplers work on for a whole answer: a row for each token of the answer."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[Any]]

#: The logit of a cell without a candidate.
NOWHERE = -700.0


@dataclass(slots=True)
class AnswerState:
    """Candidates that are left of each token, likeliest first, and its tail.

    A step replaces these arrays and never changes one in place: they are shared with the cached
    state before the cuts.
    """

    #: Shape (tokens, candidates); the first `kept` of a row are left.
    logits: Numbers
    kept: Numbers
    #: The tail is a geometric series: its first logit, the logarithm of the ratio of neighbours,
    #: and its number of tokens, which need not be whole.
    first: Numbers
    ratio: Numbers
    count: Numbers
    #: Caches: the exponentials of `logits` and their cumulative sums; None until needed.
    exps: Numbers | None = None
    sums: Numbers | None = None

    def level(self) -> None:
        """Shift each row so that its highest logit is 0; otherwise exponentials could overflow."""
        beyond = np.where(self.count > 0, self.first, NOWHERE)
        highest = np.maximum(self.logits[:, 0], beyond)
        self.logits = self.logits - highest[:, None].astype(np.float32)
        self.first = self.first - highest
        self.exps = self.sums = None

    def weights(self) -> Numbers:
        """Return the exponentials of all logits, dropped candidates included."""
        if self.exps is None:
            self.exps = np.exp(self.logits)
        return self.exps


def count_set(flags: Numbers) -> Numbers:
    """Return how many flags are set in each row (at most 127); on short rows this takes a quarter
    of the time of `sum`."""
    count: Numbers = np.einsum("ij->i", flags.view(np.int8))
    return count


def running_sums(rows: Numbers) -> Numbers:
    """Return the cumulative sums of each row; on short rows and long columns this takes a tenth of
    the time of `cumsum`."""
    sums = np.array(rows.T, np.float64, order="C")
    for column in range(1, len(sums)):
        sums[column] += sums[column - 1]
    return sums.T


def tail_sum(state: AnswerState) -> Numbers:
    """Return the weight of each row's tail: the sum of a geometric series of `count` terms."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        ratio = np.exp(state.ratio)
        whole = np.exp(state.first) * (1 - np.exp(state.ratio * state.count)) / (1 - ratio)
    return np.where(state.count > 0, whole, 0.0)
