"""Facts, charts and figures of a sweep as texts, for both the HTML and the Markdown report."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.parameters.table import BY_NAME
from app.domain.sweep.plan import SEED, Axis, ParameterAxis, Plan, Seeds
from app.domain.sweep.results import (
    Analysis,
    CellResult,
    Measure,
    Series,
    SweepResults,
    axis_name,
    measure_name,
    measure_unit,
)
from app.domain.text import figures
from app.domain.text.translation import _, ngettext
from app.formats.charts_svg import Dot, Line
from app.formats.sweep_rows import SweepRow

CHARTED = (Measure.LENGTH, Measure.DISTINCT, Measure.SIMILARITY, Measure.COST, Measure.LOGPROB)
LONGEST_VALUE = 300


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of one measure, with the columns of the sweep as its horizontal axis."""

    title: str
    #: Unit of the measure.
    unit: str
    #: Name of the horizontal axis, with its unit.
    across: str
    #: Name of the axis that has a line for each of its values; "" if there is one line.
    series: str
    marks: tuple[str, ...]
    lines: tuple[Line, ...]


def facts_of(results: SweepResults) -> list[tuple[str, str]]:
    """Return the name and the value of each fact that holds for all cells."""
    plan = results.plan
    facts = [
        (_("Date"), time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(results.created))),
        (_("Model"), f"{plan.model} ({results.provider_name(plan.provider)})"),
        (_("Answers"), str(len(results.cells))),
    ]
    if plan.repeats > 1:
        facts.append((_("Repeats"), str(plan.repeats)))
    facts += [(axis_name(axis), _values(results, axis)) for axis in plan.axes]
    asked = [one for one in results.cells if one.answer is not None]
    if any(SEED in one.sent for one in asked):
        match plan.seeds:
            case Seeds.SHARED:
                facts.append((_("Seed"), _("{seed} for all").format(seed=plan.first_seed)))
            case Seeds.VARIED:
                facts.append(
                    (
                        _("Seed"),
                        _("from {seed}, a different one for each repeat").format(
                            seed=plan.first_seed
                        ),
                    )
                )
    facts += _settings(plan, asked)
    if words := _cost_words(asked):
        facts.append((_("Cost"), words))
    return facts


def _settings(plan: Plan, asked: Sequence[CellResult]) -> list[tuple[str, str]]:
    """Return the plan's parameters that were sent with the plan's value: an axis, a preset or a
    seed may have another one, and a model may not support them."""
    facts = []
    for name, value in plan.parameters.items():
        count = sum(name in one.sent and one.sent[name] == value for one in asked)
        if not count:
            continue
        words = json.dumps(value, ensure_ascii=False)[:LONGEST_VALUE]
        if count < len(asked):
            words = _("{value} ({n} of {all} answers)").format(value=words, n=count, all=len(asked))
        facts.append((BY_NAME[name].label if name in BY_NAME else name, words))
    return facts


def _cost_words(asked: Sequence[CellResult]) -> str:
    """Return the cost of all answers together; a lower bound if it is not known of each."""
    answers = [one.answer for one in asked if one.answer is not None]
    known = [answer for answer in answers if answer.cost is not None]
    if not known:
        return ""
    words = figures.cost(
        sum((answer.cost or Decimal(0) for answer in known), Decimal(0)),
        estimated=any(answer.cost_estimated and answer.cost for answer in known),
    )
    if len(known) < len(answers):
        missing = len(answers) - len(known)
        return ngettext(
            "at least {cost}; unknown for {n} answer",
            "at least {cost}; unknown for {n} answers",
            missing,
        ).format(cost=words, n=missing)
    return words


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
            found.append(
                Chart(
                    title=measure_name(measure),
                    unit=_unit(results, measure),
                    across=axis_name(plan.columns),
                    series="" if plan.rows is None else axis_name(plan.rows),
                    marks=marks,
                    lines=tuple(_line(one) for one in series),
                )
            )
    return found


def _unit(results: SweepResults, measure: Measure) -> str:
    """Return the unit of a measure; costs that were computed from prices are estimates."""
    unit = measure_unit(measure)
    answers = [one.answer for one in results.cells if one.answer is not None]
    if measure is Measure.COST and any(answer.cost_estimated for answer in answers):
        return _("{unit}, estimated").format(unit=unit)
    return unit


def spread_words(plan: Plan) -> str:
    """Return what the dots and strokes of the charts stand for; "" if each dot is one answer."""
    if plan.repeats < 2:
        return ""
    return _("Dot: mean of {n} repeats. Line: lowest to highest.").format(n=plan.repeats)


def figure_names() -> tuple[str, ...]:
    """Return the column heads of the table of figures, without that of the cell's name."""
    return (
        _("State"),
        _("Words"),
        _("Tokens"),
        _("Tokens per second"),
        _("Cost (US dollars)"),
        _("Mean log probability (nats)"),
        _("Geometric mean probability"),
        _("Distinct words (share)"),
        _("Distinct word pairs (share)"),
    )


def figure_texts(row: SweepRow) -> tuple[str, ...]:
    """Return the figures of a cell as texts, in the order of `figure_names`; "" for unknown."""
    one = row.figures
    if one is None:
        return (row.result.state.value, *[""] * (len(figure_names()) - 1))
    cost = "" if one.cost is None else figures.cost(one.cost, estimated=one.cost_estimated)
    return (
        row.result.state.value,
        str(one.words),
        "" if one.tokens is None else str(one.tokens),
        _number(one.tokens_per_second, 1),
        cost,
        _number(one.mean_logprob, 3),
        _number(one.geometric_mean, 3),
        _number(one.distinct_1, 2),
        _number(one.distinct_2, 2),
    )


def name_of(row: SweepRow) -> str:
    """Return the name of a cell: its label or its number."""
    return row.result.cell.label or f"#{row.result.cell.number + 1}"


def _values(results: SweepResults, axis: Axis) -> str:
    words = ", ".join(axis.label(index) for index in range(len(axis)))
    asked = [one for one in results.cells if one.answer is not None]
    if isinstance(axis, ParameterAxis) and asked:
        wanted = [one for one in asked if axis.name in one.cell.parameters]
        if wanted and all(axis.name in one.left_out for one in wanted):
            return _("{values}: not sent, because the model doesn't support it").format(
                values=words
            )
    return words


def _is_free(series: Sequence[Series]) -> bool:
    return not any(point.high for one in series for point in one.points)


def _line(series: Series) -> Line:
    return Line(series.name, tuple(Dot(one.mean, one.low, one.high) for one in series.points))


def _number(value: float | None, places: int) -> str:
    return "" if value is None else f"{value:.{places}f}"
