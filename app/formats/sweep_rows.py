"""Cells of a sweep as table rows: the CSV has all columns, the reports some of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.sweep.plan import Plan
from app.domain.sweep.results import (
    Analysis,
    AnswerFigures,
    CellResult,
    SweepResults,
    axis_name,
)

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class SweepRow:
    """A cell with its figures, which are None until the cell has ended."""

    result: CellResult
    figures: AnswerFigures | None
    #: The values on the two axes as texts; "" without that axis.
    column: str
    row: str


def rows_of(results: SweepResults) -> list[SweepRow]:
    """Return a row for each cell in the order of asking."""
    analysis, plan = Analysis(results.plan), results.plan
    found = []
    for one in results.cells:
        place = one.cell.place
        column = "" if plan.columns is None else plan.columns.label(place.column)
        row = "" if plan.rows is None else plan.rows.label(place.row)
        found.append(SweepRow(one, analysis.figures(one), column, row))
    return found


#: The CSV's columns: the name in its first line, with the unit, and a function of the row.
#: `parameters` is JSON and has those that were sent; costs have all their digits. The names of the
#: axes are added to `column_value` and `row_value` by `headings`.
COLUMNS: tuple[tuple[str, Callable[[SweepRow], Value]], ...] = (
    ("number", lambda row: row.result.cell.number + 1),
    ("column_value", lambda row: row.column),
    ("row_value", lambda row: row.row),
    ("repeat", lambda row: row.result.cell.place.repeat + 1),
    ("provider", lambda row: row.result.cell.provider),
    ("model", lambda row: row.result.cell.model),
    ("parameters", lambda row: json.dumps(row.result.sent, ensure_ascii=False)),
    ("state", lambda row: row.result.state.value),
    ("text", lambda row: _answer(row, "text")),
    ("reasoning", lambda row: _answer(row, "reasoning")),
    ("finish_reason", lambda row: _answer(row, "finish_reason")),
    ("error", lambda row: _answer(row, "error")),
    ("note", lambda row: _answer(row, "note")),
    ("characters", lambda row: _figure(row, "characters")),
    ("words", lambda row: _figure(row, "words")),
    ("tokens", lambda row: _figure(row, "tokens")),
    ("seconds", lambda row: _figure(row, "seconds")),
    ("first_token_seconds", lambda row: _figure(row, "first_token")),
    ("tokens_per_second", lambda row: _figure(row, "tokens_per_second")),
    ("cost_us_dollars", lambda row: _figure(row, "cost")),
    ("cost_estimated", lambda row: _figure(row, "cost_estimated")),
    ("mean_logprob_nats", lambda row: _figure(row, "mean_logprob")),
    ("geometric_mean_probability", lambda row: _figure(row, "geometric_mean")),
    ("distinct_words_share", lambda row: _figure(row, "distinct_1")),
    ("distinct_word_pairs_share", lambda row: _figure(row, "distinct_2")),
)


def headings(plan: Plan) -> list[str]:
    """Return the names of the CSV's columns, with the names of the plan's axes."""
    axes = {"column_value": plan.columns, "row_value": plan.rows}
    names = []
    for name, _value in COLUMNS:
        axis = axes.get(name)
        names.append(name if axis is None else f"{name}: {axis_name(axis)}")
    return names


def _answer(row: SweepRow, name: str) -> str:
    answer = row.result.answer
    return "" if answer is None else str(getattr(answer, name))


def _figure(row: SweepRow, name: str) -> Value:
    value: Value = None if row.figures is None else getattr(row.figures, name)
    return value
