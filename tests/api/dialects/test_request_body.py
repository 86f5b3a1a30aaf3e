"""The body is what the conversation says and what is set, and nothing besides."""

import json
from dataclasses import replace
from typing import Any

import pytest

from app.api.dialects.request_body import chat_body, chat_url, encoded
from app.api.dialects.table import DIALECTS
from app.domain.chat.conversation import Message, Role, Status, ToolCall, ToolResult
from app.domain.chat.request import ChatRequest
from app.domain.parameters.kinds import Parameter, ParameterKind
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import Model
from app.domain.providers.providers import ProviderKind

OTHERS = [kind for kind in ProviderKind if kind is not ProviderKind.OPENROUTER]

JSON_TYPES: dict[ParameterKind, tuple[type, ...]] = {
    ParameterKind.NUMBER: (int, float),
    ParameterKind.INTEGER: (int,),
    ParameterKind.SWITCH: (bool,),
    ParameterKind.CHOICE: (str, dict),
    ParameterKind.STRINGS: (list,),
    ParameterKind.JSON: (dict, list),
    ParameterKind.FUNCTIONS: (list,),
    ParameterKind.FORMAT: (dict,),
    ParameterKind.BIAS: (dict,),
}


def user(text: str) -> Message:
    return Message(id="u", parent=None, role=Role.USER, text=text, created=0)


def assistant(text: str, **fields: Any) -> Message:
    return Message(id="a", parent="u", role=Role.ASSISTANT, text=text, created=0, **fields)


def body_of(
    *messages: Message,
    kind: ProviderKind = ProviderKind.OPENROUTER,
    system: str = "",
    conversation: str = "",
    **parameters: Any,
) -> dict[str, Any]:
    return chat_body(
        ChatRequest(
            kind=kind,
            base_url="https://host/v1",
            model=Model(id="m", name="M"),
            messages=messages or (user("hi"),),
            system=system,
            parameters=parameters,
            conversation=conversation,
        )
    )


def roles(body: dict[str, Any]) -> list[str]:
    return [message["role"] for message in body["messages"]]


@pytest.mark.parametrize("base", ["https://host/v1", "https://host/v1/"])
def test_the_address_is_the_base_and_the_endpoint(base: str) -> None:
    assert chat_url(base) == "https://host/v1/chat/completions"


def test_with_nothing_set_nothing_is_sent() -> None:
    assert body_of() == {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
    }


@pytest.mark.parametrize("kind", OTHERS)
def test_usage_is_asked_for_where_it_does_not_come_by_itself(kind: ProviderKind) -> None:
    extra = body_of(kind=kind).keys() - {"model", "messages", "stream"}
    assert extra - DIALECTS[kind].always.keys() == {"stream_options"}


def test_the_embedded_server_is_asked_to_report_so_that_it_notices_a_stop() -> None:
    assert body_of(kind=ProviderKind.EMBEDDED)["return_progress"] is True
    assert "return_progress" not in body_of(kind=ProviderKind.LLAMA_CPP)


def test_the_embedded_model_ends_somewhere_unless_told_where() -> None:
    assert body_of(kind=ProviderKind.EMBEDDED)["max_tokens"] == 1024
    assert body_of(kind=ProviderKind.EMBEDDED, max_tokens=4000)["max_tokens"] == 4000
    assert "max_tokens" not in body_of(kind=ProviderKind.LLAMA_CPP)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_a_set_parameter_arrives_alone_with_its_json_type(parameter: Parameter) -> None:
    plain = body_of()
    sent = json.loads(encoded(body_of(**{parameter.name: parameter.start})))
    name = {"max_tokens": "max_completion_tokens"}.get(parameter.name, parameter.name)
    beside = {"structured_outputs": {"provider"}}.get(parameter.name, set())
    assert sent.keys() - plain.keys() == {name} | beside
    assert sent[name] == parameter.start
    assert type(sent[name]) in JSON_TYPES[parameter.kind]


def test_a_router_is_told_the_conversation_and_nobody_else_is() -> None:
    assert body_of(conversation="c" * 300)["session_id"] == "c" * 256
    assert "session_id" not in body_of(conversation="c", kind=ProviderKind.OPENAI_COMPATIBLE)


def test_the_system_prompt_comes_first_and_a_blank_one_not_at_all() -> None:
    assert roles(body_of(user("hi"), system="Be brief.")) == ["system", "user"]
    assert roles(body_of(user("hi"), system=" \n")) == ["user"]


@pytest.mark.parametrize("status", [Status.FAILED, Status.STOPPED, Status.INTERRUPTED])
def test_an_answer_that_never_came_is_left_out(status: Status) -> None:
    failed = assistant("", status=status, reasoning="Hm", error="no")
    assert roles(body_of(user("a"), failed, user("b"))) == ["user", "user"]


def test_what_came_of_a_broken_answer_is_kept() -> None:
    broken = assistant("half", status=Status.INTERRUPTED)
    assert roles(body_of(user("a"), broken, user("b"))) == ["user", "assistant", "user"]


def test_a_trailing_answer_is_sent_to_be_continued() -> None:
    assert body_of(user("a"), assistant("half"))["messages"][-1]["content"] == "half"


