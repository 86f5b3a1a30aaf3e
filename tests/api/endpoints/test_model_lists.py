"""Lists of models and hosts are read from any shape, and believed in nothing."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.endpoints.model_lists import context_of_props, endpoints_of, models_of
from app.domain.providers.models import Thinking
from app.domain.providers.prices import Override

#: A model as OpenRouter lists it.
LISTED: dict[str, Any] = {
    "id": "deepseek/deepseek-v4-pro",
    "canonical_slug": "deepseek/deepseek-v4-pro-20260423",
    "name": "DeepSeek: DeepSeek V4 Pro",
    "created": 1777000000,
    "description": "Large.",
    "context_length": 1048576,
    "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
    "pricing": {
        "prompt": "0.000000435",
        "completion": "0.00000087",
        "input_cache_read": "0.000000003625",
        "request": "0",
        "overrides": [
            {"utc_start": 100, "utc_end": 430, "prompt": "0.00000087"},
            {"min_prompt_tokens": 200000, "completion": "0.00000174"},
        ],
    },
    "top_provider": {"max_completion_tokens": 384000},
    "supported_parameters": ["temperature", "top_p"],
    "reasoning": {
        "mandatory": False,
        "default_effort": "high",
        "supported_efforts": ["xhigh", "high"],
    },
    "expiration_date": "2027-01-01",
}
ENDPOINT: dict[str, Any] = {
    "name": "DeepInfra | deepseek/deepseek-v4-pro",
    "provider_name": "DeepInfra",
    "tag": "deepinfra/fp8",
    "quantization": "fp8",
    "context_length": 163840,
    "max_completion_tokens": 16384,
    "pricing": {"prompt": "0.0000005", "completion": "0.000001"},
    "supported_parameters": ["temperature", "top_k"],
    "uptime_last_30m": 99.7,
    "latency_last_30m": {"p50": 640},
    "throughput_last_30m": {"p50": 41.5},
}


def test_a_model_of_openrouter_is_read_whole() -> None:
    (model,) = models_of({"data": [LISTED]}) or []
    assert (model.id, model.name) == ("deepseek/deepseek-v4-pro", "DeepSeek: DeepSeek V4 Pro")
    assert (model.context_length, model.max_output) == (1048576, 384000)
    assert model.supported_parameters == frozenset({"temperature", "top_p"})
    assert (model.inputs, model.outputs) == (("text",), ("text",))
    assert model.thinking == Thinking(False, "high", ("xhigh", "high"), False)
    assert (model.created, model.expires) == (1777000000.0, 1798761600.0)
    price = model.price
    assert price is not None
    assert (price.prompt, price.completion) == (Decimal("0.435"), Decimal("0.87"))
    assert price.cache_read == Decimal("0.003625")
    assert list(price.overrides) == [
        Override(prompt=Decimal("0.87"), starts=60, ends=270),
        Override(completion=Decimal("1.74"), min_prompt_tokens=200000),
    ]


def test_a_host_of_a_model_is_read_by_its_tag() -> None:
    (host,) = endpoints_of({"data": {"id": "m", "endpoints": [ENDPOINT]}}) or []
    assert (host.tag, host.name, host.quantization) == ("deepinfra/fp8", "DeepInfra", "fp8")
    assert (host.uptime, host.latency, host.throughput) == (99.7, 0.64, 41.5)
    assert set(host.supported_parameters) == {"temperature", "top_k"}
    assert host.price is not None
    assert host.price.completion == 1


@pytest.mark.parametrize(
    "value",
    [
        {"data": [{"id": "b"}, {"id": "a", "x": 1}, {"id": "b"}, {"name": "no"}, 7, {"id": ""}]},
        {"models": ["b", "a"]},
        [{"id": "b"}, "a"],
        {"models": [{"key": "b"}, {"key": "a"}]},
    ],
)
def test_models_are_listed_from_any_shape(value: Any) -> None:
    assert [model.id for model in models_of(value) or []] == ["b", "a"]


@pytest.mark.parametrize(
    ("fields", "window"),
    [
        ({"max_model_len": 4096}, 4096),
        ({"max_context_length": 8192}, 8192),
        ({"meta": {"n_ctx_train": 2048}}, 2048),
        ({"meta": None}, None),
        ({"context_length": "many"}, None),
        ({"context_length": -1}, None),
        ({"context_length": True}, None),
    ],
)
def test_each_server_says_its_window_in_its_own_way(
    fields: dict[str, Any], window: int | None
) -> None:
    (model,) = models_of([{"id": "m", **fields}]) or []
    assert model.context_length == window


@pytest.mark.parametrize("price", ["-1", "NaN", "1e999999", "", None, True, [], "free", "9" * 99])
def test_a_price_that_can_not_be_is_none(price: Any) -> None:
    (model,) = models_of([{"id": "m", "pricing": {"prompt": price, "completion": "0"}}]) or []
    assert model.price is None


def test_the_window_that_llama_cpp_runs_with() -> None:
    assert context_of_props({"default_generation_settings": {"n_ctx": 8192}}) == 8192
    assert context_of_props([]) is None


@pytest.mark.parametrize("value", [None, 7, "x", {}, {"data": 7}, {"data": {}}])
def test_what_is_no_list_is_none(value: Any) -> None:
    assert models_of(value) is None
    assert endpoints_of(value) is None


_leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
#: Two levels are as deep as anything in a list of models.
json_values: st.SearchStrategy[Any] = (
    _leaves
    | st.lists(_leaves, max_size=2)
    | st.dictionaries(st.text(max_size=4), _leaves, max_size=2)
)


@given(st.dictionaries(st.sampled_from(sorted(LISTED)), json_values, max_size=4))
def test_no_list_is_too_strange_to_be_read(fields: dict[str, Any]) -> None:
    models_of([fields])
    models_of([{**LISTED, **fields}])
    endpoints_of({"data": {"endpoints": [{**ENDPOINT, **fields}]}})


@given(st.dictionaries(st.sampled_from(sorted(LISTED["pricing"])), json_values))
def test_no_price_is_too_strange_to_be_read(pricing: dict[str, Any]) -> None:
    models_of([{"id": "m", "pricing": pricing}])
