"""A refusal that names a parameter is understood; one that only sounds so is not."""

import json
from typing import Any

import pytest

from app.api.dialects.refused_parameters import refused_parameter
from app.api.failures.provider import Failures
from app.domain.errors import RequestRejected
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import Model
from app.domain.providers.providers import ProviderKind

ALL = {parameter.name: parameter.start for parameter in PARAMETERS}
MODEL = Model("m", "M")


def named(
    error: Any,
    status: int = 400,
    kind: ProviderKind = ProviderKind.OPENAI_COMPATIBLE,
    values: dict[str, Any] | None = None,
) -> str | None:
    body = json.dumps({"error": error}).encode()
    failure = Failures("host").of_answer(status, {}, body)
    if not isinstance(failure, RequestRejected):
        return None
    return refused_parameter(kind, MODEL, ALL if values is None else values, failure)


@pytest.mark.parametrize(
    ("error", "name"),
    [
        ({"message": "Unrecognized request argument supplied: top_k"}, "top_k"),
        ({"message": "Bad.", "param": "temperature"}, "temperature"),
        ({"message": "Bad.", "param": "tools[0].function"}, "tools"),
        ({"message": "Bad.", "param": "response_format.json_schema"}, "response_format"),
        ({"message": "Unsupported value: 'temperature' does not support 0.5"}, "temperature"),
        ({"message": "This model does not support the `stop` parameter."}, "stop"),
        ({"message": "Extra inputs are not permitted: seed"}, "seed"),
        ({"message": "deepseek-reasoner does not support logprobs is not supported"}, None),
        ({"message": "Parameter top_logprobs requires something"}, "top_logprobs"),
        ({"message": "logprobs is not supported with this model"}, "logprobs"),
        ({"message": "Invalid parameter: logit_bias"}, "logit_bias"),
        ('unknown field "min_p"', "min_p"),
        ({"message": "repetition_penalty must be in (0, 2]"}, "repetition_penalty"),
    ],
)
def test_a_parameter_is_found_by_its_name(error: Any, name: str | None) -> None:
    if name is None:
        # It is called unsupported all the same.
        assert named(error) == "logprobs"
    else:
        assert named(error) == name


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
    assert named({"message": message}) is None


def test_a_conversation_that_is_too_long_is_not_mended_by_leaving_a_limit_out() -> None:
    error = {"message": "Reduce max_tokens.", "code": "context_length_exceeded"}
    assert named(error) is None


@pytest.mark.parametrize("status", [401, 402, 403, 404, 413, 429, 500])
def test_only_a_refused_request_is_repaired(status: int) -> None:
    assert named({"message": "Bad.", "param": "top_k"}, status) is None


def test_what_was_not_sent_is_not_to_blame() -> None:
    error = {"message": "Unrecognized request argument supplied: top_k"}
    assert named(error, values={"min_p": 0.1}) is None
    assert named(error, kind=ProviderKind.OPENAI, values={"top_k": 4}) is None


def test_a_parameter_is_found_by_the_name_under_which_it_went_out() -> None:
    error = {"message": "Unsupported parameter: max_completion_tokens"}
    assert named(error, kind=ProviderKind.OPENAI) == "max_tokens"
    error = {"message": "reasoning_effort is not supported here"}
    assert named(error, kind=ProviderKind.OPENAI) == "reasoning"
