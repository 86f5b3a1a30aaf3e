"""Figures of a sweep's answers (length, cost, speed, variety), and their series for charts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from math import exp, isfinite
from typing import Any

from app.domain.chat.conversation import Message, Status
from app.domain.parameters.table import BY_NAME
from app.domain.sweep.answer_comparison import distinct_ratio, self_similarity, words_of
from app.domain.sweep.plan import Axis, Cell, CellPosition, CellState, ParameterAxis, Plan
from app.domain.text.translation import _


@dataclass(frozen=True, slots=True)
class CellResult:
    """A cell with its answer; `answer` is None if the cell was not sent or is still streaming."""

    cell: Cell
    state: CellState
    answer: Message | None = None
    mean_logprob: float | None = None
    #: The URL and the JSON body that were sent; filled in for the JSON export only.
    request: tuple[str, Any] | None = None
    #: Names of the cell's parameters that its request did not have: the model does not support
    #: them. Filled in for exports.
    left_out: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def sent(self) -> dict[str, Any]:
        """The cell's parameters that were sent; none if the cell was not."""
        if self.answer is None:
            return {}
        values = self.cell.parameters.items()
        return {name: value for name, value in values if name not in self.left_out}


@dataclass(frozen=True, slots=True)
class SweepResults:
    """A snapshot of a whole sweep, for analysis and export."""

    id: str
    title: str
    #: The text of the question.
    question: str
    created: float
    plan: Plan
    cells: tuple[CellResult, ...]
    #: The names of providers by their ids, to be shown.
    provider_names: Mapping[str, str] = field(default_factory=dict, compare=False)

    def provider_name(self, provider_id: str) -> str:
        """The name of a provider; its id where the name isn't known."""
        return self.provider_names.get(provider_id, provider_id)


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Figures of one answer; None if not known.

    `seconds` is the time from sending to the end and `first_token` to the first token; `cost` is
    in US dollars; `mean_logprob` is in nats per token; `distinct_1` and `distinct_2` are the
    shares of distinct words and word pairs, 0 to 1.
    """

    characters: int
    words: int
    tokens: int | None = None
    seconds: float | None = None
    first_token: float | None = None
    tokens_per_second: float | None = None
    cost: Decimal | None = None
    cost_estimated: bool = False
    distinct_1: float | None = None
    distinct_2: float | None = None
    mean_logprob: float | None = None

    @property
    def geometric_mean(self) -> float | None:
        """The geometric mean of the token probabilities, 0 to 1."""
        return geometric_mean(self.mean_logprob)


def geometric_mean(mean_logprob: float | None) -> float | None:
    """Return the geometric mean of probabilities, 0 to 1, from the mean of their logarithms."""
    return None if mean_logprob is None else exp(min(0.0, mean_logprob))


def figures_of(answer: Message, mean_logprob: float | None = None) -> AnswerFigures:
    """Compute the figures of an answer that has ended, in time proportional to its length.

    Tokens per second are counted from the first token if its time is known, so that waiting in the
    provider's queue doesn't count.
    """
    words = words_of(answer.text)
    tokens = None if answer.usage is None else answer.usage.completion_tokens
    total, first = answer.timings.total, answer.timings.first_token
    pace = None
    if tokens and total is not None:
        streamed = total - (first or 0.0)
        # The clock starts at the first token, so that token is not counted.
        counted = tokens - 1 if first is not None else tokens
        pace = counted / streamed if streamed > 0 and counted > 0 else None
    return AnswerFigures(
        characters=len(answer.text),
        words=len(words),
        tokens=tokens,
        seconds=total,
        first_token=first,
        tokens_per_second=pace,
        cost=answer.cost,
        cost_estimated=answer.cost_estimated,
        distinct_1=distinct_ratio(words, 1),
        distinct_2=distinct_ratio(words, 2),
        mean_logprob=mean_logprob,
    )


class Measure(StrEnum):
    """A quantity that a chart shows along an axis."""

    LENGTH = "length"
    DISTINCT = "distinct"
    SIMILARITY = "similarity"
    COST = "cost"
    PACE = "pace"
    LOGPROB = "logprob"


@dataclass(frozen=True, slots=True)
class Point:
    """An axis value in a chart: mean, least and greatest value of its `count` cells.

    None if no cell has the measure.
    """

    label: str
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Series:
    """A line of a chart: a measure along the columns, for one row of the grid.

    `name` is the row's axis and label, such as "Top P 0.5"; empty if the grid has no rows.
    """

    measure: Measure
    name: str
    points: tuple[Point, ...]


def measure_name(measure: Measure) -> str:
    """Return the name of a measure, without its unit."""
    match measure:
        case Measure.LENGTH:
            return _("Length")
        case Measure.DISTINCT:
            return _("Distinct word pairs")
        case Measure.SIMILARITY:
            return _("Similarity of the repeats")
        case Measure.COST:
            return _("Cost")
        case Measure.PACE:
            return _("Speed")
        case Measure.LOGPROB:
            return _("Mean log probability")


def measure_unit(measure: Measure) -> str:
    """Return the unit of a measure; shares have their range."""
    match measure:
        case Measure.LENGTH:
            return _("words")
        case Measure.DISTINCT:
            return _("share, 0 to 1")
        case Measure.SIMILARITY:
            return _("Jaccard index, 0 to 1")
        case Measure.COST:
            return _("US dollars")
        case Measure.PACE:
            return _("tokens per second")
        case Measure.LOGPROB:
            return _("nats per token")


def measure_label(measure: Measure) -> str:
    """Return the name of a measure, with its unit."""
    return f"{measure_name(measure)} ({measure_unit(measure)})"


def axis_name(axis: Axis) -> str:
    """Return the name of an axis, with the unit of its parameter if that has one."""
    unit = BY_NAME[axis.name].unit if isinstance(axis, ParameterAxis) else ""
    return f"{axis.title} ({unit})" if unit else axis.title


class Analysis:
    """Cache of the figures of a sweep, by the ids of its answers."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._figures: dict[str, AnswerFigures] = {}
        self._similarities: dict[tuple[str, ...], float | None] = {}

    def figures(self, result: CellResult) -> AnswerFigures | None:
        """Return the figures of a cell; None if it has not ended or nothing was received.

        An empty answer has figures if it is complete or has a usage: leaving it out would make the
        mean length too large and the sweep's cost too small.
        """
        answer = result.answer
        if answer is None or answer.status is Status.STREAMING:
            return None
        has_content = answer.text or answer.reasoning or answer.usage
        if not has_content and answer.status is not Status.COMPLETE:
            return None
        if answer.id not in self._figures:
            self._figures[answer.id] = figures_of(answer, result.mean_logprob)
        return self._figures[answer.id]

    def similarity(self, repeats: Sequence[CellResult]) -> float | None:
        """Return the similarity, 0 to 1, of the complete answers among repeats; None below two.

        See `self_similarity`.
        """
        answers = [
            result.answer
            for result in repeats
            if result.answer is not None and result.state is CellState.COMPLETE
        ]
        key = tuple(answer.id for answer in answers)
        if key not in self._similarities:
            self._similarities[key] = self_similarity([answer.text for answer in answers])
        return self._similarities[key]

    def series(self, cells: Sequence[CellResult], measure: Measure) -> tuple[Series, ...]:
        """Return a measure of the complete cells along the columns, one series for each row."""
        plan = self._plan
        by_place = {result.cell.place: result for result in cells}
        columns, rows, repeats = plan.shape
        series = []
        for row in range(rows):
            points = []
            for column in range(columns):
                complete = [
                    by_place[place]
                    for place in (CellPosition(column, row, repeat) for repeat in range(repeats))
                    if place in by_place and by_place[place].state is CellState.COMPLETE
                ]
                label = "" if plan.columns is None else plan.columns.label(column)
                points.append(_point(label, self._values(complete, measure)))
            name = "" if plan.rows is None else f"{plan.rows.title} {plan.rows.label(row)}"
            series.append(Series(measure, name, tuple(points)))
        return tuple(series)

    def _values(self, repeats: Sequence[CellResult], measure: Measure) -> list[float]:
        if measure is Measure.SIMILARITY:
            similarity = self.similarity(repeats)
            return [] if similarity is None else [similarity]
        values = [
            _VALUES[measure](figures) for result in repeats if (figures := self.figures(result))
        ]
        # Libraries that other programs have written can hold infinities, which no axis can show.
        return [
            number for value in values if value is not None and isfinite(number := float(value))
        ]


_VALUES: dict[Measure, Callable[[AnswerFigures], float | Decimal | None]] = {
    Measure.LENGTH: lambda figures: figures.words,
    Measure.DISTINCT: lambda figures: figures.distinct_2,
    Measure.COST: lambda figures: figures.cost,
    Measure.PACE: lambda figures: figures.tokens_per_second,
    Measure.LOGPROB: lambda figures: figures.mean_logprob,
}


def _point(label: str, values: Sequence[float]) -> Point:
    if not values:
        return Point(label)
    return Point(label, sum(values) / len(values), min(values), max(values), len(values))
