"""Estimate of a sweep's cost before it is sent: expected value, lower and upper bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.events import Usage
from app.domain.providers.prices import Price, cost_of

#: Assumed tokens of an answer if there are no earlier answers: a few sentences to two pages.
SHORT_ANSWER, USUAL_ANSWER, LONG_ANSWER = 100, 400, 1500
#: Relative error of the estimated number of prompt tokens.
PROMPT_ERROR = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class PricedRequest:
    """The quantities that one cell's cost depends on.

    `prompt_tokens` is an estimate, `limit` the greatest number of tokens of the answer (None: no
    limit), and `price` the model's prices (None: not known).
    """

    prompt_tokens: int
    limit: int | None
    price: Price | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated cost in US dollars; the true cost is likely, not surely, within the bounds."""

    count: int
    lower: Decimal
    expected: Decimal
    upper: Decimal
    #: Expected tokens of all cells together.
    prompt_tokens: int
    completion_tokens: int
    #: Number of cells without a known price, which the sums leave out.
    unpriced: int = 0

    @property
    def is_free(self) -> bool:
        """Whether every cell has a known price and that price is 0."""
        return not self.unpriced and not self.upper


def estimate(requests: Sequence[PricedRequest], earlier: Sequence[int], when: float) -> Estimate:
    """Estimate the cost of cells that are sent at `when` (seconds since 1970).

    `earlier` are the lengths in tokens of earlier answers on the same path: their mean is the
    expected length, half the least and twice the greatest are the bounds. No answer is taken to be
    longer than its limit.
    """
    shortest, usual, longest = _lengths(earlier)
    sums = [Decimal(0), Decimal(0), Decimal(0)]
    prompts = completions = unpriced = 0
    for request in requests:
        cap = request.limit if request.limit is not None else longest
        expected = min(usual, cap)
        prompts += request.prompt_tokens
        completions += expected
        if request.price is None:
            unpriced += 1
            continue
        error = int(request.prompt_tokens * PROMPT_ERROR)
        cases = (
            (request.prompt_tokens - error, min(shortest, cap)),
            (request.prompt_tokens, expected),
            # The upper bound is the whole limit, since reasoning can use it up.
            (request.prompt_tokens + error, cap),
        )
        for index, (prompt, completion) in enumerate(cases):
            sums[index] += cost_of(request.price, Usage(prompt, completion), when) or 0
    lower, likely, upper = sums
    return Estimate(len(requests), lower, likely, upper, prompts, completions, unpriced)


def _lengths(earlier: Sequence[int]) -> tuple[int, int, int]:
    known = [length for length in earlier if length > 0]
    if not known:
        return SHORT_ANSWER, USUAL_ANSWER, LONG_ANSWER
    return min(known) // 2, round(sum(known) / len(known)), 2 * max(known)
