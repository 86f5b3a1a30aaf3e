"""A sweep's plan: its cells, seeds, labels and conflicts, its record, and values as typed."""

import json
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InputError, LoquatError, ParameterError
from app.domain.parameters.presets import Preset
from app.domain.parameters.table import BY_NAME
from app.domain.providers.prices import Price
from app.domain.sweep.axis_values import parse_values, suggested_values, values_text
from app.domain.sweep.cost import PricedRequest, estimate
from app.domain.sweep.plan import (
    MOST_CELLS,
    MOST_REPEATS,
    MOST_VALUES,
    CellPosition,
    ModelAxis,
    ModelChoice,
    ParameterAxis,
    Plan,
    PresetAxis,
    Seeds,
    cells_of,
    conflicts_of_cells,
    seed_of,
)
from app.domain.sweep.plan_json import plan_of, plan_record

PLAN = Plan("q", "p", "m", {"temperature": 0.7, "max_tokens": 50})
temperatures = st.lists(st.none() | st.floats(0, 2), min_size=1, max_size=5).map(
    lambda values: ParameterAxis("temperature", tuple(values))
)
top_ks = st.lists(st.none() | st.integers(0, 100), min_size=1, max_size=5).map(
    lambda values: ParameterAxis("top_k", tuple(values))
)
preset_axes = st.lists(
    st.builds(
        Preset,
        st.text(max_size=5),
        st.text(max_size=90),
        st.text(max_size=5),
        st.fixed_dictionaries({}, optional={"min_p": st.floats(0, 1)}),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
).map(lambda presets: PresetAxis(tuple(presets)))
model_axes = st.lists(
    st.builds(ModelChoice, st.text(max_size=5), st.text(max_size=90), st.text(max_size=5)),
    min_size=1,
    max_size=4,
).map(lambda models: ModelAxis(tuple(models)))
plans = st.builds(
    Plan,
    st.text(max_size=5),
    st.text(max_size=5),
    st.text(max_size=5),
    st.fixed_dictionaries({}, optional={"max_tokens": st.integers(1, 99)}),
    st.text(max_size=5),
    st.fixed_dictionaries({}, optional={"sort": st.just("price")}),
    st.none() | temperatures | preset_axes,
    st.none() | top_ks | model_axes,
    st.integers(1, 8),
    st.sampled_from(Seeds),
    st.integers(0, 2**31),
    st.integers(0, 9),
)


@given(plan=plans)
def test_cells_are_the_product_of_axes_and_repeats(plan: Plan) -> None:
    cells = cells_of(plan)
    columns, rows, repeats = plan.shape
    wanted = {CellPosition(*one) for one in product(range(columns), range(rows), range(repeats))}
    assert {cell.place for cell in cells} == wanted
    assert len(cells) == plan.count == columns * rows * repeats
    assert [cell.number for cell in cells] == list(range(plan.count))
    # The whole grid once, before any field is asked twice.
    assert [cell.place.repeat for cell in cells] == sorted(cell.place.repeat for cell in cells)


@given(plan=plans)
def test_a_plan_is_read_back_as_it_was(plan: Plan) -> None:
    assert plan_of(json.loads(json.dumps(plan_record(plan)))) == plan


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
axis_records = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["parameter", "presets", "models"]) | anything,
        "name": st.sampled_from(sorted(BY_NAME)) | anything,
        "values": st.lists(anything, max_size=2) | anything,
        "presets": anything,
        "models": anything,
    }
)


@given(
    name=st.sampled_from(sorted(plan_record(PLAN))),
    value=anything,
    axis=st.none() | axis_records | anything,
)
def test_a_damaged_plan_is_refused_in_a_sentence_or_makes_cells(
    name: str, value: Any, axis: Any
) -> None:
    record: dict[str, Any] = {**plan_record(PLAN), "columns": axis, name: value}
    # Nothing but what is said in a sentence may come.
    with suppress(LoquatError):
        plan = plan_of(record)
        assert plan.most_at_once >= 0
        cells_of(plan)


def test_an_axis_wins_over_the_conversation_and_a_parameter_over_a_preset() -> None:
    presets = PresetAxis((Preset("a", "Wild", "", {"temperature": 1.5, "top_k": 9}),))
    plan = replace(PLAN, columns=ParameterAxis("temperature", (0.1, None)), rows=presets)
    first, second = cells_of(plan)
    assert first.parameters == {"temperature": 0.1, "top_k": 9, "max_tokens": 50}
    assert second.parameters == {"top_k": 9, "max_tokens": 50}
    assert (first.label, second.label) == ("0.1 · Wild", "default · Wild")
    [alone] = cells_of(replace(PLAN, rows=presets))
    assert alone.parameters == {"temperature": 1.5, "top_k": 9, "max_tokens": 50}


def test_a_model_axis_says_whom_to_ask() -> None:
    models = ModelAxis((ModelChoice("p", "m"), ModelChoice("o", "x/y", "Big")))
    found = [(one.provider, one.model) for one in cells_of(replace(PLAN, columns=models))]
    assert found == [("p", "m"), ("o", "x/y")]


