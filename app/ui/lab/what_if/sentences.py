"""Sentences about one token, and the formats of shares and counts."""

from enum import Enum

from app.domain.sampling.samplers import (
    FACTS,
    Distribution,
    SamplerOrder,
    SamplerSettings,
    working_steps,
)
from app.domain.text.translation import _


class Doubt(Enum):
    """The reason why the effect of a repetition penalty is known only between bounds."""

    NONE = 0
    #: The logits that it divides are unknown: probabilities give them only up to a constant.
    SCORES = 1
    #: The logits were learned from a server that rounds a batch otherwise than single tokens.
    ROUNDING = 2
    #: Not all tokens that penalties count are known.
    COUNTS = 3


#: Probabilities that differ by less count as the same.
SAME = 0.00005


def percent(share: float) -> str:
    """Write a share (0 to 1) as a percentage; only exactly 0 and 1 become 0 % and 100 %."""
    if share <= 0:
        return _("0 %")
    if share < 0.0001:
        return _("<0.01 %")
    if share < 0.01:
        return _("{share} %").format(share=f"{share * 100:.2f}")
    if share >= 1:
        return _("100 %")
    if share > 0.9994:
        return _(">99.9 %")
    return _("{share} %").format(share=f"{share * 100:.1f}")


def outside_words(listed: int) -> str:
    """Say that a token was not among the alternatives, of which the server listed so many."""
    return _("not among the top {n}").format(n=listed)


def order_words(order: SamplerOrder, settings: SamplerSettings) -> str:
    """Name the samplers in their order, and the source of the order. Samplers that few people use
    are named only if they do something. Figures depend on a guessed order if several samplers work.
    """
    steps = [one for one in order.steps if FACTS[one].always_named or FACTS[one].acts(settings)]
    chain = " → ".join(step.label for step in steps)
    words = f"{chain}; {order.source}"
    if not order.known and len(working_steps(order, settings)) > 1:
        words = _("{words}. The figures hold only for this order.").format(words=words)
    return words


def stay_words(distribution: Distribution, kept: int, captured: int) -> str:
    """Say how many of the listed candidates stay, with bounds if that is not certain. `kept` is the
    likely number of `captured`. A candidate without a probability does not count."""
    least, most = _stay_bounds(distribution)
    if least == most:
        return _("{kept} of the top {n} stay").format(kept=kept, n=captured)
    return _("≈{kept} of the top {n} stay ({least} to {most})").format(
        kept=kept, n=captured, least=least, most=most
    )


def certainty_words(distribution: Distribution, captured: int, doubt: Doubt) -> str:
    """Say whether the bars are exact, or else why brackets show a range."""
    least, most = _stay_bounds(distribution)
    settled = least == most and all(
        one.high - one.low < SAME for one in distribution.outcomes if one.known
    )
    if distribution.exact or (settled and distribution.tail_high < SAME):
        return _("Exact: every token that stays is among the top {n}.").format(n=captured)
    if doubt is Doubt.SCORES:
        return _("Brackets show the range: Repetition penalty needs unknown scores.")
    if doubt is Doubt.COUNTS:
        return _("Brackets show the range: penalties count tokens that are not known.")
    if doubt is Doubt.ROUNDING:
        return _("Brackets show the range: the server's scores are rounded.")
    if distribution.tail_high < SAME:
        return _("Brackets show the range: tokens below the top {n} may move a cut.").format(
            n=captured
        )
    return _("Brackets show the range: up to {share} is below the top {n}.").format(
        share=percent(distribution.tail_high), n=captured
    )


def _stay_bounds(distribution: Distribution) -> tuple[int, int]:
    """Return the least and the greatest number of listed candidates that may stay."""
    outcomes = [one for one in distribution.outcomes if one.known]
    # As `surely_stays` and `may_stay` of `outcome_words`, which imports this module.
    least = sum(one.cut is None and (one.low > 0 or one.high <= one.low) for one in outcomes)
    most = sum(one.cut is None or one.high > 0 for one in outcomes)
    return least, most


def count_words(number: float) -> str:
    """Write a number of candidates in effect, below 100 with a decimal."""
    return f"{number:.1f}" if number < 99.95 else f"{number:,.0f}"


def estimate_words(number: float, bounds: tuple[float, float] | None) -> str:
    """Write a number of candidates in effect, with a ≈ unless its bounds are written alike."""
    words = count_words(number)
    exact = bounds is not None and all(count_words(bound) == words for bound in bounds)
    return words if exact else f"≈{words}"


def range_words(low: float, high: float) -> str:
    """Write bounds of a number of candidates; a single number if they are written alike."""
    least, most = count_words(low), count_words(high)
    return least if least == most else _("{least} to {most}").format(least=least, most=most)
