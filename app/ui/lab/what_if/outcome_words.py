"""The result of one candidate in words, on the screen and for screen readers."""

from app.domain.sampling.samplers import FACTS, Outcome, Sampler
from app.domain.text.translation import _
from app.ui.lab.what_if.sentences import SAME, percent


def result_words(outcome: Outcome) -> str:
    """Write a candidate's result for its row: a probability, or the sampler that dropped it.

    A probability that is only likely has a ≈, a sampler that only likely was the cause a ?. Of a
    candidate whose probability is not known it is the upper bound.
    """
    if outcome.cut is not None and not may_stay(outcome):
        name = _dropper(outcome.cut)
        return name if outcome.cause_is_certain else _("{sampler}?").format(sampler=name)
    if not outcome.known:
        return rest_words(outcome)
    if is_exact(outcome):
        return percent(outcome.probability)
    return _("≈{share}").format(share=percent(outcome.probability))


def rest_words(outcome: Outcome) -> str:
    """Write the upper bound of the tokens that were not captured, or of one of them."""
    return percent(0.0) if outcome.high <= 0 else f"≤ {percent(outcome.high)}"


def spoken_result(outcome: Outcome) -> str:
    """Write a candidate's result for screen readers, with its bounds."""
    if outcome.cut is not None:
        return _spoken_cut(outcome, _dropper(outcome.cut))
    if is_exact(outcome):
        return _("with parameters {share}").format(share=percent(outcome.probability))
    if not outcome.known:
        return _("with parameters {low} to {high}").format(
            low=percent(outcome.low), high=percent(outcome.high)
        )
    return _("with parameters {low} to {high}, likely {share}").format(
        share=percent(outcome.probability), low=percent(outcome.low), high=percent(outcome.high)
    )


def _spoken_cut(outcome: Outcome, sampler: str) -> str:
    if may_stay(outcome):
        return _("likely dropped by {sampler}, at most {high}").format(
            sampler=sampler, high=percent(outcome.high)
        )
    if outcome.cause_is_certain:
        return _("dropped by {sampler}").format(sampler=sampler)
    return _("dropped, likely by {sampler}").format(sampler=sampler)


def may_stay(outcome: Outcome) -> bool:
    """Return whether a candidate may stay, whatever is likely."""
    return outcome.cut is None or outcome.high > 0


def surely_stays(outcome: Outcome) -> bool:
    """Return whether a candidate stays whatever the tokens are like that were not captured."""
    return outcome.cut is None and (outcome.low > 0 or outcome.high - outcome.low <= 0)


def is_exact(outcome: Outcome) -> bool:
    """Return whether the bounds are written alike, or differ by less than is seen."""
    return outcome.high - outcome.low < SAME or percent(outcome.low) == percent(outcome.high)


def _dropper(cut: Sampler) -> str:
    return FACTS[cut].dropped_by or cut.label