def test_seeds_are_shared_or_the_same_for_the_same_repeat() -> None:
    axis = ParameterAxis("top_k", (1, 2))
    shared = replace(PLAN, columns=axis, repeats=2, seeds=Seeds.SHARED, first_seed=7)
    assert [one.parameters["seed"] for one in cells_of(shared)] == [7, 7, 7, 7]
    varied = replace(shared, seeds=Seeds.VARIED)
    assert [one.parameters["seed"] for one in cells_of(varied)] == [7, 7, 8, 8]
    assert seed_of(replace(shared, seeds=Seeds.NONE), CellPosition(0, 0, 1)) is None
    none = replace(shared, seeds=Seeds.NONE, parameters={"seed": 3})
    assert {one.parameters["seed"] for one in cells_of(none)} == {3}


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": ParameterAxis("temperature", ())},
        {"columns": ParameterAxis("top_k", tuple(range(MOST_VALUES + 1)))},
        {"columns": ParameterAxis("no such", (1,))},
        {"columns": ParameterAxis("seed", (1,)), "seeds": Seeds.SHARED},
        {"columns": ParameterAxis("top_k", (1,)), "rows": ParameterAxis("top_k", (2,))},
        {"columns": PresetAxis((Preset("", "a"),)), "rows": PresetAxis((Preset("", "b"),))},
        {"repeats": 0},
        {"repeats": MOST_REPEATS + 1},
        {"columns": ParameterAxis("top_k", tuple(range(41))), "repeats": MOST_CELLS // 40},
        {"columns": ParameterAxis("temperature", (0.5, 3))},
        {"columns": ParameterAxis("temperature", ("hot",))},
        {"seeds": Seeds.VARIED, "first_seed": 2**63 - 1, "repeats": 2},
    ],
)
def test_what_no_sweep_can_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        cells_of(replace(PLAN, **wrong))


def test_contradictions_are_said_once_with_their_count() -> None:
    # Both need logprobs, which nobody sets here.
    plan = replace(PLAN, columns=ParameterAxis("top_logprobs", (None, 3, 5)))
    [found] = conflicts_of_cells(cells_of(plan))
    assert (found.first.number, found.count) == (1, 2)


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("temperature", "0, 0.5; 1\n0.5", (0.0, 0.5, 1.0)),
        ("temperature", "0..0.3 step 0.1", (0.0, 0.1, 0.2, 0.3)),
        ("temperature", "1..0 by 0.5, default", (1.0, 0.5, 0.0, None)),
        ("top_k", "1..3 step 1", (1, 2, 3)),
        ("logprobs", "true, false, yes", (True, False)),
        ("stop", '["a, b"]\nplain', (["a, b"], ["plain"])),
    ],
)
def test_values_are_read_as_typed(name: str, text: str, values: tuple[Any, ...]) -> None:
    assert parse_values(BY_NAME[name], text) == values


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9",
        "nan",
        "nan..1",
        "0..inf",
        "0..1 step 0",
        "0..1 step nan",
        "0..2 step 0.001",
        "0..1e999999999 step 1e-999999999",
        "1e999999999..1e999999999",
        "0..1 step 1e-999999999",
        ", ".join(f"0..2 step 0.0{one}" for one in range(30, 99)),
    ],
)
def test_what_is_no_value_is_said(text: str) -> None:
    with pytest.raises(ParameterError):
        parse_values(BY_NAME["temperature"], text)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("temperature", (0.25, None, 1.0)),
        ("seed", (1, 2**62)),
        ("stop", (["\n"], ["default"], ["a, b", "[c"], None)),
        ("reasoning", ({"effort": "high"}, None)),
        ("tool_choice", ("auto", {"type": "function", "function": {"name": "f"}})),
        ("logit_bias", ({"5": -100}, None)),
        (
            "response_format",
            ({"type": "json_schema", "json_schema": {"name": "two  spaces", "schema": {}}},),
        ),
    ],
)
def test_values_that_are_written_are_read_back(name: str, values: tuple[Any, ...]) -> None:
    assert parse_values(BY_NAME[name], values_text(BY_NAME[name], values)) == values


def test_every_value_that_is_offered_is_taken() -> None:
    for name, parameter in BY_NAME.items():
        if values := suggested_values(parameter):
            cells_of(replace(PLAN, parameters={}, columns=ParameterAxis(name, values)))


@given(
    askings=st.lists(
        st.builds(
            PricedRequest,
            st.integers(0, 10**6),
            st.none() | st.integers(1, 10**6),
            st.none() | st.just(Price(prompt=Decimal("0.001"), completion=Decimal("0.002"))),
        ),
        max_size=5,
    ),
    earlier=st.lists(st.integers(0, 10**5), max_size=5),
)
def test_the_expected_cost_lies_between_its_bounds(
    askings: list[PricedRequest], earlier: list[int]
) -> None:
    found = estimate(askings, earlier, 0.0)
    assert 0 <= found.lower <= found.expected <= found.upper
    assert found.unpriced == sum(one.price is None for one in askings)


def test_a_cost_is_that_of_prompts_and_limits() -> None:
    price = Price(prompt=Decimal(1000), completion=Decimal(10_000))
    found = estimate([PricedRequest(100, 10, price)] * 2, [4, 6], 0.0)
    # Earlier answers had five tokens on average and four at least; ten are allowed.
    assert found.expected == 2 * (Decimal("0.1") + Decimal("0.05"))
    assert found.lower == 2 * (Decimal("0.075") + Decimal("0.02"))
    assert found.upper == 2 * (Decimal("0.125") + Decimal("0.1"))
