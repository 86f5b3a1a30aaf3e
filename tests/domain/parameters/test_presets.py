"""The rules of presets: what putting one on changes, and when values are those of one."""

import pytest

from app.domain.parameters.presets import (
    LONGEST_NAME,
    SAMPLING,
    SHIPPED,
    Preset,
    accepted_values,
    applied,
    differences_from_preset,
    free_name,
    matching,
    neutral,
)
from app.domain.parameters.table import BY_NAME, validated

CALM = Preset("c", "Calm", "", {"temperature": 0.3, "seed": 7})
TOOLS = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]


@pytest.mark.parametrize("preset", SHIPPED, ids=lambda one: one.id)
def test_what_comes_with_the_program_is_valid_and_explains_itself(preset: Preset) -> None:
    assert validated(preset.parameters) == preset.parameters
    assert preset.about.endswith(".")


def test_no_two_that_come_with_the_program_are_alike() -> None:
    for preset in SHIPPED:
        assert matching(preset.parameters, SHIPPED) is preset


def test_a_preset_replaces_sampling_and_leaves_the_rest() -> None:
    values = {"temperature": 1.5, "top_k": 5, "tools": TOOLS, "max_tokens": 9}
    assert applied(values, CALM) == {
        "temperature": 0.3,
        "seed": 7,
        "tools": TOOLS,
        "max_tokens": 9,
    }


def test_what_the_former_preset_brought_goes_unless_it_was_changed() -> None:
    other = Preset("o", "Other", "", {"top_p": 0.5})
    assert applied({"temperature": 0.3, "seed": 7}, other, CALM) == {"top_p": 0.5}
    assert applied({"temperature": 0.3, "seed": 8}, other, CALM) == {"top_p": 0.5, "seed": 8}


def test_what_was_put_on_differs_in_nothing_until_it_is_changed() -> None:
    values = applied({"max_tokens": 9, "top_k": 4}, CALM)
    assert differences_from_preset(values, CALM) == []
    assert [one.name for one in differences_from_preset({**values, "top_k": 3}, CALM)] == ["top_k"]
    assert differences_from_preset({**values, "max_tokens": 10}, CALM) == []


def test_a_whole_number_is_the_same_as_its_fraction_and_true_is_not_one() -> None:
    one = Preset("x", "X", "", {"temperature": 1.0})
    assert differences_from_preset({"temperature": 1}, one) == []
    assert differences_from_preset({"temperature": True}, one) != []


def test_a_preset_that_sets_nothing_is_not_found_by_its_values() -> None:
    assert matching({}, [Preset("n", "Nothing")]) is None


def test_neutral_is_every_sampling_parameter_where_it_does_nothing() -> None:
    assert set(neutral()) == set(SAMPLING)
    assert all(BY_NAME[name].neutral == value for name, value in neutral().items())


def test_values_from_elsewhere_are_checked_one_by_one() -> None:
    good, wrong = accepted_values(
        {"temperature": 0.5, "top_p": 9, "mirostat": 2, "min_p": float("nan")}
    )
    assert good == {"temperature": 0.5}
    assert len(wrong) == 3


def test_a_taken_name_gets_a_number_and_stays_short() -> None:
    assert free_name("Calm", ["calm", "Calm 2"]) == "Calm 3"
    long = "x" * 300
    first = free_name(long, [])
    assert len(first) == LONGEST_NAME
    assert len(free_name(long, [first])) == LONGEST_NAME
