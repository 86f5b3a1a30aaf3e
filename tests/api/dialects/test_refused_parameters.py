"""A refusal that names a parameter is understood; one that only sounds so is not."""

import json
from typing import Any

import pytest

from app.api.dialects.refused_parameters import Cause, Refusal, refusal_of
from app.api.failures.provider import Failures
from app.domain.errors import RequestRejected
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import Model
from app.domain.providers.providers import ProviderKind

ALL = {parameter.name: parameter.start for parameter in PARAMETERS}
MODEL = Model("m", "M")


def refusal(
    error: Any,
    status: int = 400,
    kind: ProviderKind = ProviderKind.OPENAI_COMPATIBLE,
    values: dict[str, Any] | None = None,
) -> Refusal | None:
    body = json.dumps({"error": error}).encode()
    failure = Failures("host").of_answer(status, {}, body)
    if not isinstance(failure, RequestRejected):
        return None
    return refusal_of(kind, MODEL, ALL if values is None else values, failure)


def named(error: Any, **of: Any) -> str | None:
    """The parameter that is unknown or unsupported."""
    found = refusal(error, **of)
    return found.parameter if found and found.cause is Cause.UNSUPPORTED else None


@pytest.mark.parametrize(
    ("error", "name"),
    [
        ({"message": "Unrecognized request argument supplied: top_k"}, "top_k"),
        ({"message": "Unsupported.", "param": "temperature"}, "temperature"),
        ({"message": "Bad.", "param": "temperature", "code": "unknown_parameter"}, "temperature"),
        ({"message": "Unknown parameter.", "param": "tools[0].function"}, "tools"),
        (
            {"message": "Not supported here.", "param": "response_format.json_schema"},
            "response_format",
        ),
        ({"message": "Extra inputs are not permitted", "param": "body.top_k"}, "top_k"),
        ({"message": "This model does not support the `stop` parameter."}, "stop"),
        ({"message": "Extra inputs are not permitted: seed"}, "seed"),
        ({"message": "logprobs is not supported with this model"}, "logprobs"),
        ('unknown field "min_p", expected one of "model", "messages"', "min_p"),
        (
            "'max_tokens' is not supported with this model. Use 'max_completion_tokens'.",
            "max_tokens",
        ),
    ],
)
def test_a_parameter_that_is_not_supported_is_found_by_its_name(error: Any, name: str) -> None:
    assert named(error) == name


#: Message → set parameter, its value, and the allowed value that the message names.
VALUES = [
    ("max_tokens must be ≤ 8192", "max_tokens", 100_000, 8192),
    (
        "max_tokens is too large: 100000. This model supports at most 4,096 completion tokens, "
        "whereas you provided 100000.",
        "max_tokens",
        100_000,
        4096,
    ),
    (
        "`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is "
        "less than the `context_window` for this model",
        "max_tokens",
        100_000,
        8192,
    ),
    (
        "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
        "max_tokens",
        9999,
        8192,
    ),
    ("Range of max_tokens should be [1, 2000]", "max_tokens", 9999, 2000),
    ("max_tokens must be less than 500", "max_tokens", 1000, 499),
    ("max_tokens: 64000 > 8192, which is the maximum allowed number", "max_tokens", 64_000, 8192),
    ("max_tokens must be at least 16", "max_tokens", 1, 16),
    ("Integer below minimum value. Expected 'max_tokens' >= 16", "max_tokens", 1, 16),
    ("top_logprobs must be between 0 and 5", "top_logprobs", 20, 5),
    ("top_logprobs cannot exceed 5", "top_logprobs", 20, 5),
    ("top_logprobs: Input should be less than or equal to 5", "top_logprobs", 20, 5),
    ("temperature: maximum value is 1.0.", "temperature", 1.5, 1),
    ("Expected 'temperature' in the range 0.0 to 1.0", "temperature", 1.5, 1),
    (
        "Unsupported value: 'temperature' does not support 0.5 with this model. "
        "Only the default (1) value is supported.",
        "temperature",
        0.5,
        1,
    ),
    ("Unsupported value: 'temperature' does not support 0.5", "temperature", 0.5, None),
    ("repetition_penalty must be in (0, 2]", "repetition_penalty", 2.5, 2),
    ("top_k 4 is not supported", "top_k", 4, None),
    ("Invalid parameter: logit_bias", "logit_bias", {"1": 1}, None),
    ("max_tokens is too large", "max_tokens", 100_000, None),
]


