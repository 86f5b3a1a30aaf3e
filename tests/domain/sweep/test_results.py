"""The figures of a sweep: right on examples by hand, within bounds whatever the answers are."""

from decimal import Decimal
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat.conversation import Message, Role, Status, Timings
from app.domain.events import Usage
from app.domain.sweep.plan import CellState, ParameterAxis, Plan, cells_of
from app.domain.sweep.results import (
    Analysis,
    CellResult,
    Measure,
    Point,
    figures_of,
    measure_label,
)

PLAN = Plan("q", "p", "m", columns=ParameterAxis("temperature", (0.0, 1.0)), repeats=2)
CELLS = cells_of(PLAN)
NOT_TIMED = Timings()


def said(
    text: str,
    *,
    tokens: int | None = None,
    timings: Timings = NOT_TIMED,
    cost: str | None = None,
    status: Status = Status.COMPLETE,
) -> Message:
    """An answer, whose id is its text."""
    usage = None if tokens is None else Usage(1, tokens)
    amount = None if cost is None else Decimal(cost)
    return Message(
        text, "q", Role.ASSISTANT, text, 1.0, status, usage=usage, timings=timings, cost=amount
    )


def results(
    *texts: str | None, mean: float | None = None, costs: tuple[str, ...] = ()
) -> list[CellResult]:
    """The cells of PLAN: complete with a text, or waiting."""
    return [
        CellResult(cell, CellState.WAITING)
        if text is None
        else CellResult(
            cell,
            CellState.COMPLETE,
            said(text, cost=costs[cell.number] if costs else None),
            mean,
        )
        for cell, text in zip(CELLS, texts, strict=True)
    ]


def test_figures_by_hand() -> None:
    answer = said("The fox. The dog!", tokens=11, timings=Timings(0.5, 2.5), cost="0.01")
    found = figures_of(answer, -0.25)
    assert (found.characters, found.words, found.tokens) == (17, 4, 11)
    assert (found.seconds, found.first_token, found.tokens_per_second) == (2.5, 0.5, 5.0)
    assert (found.distinct_1, found.distinct_2) == (3 / 4, 3 / 3)
    assert (found.cost, found.mean_logprob) == (Decimal("0.01"), -0.25)


@pytest.mark.parametrize(
    ("tokens", "timings", "pace"),
    [
        (10, Timings(None, 2.0), 5.0),
        (None, Timings(0.1, 2.0), None),
        (10, Timings(0.1, None), None),
        (10, Timings(2.0, 2.0), None),
        (1, Timings(0.5, 2.0), None),
        (0, Timings(None, 2.0), None),
    ],
)
def test_tokens_a_second_by_hand(tokens: int | None, timings: Timings, pace: float | None) -> None:
    assert figures_of(said("a", tokens=tokens, timings=timings)).tokens_per_second == pace


def test_a_point_is_the_mean_with_its_range() -> None:
    [line] = Analysis(PLAN).series(results("a b", "a", "a b c d", None), Measure.LENGTH)
    assert line.points == (Point("0", 3.0, 2.0, 4.0, 2), Point("1", 1.0, 1.0, 1.0, 1))


def test_likeness_is_that_of_a_fields_repeats() -> None:
    [line] = Analysis(PLAN).series(results("a b", "a b c", "a b", "x y z"), Measure.SIMILARITY)
    assert [one.mean for one in line.points] == [1.0, 0.0]
    [alone] = Analysis(PLAN).series(results("a b", "a", None, None), Measure.SIMILARITY)
    assert [one.mean for one in alone.points] == [None, None]


def test_an_empty_answer_counts_and_one_that_failed_does_not() -> None:
    analysis = Analysis(PLAN)
    [line] = analysis.series(results("a b", "", "", None), Measure.LENGTH)
    assert [one.mean for one in line.points] == [1.0, 0.0]
    failed = CellResult(CELLS[0], CellState.FAILED, said("", status=Status.FAILED))
    assert analysis.figures(failed) is None
    assert analysis.figures(CellResult(CELLS[0], CellState.WAITING)) is None
    stopped = said("", tokens=5, cost="0.5", status=Status.STOPPED)
    figures = Analysis(PLAN).figures(CellResult(CELLS[0], CellState.STOPPED, stopped))
    assert figures is not None
    assert (figures.words, figures.cost) == (0, Decimal("0.5"))


def test_only_complete_answers_are_charted() -> None:
    cells = results("a", "a", "a", "a")
    cells[0] = CellResult(CELLS[0], CellState.STOPPED, said("a b c", status=Status.STOPPED))
    [line] = Analysis(PLAN).series(cells, Measure.LENGTH)
    assert [(one.mean, one.count) for one in line.points] == [(1.0, 1), (1.0, 2)]


@pytest.mark.parametrize("cost", ["NaN", "Infinity", "1e999"])
def test_what_no_scale_can_show_is_left_out(cost: str) -> None:
    cells = results("a", "b", "c", "d", mean=float("-inf"), costs=(cost, "1", "2", "3"))
    [costs] = Analysis(PLAN).series(cells, Measure.COST)
    assert [(one.mean, one.count) for one in costs.points] == [(2.0, 1), (2.0, 2)]
    [means] = Analysis(PLAN).series(cells, Measure.LOGPROB)
    assert [one.mean for one in means.points] == [None, None]


def test_a_cell_that_is_asked_again_has_new_figures() -> None:
    analysis = Analysis(PLAN)
    for text, words in (("a b", 2), ("a", 1)):
        found = analysis.figures(results(text, text, text, text)[0])
        assert found is not None
        assert found.words == words


@given(
    texts=st.lists(st.none() | st.text(max_size=30), min_size=4, max_size=4),
    mean=st.none() | st.floats(-1e6, 0) | st.sampled_from([float("nan"), float("-inf")]),
)
def test_every_point_lies_within_its_range(texts: list[str | None], mean: float | None) -> None:
    cells = results(*texts, mean=mean)
    analysis = Analysis(PLAN)
    for measure in Measure:
        assert measure_label(measure)
        for line in analysis.series(cells, measure):
            for one in line.points:
                if one.mean is None or one.low is None or one.high is None:
                    assert one == Point(one.label)
                    continue
                assert isfinite(one.mean)
                # A mean of equal numbers may be off by its last bit.
                slack = 1e-9 * abs(one.mean)
                assert one.low - slack <= one.mean <= one.high + slack
                if measure in {Measure.DISTINCT, Measure.SIMILARITY}:
                    assert 0 <= one.low <= one.high <= 1
