"""The dialects against what the providers say of themselves, for every kind and parameter.

The table itself is printed at the end of a run that has this module in it.
"""

import pytest

from app.api.dialects.table import conflicts, not_taken, spelled
from app.domain.parameters.kinds import Json, fixed
from app.domain.parameters.table import BY_NAME, PARAMETERS
from app.domain.providers.models import DEEPSEEK_V4_PRO, Model, Thinking
from app.domain.providers.providers import ProviderKind
from tests.api.dialects.dialect_table import FACTS, KINDS, MODEL, NO, SAME, written

K = ProviderKind
TOOLS = BY_NAME["tools"].start
NAMED = {"type": "function", "function": {"name": "current_weather"}}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}
HOST = Model("deepseek/deepseek-v4-pro", "V4")


def test_the_facts_are_complete() -> None:
    assert set(KINDS) == set(ProviderKind)
    assert FACTS.keys() == {parameter.name for parameter in PARAMETERS}
    assert {len(row) for row in FACTS.values()} == {len(KINDS)}
    assert len(written()) == 19 * len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FACTS)
def test_each_goes_out_as_its_provider_says(name: str, kind: ProviderKind) -> None:
    fact = FACTS[name][KINDS.index(kind)]
    start = BY_NAME[name].start
    fields = spelled(kind, MODEL, {name: start})
    if fact == NO:
        assert not fields
        assert not_taken(kind, MODEL)[name]
    else:
        assert "+".join(fields) == (name if fact == SAME else fact)
        if fact == SAME:
            assert fields[name] == start


@pytest.mark.parametrize(
    ("kind", "value", "fields"),
    [
        (K.OPENROUTER, {"effort": "none"}, {"reasoning": {"effort": "none"}}),
        (K.DEEPSEEK, {"effort": "none"}, {"thinking": {"type": "disabled"}}),
        (K.DEEPSEEK, {"enabled": False}, {"thinking": {"type": "disabled"}}),
        (K.DEEPSEEK, {"enabled": True}, {"thinking": {"type": "enabled"}}),
        *(
            (
                K.DEEPSEEK,
                {"effort": said},
                {"thinking": {"type": "enabled"}, "reasoning_effort": meant},
            )
            for said, meant in {
                "minimal": "low",
                "low": "low",
                "medium": "high",
                "high": "high",
                "xhigh": "high",
                "max": "max",
            }.items()
        ),
        (K.OPENAI, {"effort": "none"}, {"reasoning_effort": "none"}),
        (K.OPENAI, {"effort": "max"}, {"reasoning_effort": "xhigh"}),
        (K.OPENAI, {"max_tokens": 100}, {}),
        (K.OLLAMA, {"enabled": False}, {"reasoning_effort": "none"}),
        (K.VLLM, {"max_tokens": 9}, {"thinking_token_budget": 9}),
        (K.VLLM, {"exclude": True}, {"include_reasoning": False}),
        (K.VLLM, {"effort": "low"}, {"reasoning_effort": "low"}),
        (K.OPENAI_COMPATIBLE, {"effort": "low"}, {"reasoning_effort": "low"}),
        (K.OPENAI_COMPATIBLE, {"max_tokens": 9}, {"reasoning": {"max_tokens": 9}}),
    ],
)
def test_reasoning_is_mapped(kind: ProviderKind, value: Json, fields: Json) -> None:
    assert spelled(kind, MODEL, {"reasoning": value}) == fields


@pytest.mark.parametrize(
    ("kind", "values", "at"),
    [
        (K.DEEPSEEK, {"tools": TOOLS, "tool_choice": "required"}, "tool_choice"),
        (K.DEEPSEEK, {"tools": TOOLS, "tool_choice": NAMED}, "tool_choice"),
        (K.OPENROUTER, {"tools": TOOLS, "tool_choice": "required"}, "tool_choice"),
        (K.DEEPSEEK, {"temperature": 0.5}, "temperature"),
        (K.DEEPSEEK, {"top_p": 0.5}, "top_p"),
        (K.DEEPSEEK, {"response_format": SCHEMA}, "response_format"),
        (K.DEEPSEEK, {"reasoning": {"max_tokens": 5}}, "reasoning"),
        (K.OPENAI, {"reasoning": {"max_tokens": 5}}, "reasoning"),
        (K.OLLAMA, {"reasoning": {"exclude": True}}, "reasoning"),
        (K.LM_STUDIO, {"tools": TOOLS, "tool_choice": NAMED}, "tool_choice"),
        (K.LLAMA_CPP, {"tools": TOOLS, "tool_choice": NAMED}, "tool_choice"),
        (K.LLAMA_CPP, {"tools": TOOLS, "logprobs": True}, "logprobs"),
        (K.OPENROUTER, {"top_logprobs": 3}, "top_logprobs"),
        (K.OPENROUTER, {"tool_choice": "auto"}, "tool_choice"),
        (
            K.OPENROUTER,
            {
                "tools": TOOLS,
                "tool_choice": {"type": "function", "function": {"name": "other"}},
                "reasoning": {"effort": "none"},
            },
            "tool_choice",
        ),
        (K.OPENROUTER, {"reasoning": {"effort": "low", "max_tokens": 5}}, "reasoning"),
        (K.OPENROUTER, {"reasoning": {"max_tokens": 500}, "max_tokens": 400}, "max_tokens"),
        (
            K.OPENROUTER,
            {"reasoning": {"exclude": True}, "include_reasoning": True},
            "include_reasoning",
        ),
        (K.OPENROUTER, {"structured_outputs": True}, "structured_outputs"),
    ],
)
def test_a_conflict_is_explained_and_every_way_out_ends_it(
    kind: ProviderKind, values: dict[str, Json], at: str
) -> None:
    (found,) = [one for one in conflicts(kind, HOST, values) if one.parameter == at]
    assert found.sentence.endswith(".")
    assert found.fixes
    for fix in found.fixes:
        after = fixed(values, fix)
        assert all(one.sentence != found.sentence for one in conflicts(kind, HOST, after))
        for name, value in after.items():
            BY_NAME[name].validate(value)


def test_what_concerns_deepseek_is_not_said_of_other_models() -> None:
    values = {"tools": TOOLS, "tool_choice": "required"}
    assert not conflicts(K.OPENROUTER, MODEL, values)
    assert conflicts(K.OPENROUTER, DEEPSEEK_V4_PRO, values)


def test_what_is_not_sent_contradicts_nothing() -> None:
    assert not conflicts(K.EMBEDDED, MODEL, {"tool_choice": "required"})


def test_a_model_that_always_thinks_can_not_be_told_not_to() -> None:
    values = {"reasoning": {"effort": "none"}}
    model = Model("m", "M", thinking=Thinking(mandatory=True))
    (found,) = conflicts(K.OPENROUTER, model, values)
    assert "always reasons" in found.sentence
    assert fixed(values, found.fixes[0]) == {}
    assert not conflicts(K.OPENROUTER, Model("m", "M", thinking=Thinking()), values)