@pytest.mark.parametrize(("message", "name", "value", "allowed"), VALUES)
def test_a_refused_value_is_told_from_a_refused_name(
    message: str, name: str, value: Any, allowed: Any
) -> None:
    assert refusal({"message": message}, values={name: value}) == Refusal(
        name, Cause.VALUE, allowed
    )


@pytest.mark.parametrize(
    ("message", "first"),
    [
        ("`temperature` and `top_p` cannot both be set. Use only one.", "temperature"),
        ("top_p is not supported while thinking", "top_p"),
        ("Thinking mode does not support this tool_choice", "tool_choice"),
        ("top_logprobs requires logprobs to be set", "top_logprobs"),
        ("logprobs is not supported with tools + stream", "logprobs"),
        ("logprobs is only supported when streaming is disabled", "logprobs"),
    ],
)
def test_a_refused_combination_is_told_from_a_refused_name(message: str, first: str) -> None:
    assert refusal({"message": message}) == Refusal(first, Cause.COMBINATION)


def test_an_explicit_field_outweighs_the_words() -> None:
    words = "Unknown parameter; instead of top_k use top_p."
    assert named({"message": words, "param": "min_p"}) == "min_p"
    assert refusal({"message": words, "param": "messages"}) is None
    assert refusal({"message": words, "param": "messages[0].content"}) is None


def test_words_are_understood_with_a_dummy_key() -> None:
    body = json.dumps({"error": "Unrecognized request argument supplied: top_k"}).encode()
    failure = Failures("host", "k").of_answer(400, {}, body)
    assert isinstance(failure, RequestRejected)
    found = refusal_of(ProviderKind.OPENAI_COMPATIBLE, MODEL, ALL, failure)
    assert found == Refusal("top_k", Cause.UNSUPPORTED)


@pytest.mark.parametrize(
    "message",
    [
        "Please stop sending so much.",
        "Your tools of trade are not for sale.",
        "The seed of doubt.",
        "Something went wrong.",
    ],
)
def test_plain_words_are_not_parameters(message: str) -> None:
    assert refusal({"message": message}) is None


def test_a_conversation_that_is_too_long_is_not_mended_by_leaving_a_limit_out() -> None:
    error = {"message": "Reduce max_tokens.", "code": "context_length_exceeded"}
    assert refusal(error) is None


@pytest.mark.parametrize(
    "message",
    [
        "The input token count 9000 plus max_tokens 10 exceeds the model limit 4096.",
        "max_tokens 10 and your prompt exceed the maximum context length of 4096 tokens.",
    ],
)
def test_a_limit_that_would_fit_is_not_blamed_for_a_long_conversation(message: str) -> None:
    error = {"message": message, "param": "max_tokens"}
    assert refusal(error, values={"max_tokens": 10}) is None
    assert refusal(error, values={"max_tokens": 9999}) is not None


@pytest.mark.parametrize("status", [401, 402, 403, 404, 413, 429, 500])
def test_only_a_refused_request_is_repaired(status: int) -> None:
    assert refusal({"message": "Unknown.", "param": "top_k"}, status) is None


def test_what_was_not_sent_is_not_to_blame() -> None:
    error = {"message": "Unrecognized request argument supplied: top_k"}
    assert named(error, values={"min_p": 0.1}) is None
    assert named(error, kind=ProviderKind.OPENAI, values={"top_k": 4}) is None


def test_a_parameter_is_found_by_the_name_under_which_it_went_out() -> None:
    error = {"message": "Unsupported parameter: max_completion_tokens"}
    assert named(error, kind=ProviderKind.OPENAI) == "max_tokens"
    error = {"message": "reasoning_effort is not supported here"}
    assert named(error, kind=ProviderKind.OPENAI) == "reasoning"
