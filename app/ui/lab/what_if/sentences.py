"""Sentences about one token, and how shares and counts are written."""

from enum import Enum

from app.domain.sampling.samplers import FACTS, Distribution, Order, Settings
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


#: Probabilities that differ by less count as equal.
ROUNDING = 0.00005


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


def order_words(order: Order, settings: Settings) -> str:
    """Name the samplers in their order, and the source of the order. Samplers that few people use
    are named only if they do something."""
    steps = [one for one in order.steps if FACTS[one].always_named or FACTS[one].acts(settings)]
    chain = " → ".join(step.value for step in steps)
    return f"{chain}; {order.source}"


def stay_words(distribution: Distribution, kept: int, captured: int, doubt: Doubt) -> str:
    """Say how many captured candidates stay, and whether the bars are exact."""
    stay = _("{kept} of {n} captured stay.").format(kept=kept, n=captured)
    settled = all(one.high - one.low < ROUNDING for one in distribution.outcomes)
    if distribution.exact or (settled and distribution.tail_high < ROUNDING):
        why = _("Exact: all that stay are among the {n} captured.").format(n=captured)
    elif doubt is Doubt.SCORES:
        why = _("Bounds are drawn: repetition_penalty needs the scores.")
    elif doubt is Doubt.COUNTS:
        why = _("Bounds are drawn: not all tokens that penalties count are known.")
    elif doubt is Doubt.ROUNDING:
        why = _("Bounds are drawn: the server's scores are rounded.")
    elif distribution.tail_high < ROUNDING:
        why = _("Bounds are drawn: what was not captured may move a cut.")
    else:
        why = _("At most {share} lies outside the {n} captured: bounds are drawn.").format(
            share=percent(distribution.tail_high), n=captured
        )
    return f"{stay} {why}"


def count_words(number: float) -> str:
    """Write a number of candidates in effect, below 100 with a decimal."""
    return f"{number:.1f}" if number < 100 else f"{number:,.0f}"
