"""What a sweep will cost, told before anything of it is sent: between two bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.events import Usage
from app.domain.providers.prices import Price, cost_of

#: Tokens of an answer whose length nothing tells: from a few sentences to two pages.
SHORT_ANSWER, USUAL_ANSWER, LONG_ANSWER = 100, 400, 1500
#: The estimate of a prompt's tokens is right to about this share.
PROMPT_ERROR = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class Asking:
    """What one cell costs by: the prompt's tokens (estimated), how many its answer may have at
    most where that is said, and the prices of its model where they are known."""

    prompt_tokens: int
    limit: int | None
    price: Price | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """US dollars. `lower` and `upper` are bounds of what is likely, not of what is possible."""

    count: int
    lower: Decimal
    expected: Decimal
    upper: Decimal
    #: Tokens that are expected in all.
    prompt_tokens: int
    completion_tokens: int
    #: How many cells have no known price, and are not in the sums.
    unpriced: int = 0

    @property
    def is_free(self) -> bool:
        """Whether nothing of it costs anything."""
        return not self.unpriced and not self.upper


def estimate(askings: Sequence[Asking], earlier: Sequence[int], when: float) -> Estimate:
    """Estimate the cost of cells that are asked at a moment.

    `earlier` are the lengths in tokens of answers that were given before, on the same path; their
    mean is expected, their least and greatest with a margin are the bounds. Nobody's answer is
    longer than its limit.
    """
    shortest, usual, longest = _lengths(earlier)
    sums = [Decimal(0), Decimal(0), Decimal(0)]
    prompts = completions = unpriced = 0
    for one in askings:
        cap = one.limit if one.limit is not None else longest
        expected = min(usual, cap)
        prompts += one.prompt_tokens
        completions += expected
        if one.price is None:
            unpriced += 1
            continue
        error = int(one.prompt_tokens * PROMPT_ERROR)
        cases = (
            (one.prompt_tokens - error, min(shortest, cap)),
            (one.prompt_tokens, expected),
            # What a limit allows may all be used: by thoughts, too.
            (one.prompt_tokens + error, cap),
        )
        for index, (prompt, completion) in enumerate(cases):
            sums[index] += cost_of(one.price, Usage(prompt, completion), when) or 0
    lower, likely, upper = sums
    return Estimate(len(askings), lower, likely, upper, prompts, completions, unpriced)


def _lengths(earlier: Sequence[int]) -> tuple[int, int, int]:
    known = [length for length in earlier if length > 0]
    if not known:
        return SHORT_ANSWER, USUAL_ANSWER, LONG_ANSWER
    return min(known) // 2, round(sum(known) / len(known)), 2 * max(known)
