"""Facts, charts and figures of a sweep as texts, for both the HTML and the Markdown report."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.parameters.table import BY_NAME
from app.domain.sweep.plan import Axis, Seeds
from app.domain.sweep.results import (
    Analysis,
    Measure,
    Series,
    SweepResults,
    measure_label,
)
from app.domain.text.translation import _
from app.formats.charts_svg import Dot, Line
from app.formats.sweep_rows import Row

CHARTED = (Measure.LENGTH, Measure.DISTINCT, Measure.SIMILARITY, Measure.COST, Measure.LOGPROB)
LONGEST_VALUE = 300


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of one measure, with the columns of the sweep as its horizontal axis."""

    title: str
    across: str
    marks: tuple[str, ...]
    lines: tuple[Line, ...]


def facts_of(results: SweepResults) -> list[tuple[str, str]]:
    """Return the name and the value of each fact that holds for all cells."""
    plan = results.plan
    facts = [
        (_("Asked"), time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(results.created))),
        (_("Model"), f"{plan.model} ({results.provider_name(plan.provider)})"),
        (_("Answers"), str(len(results.cells))),
        (_("Repeats"), str(plan.repeats)),
    ]
    facts += [(axis.title, _values(axis)) for axis in plan.axes]
    match plan.seeds:
        case Seeds.SHARED:
            facts.append((_("Seed"), _("{seed} for all").format(seed=plan.first_seed)))
        case Seeds.VARIED:
            facts.append(
                (_("Seed"), _("from {seed} on, one a repeat").format(seed=plan.first_seed))
            )
    for name, value in plan.parameters.items():
        label = BY_NAME[name].label if name in BY_NAME else name
        facts.append((label, json.dumps(value, ensure_ascii=False)[:LONGEST_VALUE]))
    costs = [one.answer.cost for one in results.cells if one.answer and one.answer.cost is not None]
    if costs:
        facts.append((_("Cost"), f"${sum(costs):f}"))
    return facts


def charts_of(results: SweepResults) -> list[Chart]:
    """Return the charts that have values to show; none if the sweep has no columns."""
    plan = results.plan
    if plan.columns is None:
        return []
    analysis = Analysis(plan)
    marks = tuple(plan.columns.label(one) for one in range(len(plan.columns)))
    found = []
    for measure in CHARTED:
        series = analysis.series(results.cells, measure)
        if any(point.mean is not None for one in series for point in one.points) and not (
            measure is Measure.COST and _is_free(series)
        ):
            lines = tuple(_line(one) for one in series)
            found.append(Chart(measure_label(measure), plan.columns.title, marks, lines))
    return found


def figure_names() -> tuple[str, ...]:
    """Return the column heads of the table of figures, without that of the cell's name."""
    return (
        _("State"),
        _("Words"),
        _("Tokens"),
        _("Tokens a second"),
        _("Cost"),
        _("Mean log probability"),
        _("Different words"),
        _("Different pairs"),
    )


def figure_texts(row: Row) -> tuple[str, ...]:
    """Return the figures of a cell as texts, in the order of `figure_names`; "" for unknown."""
    one = row.figures
    if one is None:
        return (row.result.state.value, *[""] * (len(figure_names()) - 1))
    cost = "" if one.cost is None else f"{'≈ ' if one.cost_estimated else ''}${one.cost:f}"
    return (
        row.result.state.value,
        str(one.words),
        "" if one.tokens is None else str(one.tokens),
        _number(one.tokens_per_second, 1),
        cost,
        _number(one.mean_logprob, 3),
        _number(one.distinct_1, 2),
        _number(one.distinct_2, 2),
    )


def name_of(row: Row) -> str:
    """Return the name of a cell: its label or its number."""
    return row.result.cell.label or f"#{row.result.cell.number + 1}"


def _values(axis: Axis) -> str:
    labels = [axis.label(index) for index in range(len(axis))]
    return ", ".join(labels)


def _is_free(series: Sequence[Series]) -> bool:
    return not any(point.high for one in series for point in one.points)


def _line(series: Series) -> Line:
    return Line(series.name, tuple(Dot(one.mean, one.low, one.high) for one in series.points))


def _number(value: float | None, places: int) -> str:
    return "" if value is None else f"{value:.{places}f}"
