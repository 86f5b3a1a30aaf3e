"""The lab's figures in words: the same on the screen and for screen readers."""

from enum import Enum

from app.domain.sampling.samplers import Distribution, Order, Outcome, Sampler
from app.domain.text.translation import _


class Doubt(Enum):
    """What of a repetition penalty isn't known."""

    NONE = 0
    #: The scores that it works on, which probabilities alone don't tell.
    SCORES = 1
    #: How a server rounds them that reads at once what it wrote token by token.
    ROUNDING = 2


#: Shares that differ by less are the same.
ROUNDING = 0.00005


def percent(share: float) -> str:
    """A share from 0 to 1, as precise as it is of use: never 0 or 100 where it is not."""
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


def dropper(cut: Sampler) -> str:
    """What dropped a candidate, by the parameter's name."""
    # What temperature drops is all but the likeliest, at 0.
    return _("greedy") if cut is Sampler.TEMPERATURE else cut.value


def result_words(outcome: Outcome) -> str:
    """What a candidate has after the samplers, for its row."""
    if outcome.cut is not None:
        return dropper(outcome.cut)
    if is_exact(outcome):
        return percent(outcome.probability)
    return _("≈{share}").format(share=percent(outcome.probability))


def rest_words(outcome: Outcome) -> str:
    """What everything else has after the samplers, at most."""
    return percent(0.0) if outcome.high <= 0 else f"≤ {percent(outcome.high)}"


def spoken_result(outcome: Outcome) -> str:
    """The same for screen readers, with the bounds."""
    if outcome.cut is not None:
        return _("now 0 %, dropped by {sampler}").format(sampler=dropper(outcome.cut))
    if is_exact(outcome):
        return _("now {share}").format(share=percent(outcome.probability))
    return _("now {low} to {high}").format(low=percent(outcome.low), high=percent(outcome.high))


def is_exact(outcome: Outcome) -> bool:
    """Whether the bounds of a probability are so close that they would be written alike."""
    return outcome.high - outcome.low < 0.0005


def order_words(order: Order, at_work: frozenset[Sampler]) -> str:
    """The steps in their order, and whence it is known. Steps that only few need are named where
    they are at work."""
    always = {Sampler.TOP_K, Sampler.TOP_P, Sampler.MIN_P, Sampler.TEMPERATURE}
    steps = [one for one in order.steps if one in always or one in at_work]
    chain = " → ".join(step.value for step in steps)
    return f"{chain}; {order.source}"


def stay_words(distribution: Distribution, kept: int, captured: int, doubt: Doubt) -> str:
    """How many of the captured candidates stay, and what of the picture is exact."""
    stay = _("{kept} of {n} captured stay.").format(kept=kept, n=captured)
    settled = all(one.high - one.low < ROUNDING for one in distribution.outcomes)
    if distribution.exact or (settled and distribution.tail_high < ROUNDING):
        why = _("Exact: all that stay are among the {n} captured.").format(n=captured)
    elif doubt is Doubt.SCORES:
        why = _("Bounds are drawn: repetition_penalty needs the scores.")
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
    """A number of candidates in effect: with a decimal where it is small."""
    return f"{number:.1f}" if number < 100 else f"{number:,.0f}"
