"""Values are read as they are typed, and those that are offered can be read."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ParameterError
from app.domain.parameters import BY_NAME, PARAMETERS
from app.domain.sweep import MOST_VALUES
from app.domain.sweep_values import offered_values, parse_values


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("temperature", "0, 0.5, 1", (0.0, 0.5, 1.0)),
        ("temperature", "0..1 step 0.25", (0.0, 0.25, 0.5, 0.75, 1.0)),
        ("temperature", "0..1", (0.0, 0.25, 0.5, 0.75, 1.0)),
        ("temperature", "0.3 .. 0.9 by .3", (0.3, 0.6, 0.9)),
        ("temperature", "default, 1, 1.0", (None, 1.0)),
        ("presence_penalty", "-1..1 step 1", (-1.0, 0.0, 1.0)),
        ("top_k", "1..3 step 1", (1, 2, 3)),
        ("logprobs", "true, false", (True, False)),
        ("stop", '["a", "b"]\nc', (["a", "b"], ["c"])),
        ("logit_bias", '{"5": -100}\ndefault', ({"5": -100}, None)),
    ],
)
def test_values_are_read(name: str, text: str, values: tuple[object, ...]) -> None:
    assert parse_values(BY_NAME[name], text) == values


@pytest.mark.parametrize("text", ["", " , ", "a", "0, 9", "1..0", "0..2 step 0.001", "0..1 step 0"])
def test_what_makes_no_sense_is_said(text: str) -> None:
    with pytest.raises(ParameterError):
        parse_values(BY_NAME["temperature"], text)


def test_there_are_not_too_many() -> None:
    with pytest.raises(ParameterError, match=str(MOST_VALUES)):
        parse_values(BY_NAME["seed"], ",".join(map(str, range(MOST_VALUES + 1))))


@pytest.mark.parametrize("name", [one.name for one in PARAMETERS])
def test_what_is_offered_can_be_read(name: str) -> None:
    text = offered_values(BY_NAME[name])
    if text:
        assert len(parse_values(BY_NAME[name], text)) > 1


@given(text=st.text(max_size=60))
def test_anything_is_read_or_refused(text: str) -> None:
    for name in ("temperature", "top_k", "stop", "tool_choice"):
        with contextlib.suppress(ParameterError):
            assert parse_values(BY_NAME[name], text)
