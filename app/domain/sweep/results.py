"""The figures of a sweep's cells, and how they go along an axis: for sorting and for charts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Any

from app.domain.chat.conversation import Message, Status
from app.domain.sweep.answer_comparison import distinct_ratio, self_similarity, words_of
from app.domain.sweep.plan import Cell, CellState, Place, Plan
from app.domain.text.translation import _


@dataclass(frozen=True, slots=True)
class CellResult:
    """A cell with what came of it; without an answer it was not asked, or is on its way."""

    cell: Cell
    state: CellState
    answer: Message | None = None
    mean_logprob: float | None = None
    #: The address and the body that were sent, where they were asked for.
    request: tuple[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SweepResults:
    """A whole sweep, as it stands at one moment: what is analysed and exported."""

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
class Figures:
    """Of one answer; None is not known. `seconds` is from sending to the end."""

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


def figures_of(answer: Message, mean_logprob: float | None = None) -> Figures:
    """The figures of an answer that has ended. Takes time in proportion to its length: keep it.

    Tokens a second count from the first token on, where that is known: waiting for a provider's
    queue says nothing of a model's pace.
    """
    words = words_of(answer.text)
    tokens = None if answer.usage is None else answer.usage.completion_tokens
    total, first = answer.timings.total, answer.timings.first_token
    pace = None
    if tokens and total is not None:
        streamed = total - (first or 0.0)
        # The first token is what the clock starts with.
        counted = tokens - 1 if first is not None else tokens
        pace = counted / streamed if streamed > 0 and counted > 0 else None
    return Figures(
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
    """What a chart shows along an axis."""

    LENGTH = "length"
    DISTINCT = "distinct"
    SIMILARITY = "similarity"
    COST = "cost"
    PACE = "pace"
    LOGPROB = "logprob"


@dataclass(frozen=True, slots=True)
class Point:
    """A value of the axis; mean, least and greatest of its cells. None: no cell has it."""

    label: str
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Series:
    """A measure along the columns: a line for each row of the grid (`name`, empty without rows)."""

    measure: Measure
    name: str
    points: tuple[Point, ...]


def measure_label(measure: Measure) -> str:
    """A measure in words, with its unit."""
    match measure:
        case Measure.LENGTH:
            return _("Length in words")
        case Measure.DISTINCT:
            return _("Share of different word pairs")
        case Measure.SIMILARITY:
            return _("Likeness of the repeats")
        case Measure.COST:
            return _("Cost in US dollars")
        case Measure.PACE:
            return _("Tokens a second")
        case Measure.LOGPROB:
            return _("Mean log probability")


class Analysis:
    """The figures of a sweep, each computed once and again only where its answer is another."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._figures: dict[str, Figures] = {}
        self._similarities: dict[tuple[str, ...], float | None] = {}

    def figures(self, result: CellResult) -> Figures | None:
        """The figures of a cell; None before it has ended, and where nothing came.

        An answer without a word has figures, too, if it is complete, or was counted or paid for:
        left out, it would make the others look longer and the sweep cheaper than they are.
        """
        answer = result.answer
        if answer is None or answer.status is Status.STREAMING:
            return None
        came = answer.text or answer.reasoning or answer.usage
        if not came and answer.status is not Status.COMPLETE:
            return None
        if answer.id not in self._figures:
            self._figures[answer.id] = figures_of(answer, result.mean_logprob)
        return self._figures[answer.id]

    def similarity(self, repeats: Sequence[CellResult]) -> float | None:
        """How alike the complete answers of one field's repeats are; see `self_similarity`."""
        answers = [
            one.answer
            for one in repeats
            if one.answer is not None and one.state is CellState.COMPLETE
        ]
        key = tuple(one.id for one in answers)
        if key not in self._similarities:
            self._similarities[key] = self_similarity([one.text for one in answers])
        return self._similarities[key]

    def series(self, cells: Sequence[CellResult], measure: Measure) -> tuple[Series, ...]:
        """A measure along the columns, a line for each row; of cells that are complete."""
        plan = self._plan
        by_place = {one.cell.place: one for one in cells}
        columns, rows, repeats = plan.shape
        found = []
        for row in range(rows):
            points = []
            for column in range(columns):
                field = [
                    by_place[place]
                    for place in (Place(column, row, repeat) for repeat in range(repeats))
                    if place in by_place and by_place[place].state is CellState.COMPLETE
                ]
                label = "" if plan.columns is None else plan.columns.label(column)
                points.append(_point(label, self._values(field, measure)))
            name = "" if plan.rows is None else plan.rows.label(row)
            found.append(Series(measure, name, tuple(points)))
        return tuple(found)

    def _values(self, field: Sequence[CellResult], measure: Measure) -> list[float]:
        if measure is Measure.SIMILARITY:
            alike = self.similarity(field)
            return [] if alike is None else [alike]
        values = [_VALUES[measure](one) for cell in field if (one := self.figures(cell))]
        # What no scale can show comes from files and libraries that others have written.
        return [number for one in values if one is not None and isfinite(number := float(one))]


_VALUES: dict[Measure, Callable[[Figures], float | Decimal | None]] = {
    Measure.LENGTH: lambda one: one.words,
    Measure.DISTINCT: lambda one: one.distinct_2,
    Measure.COST: lambda one: one.cost,
    Measure.PACE: lambda one: one.tokens_per_second,
    Measure.LOGPROB: lambda one: one.mean_logprob,
}


def _point(label: str, values: Sequence[float]) -> Point:
    if not values:
        return Point(label)
    return Point(label, sum(values) / len(values), min(values), max(values), len(values))
