"""What a heat map shows of a token, and the words of its scale."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.text.translation import _
from app.domain.tokens.token_statistics import entropies, surprises
from app.domain.tokens.token_table import TokenTable


class HeatMeasure(StrEnum):
    """What the grounds mean."""

    PROBABILITY = "probability"
    SURPRISE = "surprise"
    ENTROPY = "entropy"


@dataclass(frozen=True, slots=True)
class HeatScale:
    """`limits` are where the steps begin: a figure of the first limit or more has the first
    ground. `labels` name the steps, `help` says what is measured."""

    name: str
    help: str
    limits: Sequence[float]
    labels: Sequence[str]
    figures: Callable[[TokenTable], Sequence[float]]


def _improbabilities(table: TokenTable) -> list[float]:
    return [1 - math.exp(min(0.0, one)) for one in table.chosen_logprobs]


SCALES: Mapping[HeatMeasure, HeatScale] = {
    HeatMeasure.PROBABILITY: HeatScale(
        _("Probability"),
        _("How likely each token was, as the model saw it before the samplers."),
        (0.1, 0.25, 0.5, 0.75, 0.9, 0.98),
        ("90 %", "75 %", "50 %", "25 %", "10 %", "2 %"),
        _improbabilities,
    ),
    HeatMeasure.SURPRISE: HeatScale(
        _("Surprise"),
        _("Minus the binary logarithm of each token's probability, in bits: 0 is certain."),
        (0.5, 1.0, 2.0, 4.0, 6.0, 9.0),
        ("0.5", "1", "2", "4", "6", _("9 bits")),
        surprises,
    ),
    HeatMeasure.ENTROPY: HeatScale(
        _("Entropy"),
        _("How open the choice was, in bits, whatever came: 1 bit is a fair coin, 3 are eight."),
        (0.5, 1.0, 2.0, 3.0, 4.0, 5.0),
        ("0.5", "1", "2", "3", "4", _("5 bits")),
        entropies,
    ),
}


def steps_of(table: TokenTable, shown: HeatMeasure) -> list[int]:
    """How strong the ground of each token is: −1 for none, else a step of the scale."""
    scale = SCALES[shown]
    return [sum(figure >= limit for limit in scale.limits) - 1 for figure in scale.figures(table)]
