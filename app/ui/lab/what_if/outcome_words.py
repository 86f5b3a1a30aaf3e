"""The result of one candidate in words, on the screen and for screen readers."""

from app.domain.sampling.samplers import Outcome, Sampler
from app.domain.text.translation import _
from app.ui.lab.what_if.sampler_table import SHOWN
from app.ui.lab.what_if.sentences import percent


def result_words(outcome: Outcome) -> str:
    """Write a candidate's result for its row: a probability, or the sampler that dropped it."""
    if outcome.cut is not None:
        return _dropper(outcome.cut)
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
        return _("now 0 %, dropped by {sampler}").format(sampler=_dropper(outcome.cut))
    if is_exact(outcome):
        return _("now {share}").format(share=percent(outcome.probability))
    return _("now {low} to {high}").format(low=percent(outcome.low), high=percent(outcome.high))


def is_exact(outcome: Outcome) -> bool:
    """Return whether the bounds are so close that they would be written alike."""
    return outcome.high - outcome.low < 0.0005


def _dropper(cut: Sampler) -> str:
    return SHOWN[cut].dropped_by or cut.value
