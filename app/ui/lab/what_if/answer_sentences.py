"""Sentences about a whole answer under the samplers."""

from typing import Any

import numpy

from app.domain.sampling.samplers import SamplerSettings
from app.domain.sampling.whole_answer import After
from app.domain.text.translation import _
from app.ui.lab.what_if.sentences import count_words

#: A smaller share of the tokens that were not captured is not mentioned.
SOME = 0.0005


def median(figures: "numpy.ndarray[Any, Any]") -> float:
    """Return the median; 0 for no figures."""
    return float(numpy.median(figures)) if len(figures) else 0.0


def stay_words(
    after: After, captured: int, vocabulary: int | None, *, certain: bool = False
) -> str:
    """Say in a few words how many tokens stay on the median step, with a ≈ unless that is certain.

    `captured` is the greatest number of candidates of a token, `vocabulary` the number of tokens
    that the model knows.
    """
    stay = round(median(after.survivors))
    about = "" if certain else "≈"
    if stay >= captured and median(after.tail) > SOME:
        return _("all top {n} tokens stay, and others").format(n=captured)
    if stay >= captured:
        return _("all top {n} tokens stay").format(n=captured)
    if vocabulary is not None:
        return _("{stay} of {n} tokens stay").format(stay=f"{about}{stay}", n=f"{vocabulary:,}")
    return _("{stay} of the top {n} tokens stay").format(stay=f"{about}{stay}", n=captured)


def cut_words(cut: int, may_be: int, count: int, *, certain: bool) -> str:
    """Say how many of an answer's `count` tokens would be cut.

    `cut` of them surely are if `certain`, else likely; `may_be` others may be cut, too.
    """
    n = f"{count:,}"
    if not certain:
        if cut:
            return _("≈{cut} of the answer's {n} tokens would be dropped").format(
                cut=f"{cut:,}", n=n
            )
        return _("Probably none of the answer's {n} tokens would be dropped.").format(n=n)
    if cut and may_be:
        return _("{cut} to {most} of the answer's {n} tokens would be dropped").format(
            cut=f"{cut:,}", n=n, most=f"{cut + may_be:,}"
        )
    if cut:
        return _("{cut} of the answer's {n} tokens would be dropped").format(cut=f"{cut:,}", n=n)
    if may_be:
        return _("Up to {most} of the answer's {n} tokens would be dropped.").format(
            most=f"{may_be:,}", n=n
        )
    return _("None of the answer's {n} tokens would be dropped.").format(n=n)


def effective_words(after: After) -> str:
    """Say how many candidates there are in effect on the median step, with a ≈ if some of the
    probability was not captured."""
    about = "≈" if bool((after.tail > 0).any()) else ""
    return _("{after} choices, {before} without it").format(
        after=about + count_words(median(after.effective_after)),
        before=about + count_words(median(after.effective_before)),
    )


def counts_words(settings: SamplerSettings, looked_back: int, *, whole: bool) -> str:
    """Say which tokens the penalties count; empty if no penalty is set. `whole` is True if all
    of these tokens are known."""
    if not settings.penalises:
        return ""
    if whole:
        return _("Penalties count the last {n} tokens before this one.").format(n=looked_back)
    return _(
        "Penalties count the last {n} tokens of the answer before this one. Tokens of the "
        "question are not known."
    ).format(n=looked_back)
