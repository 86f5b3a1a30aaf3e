"""The table of parameters: what it declares, reads and refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ParameterError
from app.domain.parameters.kinds import Json, Parameter, ParameterKind, conflicts_among
from app.domain.parameters.table import BY_NAME, PARAMETERS, parse_setting, validated

NINETEEN = {
    "frequency_penalty",
    "include_reasoning",
    "logit_bias",
    "logprobs",
    "max_tokens",
    "min_p",
    "presence_penalty",
    "reasoning",
    "repetition_penalty",
    "response_format",
    "seed",
    "stop",
    "structured_outputs",
    "temperature",
    "tool_choice",
    "tools",
    "top_k",
    "top_logprobs",
    "top_p",
}

GOOD: dict[str, tuple[str, Json]] = {
    "temperature": ("0.7", 0.7),
    "top_p": ("0.9", 0.9),
    "min_p": ("0.05", 0.05),
    "top_k": ("40", 40),
    "frequency_penalty": ("-2", -2.0),
    "presence_penalty": ("2", 2.0),
    "repetition_penalty": ("1.1", 1.1),
    "max_tokens": ("16", 16),
    "seed": ("42", 42),
    "stop": ('["a", "b"]', ["a", "b"]),
    "reasoning": ('{"effort": "high"}', {"effort": "high"}),
    "include_reasoning": ("true", True),
    "logprobs": ("on", True),
    "top_logprobs": ("20", 20),
    "logit_bias": ('{"17": -100}', {"17": -100}),
    "response_format": ('{"type": "json_object"}', {"type": "json_object"}),
    "structured_outputs": ("false", False),
    "tools": (
        '[{"type": "function", "function": {"name": "f"}}]',
        [{"type": "function", "function": {"name": "f"}}],
    ),
    "tool_choice": ("auto", "auto"),
}

WRONG = [
    "temperature=9",
    "temperature=nan",
    "temperature=warm",
    "top_p=0",
    "repetition_penalty=0",
    "max_tokens=0",
    "max_tokens=1.5",
    "top_logprobs=21",
    "logprobs=perhaps",
    "stop=[]",
    'stop=["a","b","c","d","e"]',
    'logit_bias={"x": 1}',
    'logit_bias={"1": 101}',
    "logit_bias={",
    'reasoning={"effort": "huge"}',
    'response_format={"type": "json_schema"}',
    "tools=[]",
    "tool_choice=maybe",
    'tool_choice={"type": "function"}',
    "response_format=NaN",
    "colour=red",
    "temperature",
]


def test_the_table_has_the_nineteen_parameters_and_each_once() -> None:
    assert len(PARAMETERS) == 19
    assert {parameter.name for parameter in PARAMETERS} == NINETEEN


@pytest.mark.parametrize("name", sorted(NINETEEN))
def test_each_parameter_reads_its_value_from_text(name: str) -> None:
    text, value = GOOD[name]
    assert parse_setting(f"{name}={text}") == (name, value)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda one: one.name)
def test_each_parameter_has_a_label_a_help_and_a_start_that_it_takes(parameter: Parameter) -> None:
    assert parameter.label
    assert parameter.help
    if parameter.start or parameter.kind in {
        ParameterKind.NUMBER,
        ParameterKind.INTEGER,
        ParameterKind.SWITCH,
    }:
        assert parameter.validate(parameter.start) == parameter.start


@pytest.mark.parametrize("setting", WRONG)
def test_what_is_wrong_is_refused_with_a_sentence(setting: str) -> None:
    with pytest.raises(ParameterError) as refusal:
        parse_setting(setting)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


@given(st.floats(min_value=0, max_value=2))
def test_a_number_survives_being_written_and_read(number: float) -> None:
    temperature = BY_NAME["temperature"]
    assert temperature.parse(temperature.format(number)) == pytest.approx(number, rel=1e-9)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_a_list_of_texts_survives_being_written_and_read(texts: list[str]) -> None:
    stop = BY_NAME["stop"]
    assert stop.parse(stop.format(texts)) == texts


@given(st.text(max_size=200))
def test_no_text_breaks_a_parameter_other_than_by_refusal(text: str) -> None:
    for parameter in PARAMETERS:
        try:
            value = parameter.parse(text)
        except ParameterError:
            continue
        assert parameter.validate(value) == value


def test_an_unknown_name_among_values_is_refused() -> None:
    with pytest.raises(ParameterError):
        validated({"colour": 1})


def test_deep_nesting_is_refused_and_not_a_crash() -> None:
    with pytest.raises(ParameterError):
        BY_NAME["tools"].parse("[" * 100_000)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"top_logprobs": 3}, "top_logprobs"),
        ({"reasoning": {"effort": "low", "max_tokens": 9}}, "reasoning"),
        ({"reasoning": {"max_tokens": 900}, "max_tokens": 900}, "max_tokens"),
        ({"structured_outputs": True}, "structured_outputs"),
        ({"tool_choice": "auto"}, "tool_choice"),
        ({"include_reasoning": True, "reasoning": {"exclude": True}}, "include_reasoning"),
    ],
)
def test_values_that_contradict_each_other_are_said(values: dict[str, Json], name: str) -> None:
    assert [found.parameter for found in conflicts_among(values, PARAMETERS)] == [name]


def test_values_in_harmony_have_no_conflict() -> None:
    assert not conflicts_among({"logprobs": True, "top_logprobs": 3}, PARAMETERS)
