"""The measures that a heat map can show, and the scale of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.text.translation import _
from app.domain.tokens.token_statistics import entropies, likelihoods, surprises
from app.domain.tokens.token_table import TokenTable


class HeatMeasure(StrEnum):
    """The figure of a token that the heat map's colours stand for."""

    PROBABILITY = "probability"
    SURPRISE = "surprise"
    ENTROPY = "entropy"


@dataclass(frozen=True, slots=True)
class HeatScale:
    """Scale of a measure: how a token's figure becomes one of the colours."""

    name: str
    #: Explanation of the measure.
    help: str
    #: Lower limits of the steps, ascending; a figure below the first has no colour.
    limits: Sequence[float]
    #: Labels of the steps in the legend.
    labels: Sequence[str]
    #: Computes the figure of each token.
    figures: Callable[[TokenTable], Sequence[float]]


def _improbabilities(table: TokenTable) -> list[float]:
    """Return 1 − p for each token, NaN if unknown: a higher figure has a stronger colour."""
    return [1 - share for share in likelihoods(table)]


SCALES: Mapping[HeatMeasure, HeatScale] = {
    HeatMeasure.PROBABILITY: HeatScale(
        _("Probability"),
        _(
            "The probability of each token, as the server gave it. A token that was not listed "
            "has the colour of the highest probability that it can have."
        ),
        (0.1, 0.25, 0.5, 0.75, 0.9, 0.98),
        ("90 %", "75 %", "50 %", "25 %", "10 %", "2 %"),
        _improbabilities,
    ),
    HeatMeasure.SURPRISE: HeatScale(
        _("Surprise"),
        _(
            "−log₂ of each token's probability, in bits: 0 is certain, 1 is a coin toss. A token "
            "that was not listed has at least this surprise."
        ),
        (0.5, 1.0, 2.0, 4.0, 6.0, 9.0),
        ("0.5", "1", "2", "4", "6", _("9 bits")),
        surprises,
    ),
    HeatMeasure.ENTROPY: HeatScale(
        _("Entropy"),
        _(
            "How open the choice of each token was, in bits: 1 is a coin toss, 3 is a "
            "choice among eight equally likely tokens. A lower bound: tokens that were "
            "not listed count as one. A token without alternatives has no colour."
        ),
        (0.5, 1.0, 2.0, 3.0, 4.0, 5.0),
        ("0.5", "1", "2", "3", "4", _("5 bits")),
        entropies,
    ),
}


def steps_of(table: TokenTable, shown: HeatMeasure) -> list[int]:
    """Return the colour step of each token: −1 for none, else an index in the scale's limits."""
    scale = SCALES[shown]
    return [sum(figure >= limit for limit in scale.limits) - 1 for figure in scale.figures(table)]
