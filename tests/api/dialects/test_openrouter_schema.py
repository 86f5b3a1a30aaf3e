"""Every request that the program can build for OpenRouter is one by what OpenRouter says."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.api.dialects.request_body import encoded
from app.domain.chat.conversation import Message, Role, ToolCall, ToolResult
from app.domain.chat.request import ChatRequest
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import DEEPSEEK_V4_PRO
from app.domain.providers.providers import ProviderKind
from app.services.chat.delivery import prepare
from tests.api.dialects.openrouter_request import (
    REQUEST,
    parameter_sets,
    routings,
    texts,
    values_of,
)
from tests.checkout import ROOT

#: OpenRouter's own, where a copy of it lies beside the project.
THEIRS = ROOT.parent / "shared" / "spec" / "openrouter.schema.json"

OURS = Draft202012Validator(REQUEST)

calls: st.SearchStrategy[tuple[ToolCall, ...]] = st.lists(
    st.builds(ToolCall, texts, texts, st.sampled_from(["{}", '{"a": 1}', "{", ""])), max_size=2
).map(tuple)
details = st.sampled_from(
    [
        "",
        '[{"type": "reasoning.text", "text": "why", "signature": "s", "index": 0}]',
        '[{"type": "reasoning.encrypted", "data": "x"}]',
    ]
)


@st.composite
def paths(draw: st.DrawFn) -> tuple[Message, ...]:
    """A conversation's path: questions, answers with calls, results of some of them."""
    path: list[Message] = []
    for _turn in range(draw(st.integers(1, 3))):
        question = Message("u", None, Role.USER, draw(texts.filter(bool)), 0)
        answer = Message(
            "a",
            "u",
            Role.ASSISTANT,
            draw(texts),
            0,
            reasoning=draw(texts),
            tool_calls=draw(calls),
            reasoning_details=draw(details),
        )
        path += [question, answer]
        answered = draw(st.booleans())
        if answer.tool_calls and answered:
            result = ToolResult(answer.tool_calls[0].id, "f", draw(texts))
            path.append(Message("t", "a", Role.TOOL, "", 0, tool_results=(result,)))
    return tuple(path)


@st.composite
def bodies(draw: st.DrawFn) -> Any:
    """What goes out, read back from its bytes."""
    request = ChatRequest(
        kind=ProviderKind.OPENROUTER,
        base_url="https://openrouter.ai/api/v1",
        model=DEEPSEEK_V4_PRO,
        messages=draw(paths()),
        system=draw(texts),
        parameters=draw(parameter_sets),
        conversation=draw(texts),
        routing=draw(routings),
    )
    return json.loads(encoded(prepare(request)[1]))


@given(bodies())
def test_it_is_a_request_by_what_openrouter_says(body: Any) -> None:
    assert [error.message for error in OURS.iter_errors(body)] == []


@pytest.mark.skipif(not THEIRS.exists(), reason="no copy of OpenRouter's own schema lies beside")
def test_it_is_a_request_by_openrouters_own_schema() -> None:
    described = json.loads(THEIRS.read_text("utf-8"))
    schema = {"$ref": "#/$defs/ChatRequest", "$defs": described["$defs"]}
    theirs = Draft202012Validator(schema)

    @given(bodies())
    def check(body: Any) -> None:
        assert [error.message for error in theirs.iter_errors(body)] == []

    check()


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda one: one.name)
def test_the_table_takes_all_that_is_drawn(parameter: Any) -> None:
    @given(values_of(parameter))
    def check(value: Any) -> None:
        parameter.validate(value)

    check()


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": 3},
        {"tools": []},
        {"stop": ["a"] * 5},
        {"tool_choice": "perhaps"},
        {"provider": {"only": "x"}},
        {"response_format": {"type": "json_schema"}},
        {"something": 1},
    ],
)
def test_what_is_wrong_would_be_found(wrong: dict[str, Any]) -> None:
    body = {"model": "m", "messages": [], "stream": True}
    assert OURS.is_valid(body)
    assert not OURS.is_valid({**body, **wrong})
