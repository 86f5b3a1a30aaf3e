"""Sentences about a whole answer under the samplers."""

from typing import Any

import numpy

from app.domain.sampling.samplers import Settings
from app.domain.sampling.whole_answer import After
from app.domain.text.translation import _
from app.ui.lab.what_if.sentences import count_words

#: Less than this of what was not captured is nothing.
SOME = 0.0005


def median(figures: "numpy.ndarray[Any, Any]") -> float:
    """The middle one; 0 of none."""
    return float(numpy.median(figures)) if len(figures) else 0.0


def stay_words(after: After, captured: int, vocabulary: int | None) -> str:
    """How many tokens stay on the median step; `captured` is how many candidates each token of
    the answer has at most, `vocabulary` how many tokens the model knows."""
    stay = round(median(after.survivors))
    if stay >= captured and median(after.tail) > SOME:
        return _("On the median step all {n} captured tokens stay, and others.").format(n=captured)
    if stay >= captured:
        return _("On the median step all {n} captured tokens stay.").format(n=captured)
    if vocabulary is not None:
        return _("On the median step {stay} of {n} tokens stay.").format(
            stay=stay, n=f"{vocabulary:,}"
        )
    return _("On the median step {stay} of the {n} captured tokens stay.").format(
        stay=stay, n=captured
    )


def effective_words(after: After) -> str:
    """How many candidates there are in effect on the median step."""
    return _("On the median step {after} candidates in effect, {before} without.").format(
        after=count_words(median(after.effective_after)),
        before=count_words(median(after.effective_before)),
    )


def counts_words(settings: Settings, looked_back: int, *, whole: bool) -> str:
    """What penalties count; nothing where no penalty is set. `whole` says that all tokens that
    they count are known."""
    if not settings.penalises:
        return ""
    if whole:
        return _("Penalties count the last {n} tokens before this one.").format(n=looked_back)
    return _(
        "Penalties count the last {n} tokens of the answer before this one; those of the "
        "question are not known here."
    ).format(n=looked_back)
