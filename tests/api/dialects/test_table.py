"""Every parameter of the table is either spelled or refused with a reason, for every provider."""

from dataclasses import replace
from typing import Any

import pytest

from app.api.dialects import table
from app.api.dialects.table import not_taken, spelled, wire_name
from app.domain.parameters.table import BY_NAME, PARAMETERS
from app.domain.providers.models import DEEPSEEK_V4_PRO, EMBEDDED_MODEL, Model
from app.domain.providers.providers import KINDS, ProviderKind

NAMES = {parameter.name for parameter in PARAMETERS}
MODEL = Model(id="m", name="Some model")


@pytest.mark.parametrize("kind", ProviderKind)
def test_a_parameter_is_sent_or_refused_and_never_both(kind: ProviderKind) -> None:
    for parameter in PARAMETERS:
        fields = spelled(kind, MODEL, {parameter.name: parameter.start})
        assert bool(fields) != (parameter.name in not_taken(kind, MODEL)), parameter.name


@pytest.mark.parametrize("kind", ProviderKind)
def test_every_refusal_is_a_sentence(kind: ProviderKind) -> None:
    for reason in not_taken(kind, MODEL).values():
        assert reason.endswith(".")
        assert len(reason) > 20


@pytest.mark.parametrize("kind", ProviderKind)
def test_a_parameter_that_no_dialect_lists_is_not_sent_and_greyed_with_a_reason(
    kind: ProviderKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = replace(BY_NAME["min_p"], name="top_n_sigma")
    monkeypatch.setattr(table, "PARAMETERS", (*PARAMETERS, added))
    assert spelled(kind, MODEL, {"top_n_sigma": 1.0}) == {}
    reason = not_taken(kind, MODEL)["top_n_sigma"]
    assert reason == f"{KINDS[kind].subject} doesn't support top_n_sigma."


def test_the_usual_sentence_names_provider_and_parameter() -> None:
    assert not_taken(ProviderKind.DEEPSEEK, MODEL)["min_p"] == "DeepSeek doesn't support min_p."


def test_openrouter_takes_all_and_renames_one() -> None:
    names = {name: wire_name(ProviderKind.OPENROUTER, name) for name in NAMES}
    renamed = {name: wire for name, wire in names.items() if name != wire}
    assert renamed == {"max_tokens": "max_completion_tokens"}
    assert not not_taken(ProviderKind.OPENROUTER, DEEPSEEK_V4_PRO)


@pytest.mark.parametrize("kind", [ProviderKind.LLAMA_CPP, ProviderKind.EMBEDDED])
def test_llama_cpp_has_its_own_name_for_the_repetition_penalty(kind: ProviderKind) -> None:
    assert spelled(kind, MODEL, {"repetition_penalty": 1.1}) == {"repeat_penalty": 1.1}


def test_the_embedded_model_takes_neither_tools_nor_reasoning() -> None:
    refused = not_taken(ProviderKind.EMBEDDED, EMBEDDED_MODEL)
    assert {"tools", "tool_choice", "reasoning", "include_reasoning"} <= refused.keys()


def test_another_server_gets_plain_names() -> None:
    values = {parameter.name: parameter.start for parameter in PARAMETERS}
    special = {"structured_outputs", "reasoning"}
    plain = {name: value for name, value in values.items() if name not in special}
    plain["reasoning_effort"] = "high"
    assert spelled(ProviderKind.OPENAI_COMPATIBLE, MODEL, values) == plain


def test_a_switch_that_vllm_answers_with_400_goes_to_openrouter_alone() -> None:
    taking = [kind for kind in ProviderKind if "structured_outputs" not in not_taken(kind, MODEL)]
    assert taking == [ProviderKind.OPENROUTER]


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ({"effort": "high"}, {"reasoning_effort": "high"}),
        ({"effort": "none"}, {"chat_template_kwargs": {"enable_thinking": False}}),
        ({"enabled": False}, {"chat_template_kwargs": {"enable_thinking": False}}),
        ({"enabled": True}, {"chat_template_kwargs": {"enable_thinking": True}}),
        ({"max_tokens": 200}, {"thinking_budget_tokens": 200}),
    ],
)
def test_reasoning_is_spelled_as_llama_cpp_takes_it(
    value: dict[str, Any], fields: dict[str, Any]
) -> None:
    assert spelled(ProviderKind.LLAMA_CPP, MODEL, {"reasoning": value}) == fields


def test_what_the_models_own_list_lacks_is_refused_by_its_name() -> None:
    model = replace(MODEL, supported_parameters=frozenset({"temperature", "max_tokens"}))
    refused = not_taken(ProviderKind.OPENROUTER, model)
    assert refused.keys() == NAMES - {"temperature", "max_tokens"}
    assert "Some model" in refused["top_k"]
    assert spelled(ProviderKind.OPENROUTER, model, {"top_k": 4, "temperature": 1}) == {
        "temperature": 1
    }


def test_a_list_may_use_the_newer_name_as_well() -> None:
    model = replace(MODEL, supported_parameters=frozenset({"max_completion_tokens"}))
    assert "max_tokens" not in not_taken(ProviderKind.OPENROUTER, model)