THOUGHTS = {
    ProviderKind.OPENROUTER: "reasoning",
    ProviderKind.DEEPSEEK: "reasoning_content",
    ProviderKind.LLAMA_CPP: "reasoning_content",
    ProviderKind.OLLAMA: "reasoning",
}


@pytest.mark.parametrize("kind", ProviderKind)
def test_thoughts_go_back_where_they_are_wanted_and_nowhere_else(kind: ProviderKind) -> None:
    thought = assistant("b", reasoning="why")
    turn = body_of(user("a"), thought, kind=kind)["messages"][-1]
    always = {ProviderKind.OPENROUTER, ProviderKind.DEEPSEEK}
    assert turn.keys() - {"role", "content"} == ({THOUGHTS[kind]} if kind in always else set())


@pytest.mark.parametrize("kind", [one for one in ProviderKind if one is not ProviderKind.EMBEDDED])
def test_thoughts_go_back_with_a_turn_that_called_tools(kind: ProviderKind) -> None:
    called = assistant("", reasoning="why", tool_calls=(ToolCall("x", "f", "{}"),))
    turn = body_of(user("a"), called, kind=kind)["messages"][1]
    wanted = {THOUGHTS[kind]: "why"} if kind in THOUGHTS else {}
    assert {name: turn[name] for name in turn if name.startswith("reasoning")} == wanted


def test_details_of_thoughts_go_back_untouched_and_in_the_place_of_the_text() -> None:
    details = [
        {"type": "reasoning.text", "text": "why", "signature": "s", "index": 0, "id": None},
        {"type": "reasoning.encrypted", "data": "xyz", "index": 1},
    ]
    thought = assistant("b", reasoning="why", reasoning_details=json.dumps(details))
    turn = body_of(user("a"), thought)["messages"][-1]
    assert turn == {"role": "assistant", "content": "b", "reasoning_details": details}
    turn = body_of(user("a"), thought, kind=ProviderKind.DEEPSEEK)["messages"][-1]
    assert turn == {"role": "assistant", "content": "b", "reasoning_content": "why"}


def test_a_tools_own_answer_goes_back_by_the_id_of_its_call() -> None:
    calls = (ToolCall("x", "f", "{}"), ToolCall("", "g", "{}"))
    results = (ToolResult("call_1", "g", "second"), ToolResult("x", "f", "first"))
    answered = Message(id="t", parent="a", role=Role.TOOL, text="", created=0, tool_results=results)
    body = body_of(user("a"), assistant("", tool_calls=calls), answered)
    assert roles(body) == ["user", "assistant", "tool", "tool"]
    assert [one["content"] for one in body["messages"][2:]] == ["first", "second"]


def test_whom_a_router_may_ask_is_told_to_a_router_alone() -> None:
    routing = {"only": ["deepseek"], "require_parameters": False}
    request = ChatRequest(
        kind=ProviderKind.OPENROUTER,
        base_url="https://host/v1",
        model=Model(id="m", name="M"),
        messages=(user("hi"),),
        system="",
        parameters={},
        routing=routing,
    )
    assert chat_body(request)["provider"] == routing
    stricter = replace(request, parameters={"structured_outputs": True})
    assert chat_body(stricter)["provider"] == {"only": ["deepseek"], "require_parameters": True}
    for kind in OTHERS:
        assert "provider" not in chat_body(replace(request, kind=kind))


def test_a_tool_call_is_kept_and_answered_so_that_the_request_is_valid() -> None:
    calls = (ToolCall("x", "f", '{"a":1}'), ToolCall("", "g", ""))
    body = body_of(user("a"), assistant("", tool_calls=calls, reasoning="why"), user("b"))
    assert roles(body) == ["user", "assistant", "tool", "tool", "user"]
    turn, first, second = body["messages"][1:4]
    assert turn["content"] == ""
    assert turn["reasoning"] == "why"
    assert [call["function"] for call in turn["tool_calls"]] == [
        {"name": "f", "arguments": '{"a":1}'},
        {"name": "g", "arguments": "{}"},
    ]
    assert [first["tool_call_id"], second["tool_call_id"]] == ["x", "call_1"]


def test_a_call_cut_off_in_the_middle_is_left_out() -> None:
    cut = assistant("text", tool_calls=(ToolCall("x", "f", '{"a":'),))
    assert body_of(user("a"), cut)["messages"][-1] == {"role": "assistant", "content": "text"}


def test_the_embedded_model_never_sees_a_tool() -> None:
    called = assistant("", tool_calls=(ToolCall("x", "f", "{}"),))
    body = body_of(user("a"), called, kind=ProviderKind.EMBEDDED, tools=[{}], tool_choice="auto")
    assert roles(body) == ["user"]
    assert not {"tools", "tool_choice"} & body.keys()


def test_any_text_becomes_bytes_that_mean_it() -> None:
    text = "'\"\\\n\r\u2028 😀 \x00 \ud83d\ude00 \ud83d"
    sent = json.loads(encoded(body_of(user(text))))
    assert sent["messages"][0]["content"] == "'\"\\\n\r\u2028 😀 \ufffd 😀 \ufffd"


def test_half_a_pair_in_a_parameter_is_sent_as_an_escape() -> None:
    assert json.loads(encoded({"stop": ["\ud83d"]})) == {"stop": ["\ud83d"]}
