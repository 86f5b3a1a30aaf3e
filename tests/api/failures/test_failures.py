"""Whatever a server reports becomes one sentence with a next step, and never a key."""

import json
import time
from email.utils import formatdate
from typing import Any

import httpx
import pytest

from app.api.failures.connection import not_connected
from app.api.failures.provider import MAX_RETRY_AFTER, MAX_WORDS, Failures, retry_after
from app.domain.errors import (
    Forbidden,
    Interrupted,
    KeyRefused,
    NoCredit,
    NoSuchModel,
    NotAnApi,
    ProviderFailed,
    RateLimited,
    Refused,
    Remedy,
    RequestRejected,
    Unreachable,
    remedy_of,
)
from tests.api.http.exchanges import KEY

FAILURES = Failures("host.example", KEY)


def refused(status: int, body: Any = b"", **headers: str) -> Refused:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return FAILURES.of_answer(status, httpx.Headers(named), data)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRejected),
        (401, KeyRefused),
        (402, NoCredit),
        (403, Forbidden),
        (404, NoSuchModel),
        (408, ProviderFailed),
        (413, RequestRejected),
        (418, RequestRejected),
        (422, RequestRejected),
        (429, RateLimited),
        (500, ProviderFailed),
        (502, ProviderFailed),
        (503, ProviderFailed),
        (529, ProviderFailed),
    ],
)
def test_every_status_has_its_kind_and_its_sentence(status: int, kind: type[Refused]) -> None:
    error = refused(status, b"<html>nginx</html>")
    assert type(error) is kind
    assert error.status == status
    assert "host.example" in str(error)
    assert str(error).endswith(".")
    assert "html" not in str(error)


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": 400, "message": "the reason"}},
        {"error": {"message": "the reason", "type": "invalid_request_error", "code": None}},
        {"error": "the reason"},
        {"error": {"error": "the reason"}},
        {"object": "error", "message": "the reason", "code": 400},
        {"detail": "the reason"},
        {"error": True, "message": "the reason"},
        {"error": {"message": "Provider returned error", "metadata": {"raw": "the reason"}}},
        {"error": {"message": "x", "metadata": {"raw": '{"error":{"message":"the reason"}}'}}},
        {"error": {"message": "x", "metadata": {"raw": {"detail": "the reason"}}}},
    ],
)
def test_the_providers_own_words_are_found_in_every_shape(body: dict[str, Any]) -> None:
    assert str(refused(400, body)).endswith("“the reason”")


def test_the_serving_provider_is_named_with_its_words() -> None:
    metadata = {"raw": "full", "provider_name": "DeepInfra"}
    assert "“DeepInfra: full”" in str(refused(429, {"error": {"metadata": metadata}}))


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"code": 400, "metadata": {"error_type": "model_not_found"}}, NoSuchModel),
        (429, {"code": "insufficient_quota"}, NoCredit),
        (500, {"type": "authentication_error"}, KeyRefused),
        (400, {"error_type": "capacity", "http_status": 503}, ProviderFailed),
    ],
)
def test_the_errors_own_name_decides_where_the_status_is_vague(
    status: int, error: dict[str, Any], kind: type[Refused]
) -> None:
    assert type(refused(status, {"error": error})) is kind


@pytest.mark.parametrize("name", ["context_length_exceeded", "exceed_context_size_error"])
def test_a_conversation_that_is_too_long_is_called_so(name: str) -> None:
    assert "too long for this model" in str(refused(400, {"error": {"type": name}}))


def test_a_model_that_is_being_loaded_is_worth_another_try() -> None:
    error = refused(503, {"error": {"message": "Loading model", "type": "unavailable_error"}})
    assert isinstance(error, ProviderFailed)
    assert "still loading" in str(error)


def test_long_words_are_cut_and_stay_on_one_line() -> None:
    error = refused(400, {"error": {"message": "a\n\x1b[31m\u202e" + "word " * 1000}})
    quoted = str(error).partition("“")[2]
    assert len(quoted) <= MAX_WORDS + 1
    assert quoted.isprintable()
    assert len(error.detail) <= 2000


@pytest.mark.parametrize(
    "words",
    [
        f"Incorrect API key provided: {KEY}",
        "bad sk-or-v1-ffffffffffffffff here",
        "Incorrect API key provided: sk-0123***********cdef.",
        "header Bearer hunter2hunter2",
        "token 0123456789abcdefABCDEF0123456789abcdef",
    ],
)
def test_nothing_like_a_key_is_repeated(words: str) -> None:
    error = refused(401, {"error": {"message": words, "type": words}})
    assert error.detail == "host.example: 401"
    for shown in (str(error), repr(error)):
        assert "•••" in shown
        assert not any(part in shown for part in (KEY, "ffff", "0123", "hunter2"))


def test_ordinary_words_are_not_taken_for_keys() -> None:
    words = "deepseek/deepseek-v4-pro-20260423: skateboarding keyboards at risk-free rates"
    assert words in str(refused(400, {"error": words}))


def test_the_key_is_not_in_the_words_own_repr() -> None:
    assert KEY not in repr(FAILURES)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("0", 0.0),
        ("86400", MAX_RETRY_AFTER),
        ("inf", MAX_RETRY_AFTER),
        ("Fri, 01 Jan 2099 00:00:00 GMT", MAX_RETRY_AFTER),
        ("Fri, 01 Jan 1999 00:00:00 GMT", None),
        ("-1", None),
        ("nan", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_wait_is_seconds_or_a_date_and_bounded(header: str, seconds: float | None) -> None:
    assert retry_after(header) == seconds


def test_a_date_soon_is_counted_from_now() -> None:
    assert 30 < (retry_after(formatdate(time.time() + 60, usegmt=True)) or 0) <= 60


def test_the_wait_is_on_the_error() -> None:
    assert refused(429, retry_after="7").retry_after == 7
    availability = {"error": {"availability": {"retry_after": 9}}}
    assert refused(503, availability).retry_after == 9


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"error":' * 3000, b"\xff\xfe", b"[1]", b"7"])
def test_a_hostile_body_is_only_a_status(body: bytes) -> None:
    assert type(refused(500, body)) is ProviderFailed


def test_deeply_wrapped_words_end_somewhere() -> None:
    raw: Any = "deep"
    for _level in range(50):
        raw = {"metadata": {"raw": raw}}
    assert type(refused(500, {"error": raw})) is ProviderFailed


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectTimeout(""), Unreachable),
        (httpx.ProxyError("407"), Unreachable),
        (httpx.ConnectError(""), Unreachable),
        (httpx.UnsupportedProtocol("x"), Unreachable),
        (httpx.InvalidURL("x"), Unreachable),
        (httpx.ReadTimeout(""), Interrupted),
        (httpx.RemoteProtocolError("Server disconnected without sending"), Interrupted),
        (httpx.RemoteProtocolError("illegal status line"), NotAnApi),
        (httpx.ReadError(""), Interrupted),
        (httpx.WriteError(""), Interrupted),
    ],
)
def test_every_way_to_get_no_answer_is_explained(
    error: httpx.HTTPError | httpx.InvalidURL, kind: type[Exception]
) -> None:
    explained = not_connected(error, FAILURES)
    assert type(explained) is kind
    assert "host.example" in str(explained)
    assert str(explained).endswith(".")


@pytest.mark.parametrize(
    ("error", "parts"),
    [
        (
            {
                "error_type": "constraint_filtered",
                "message": "No endpoints.",
                "availability": {
                    "excluded_by": ["require_parameters", "max_price"],
                    "fallback_models": ["x/a", "x/b"],
                    "constraint": {"field": "provider", "detail": "Price too high."},
                },
            },
            ["Change the hosts", "require_parameters, max_price", "x/a, x/b", "Price too high"],
        ),
        ({"error_type": "privacy_restricted"}, ["privacy"]),
        ({"error_type": "model_deprecated"}, ["no longer"]),
        ({"error_type": "free_variant_ended"}, [":free"]),
        ({"metadata": {"reasons": ["violence"]}, "code": 403}, ["Flagged for: violence"]),
        ({"metadata": {"patterns": ["email"]}, "code": 403}, ["guardrail", "email"]),
        (
            {"type": "exceed_context_size_error", "n_prompt_tokens": 5000, "n_ctx": 4096},
            ["5,000 tokens", "limit is 4,096"],
        ),
    ],
)
def test_a_routers_reasons_are_said(error: dict[str, Any], parts: list[str]) -> None:
    said = str(refused(error.get("code", 404), {"error": error}))
    assert all(part in said for part in parts), said


def test_a_hostile_list_of_reasons_stays_short() -> None:
    error = {"availability": {"excluded_by": ["x" * 10_000] * 1000, "fallback_models": [7, None]}}
    assert len(str(refused(404, {"error": error}))) < 1000


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (401, Remedy.KEY),
        (402, Remedy.CREDIT),
        (403, Remedy.MODEL),
        (404, Remedy.MODEL),
        (429, Remedy.MODEL),
        (400, Remedy.NONE),
    ],
)
def test_a_failure_leads_to_what_may_help(status: int, remedy: Remedy) -> None:
    assert remedy_of(refused(status)) is remedy


@pytest.mark.parametrize("key", ["x", "e", "k"])
def test_a_dummy_key_leaves_the_words_alone(key: str) -> None:
    error = Failures("host.example", key).of_answer(400, {}, b'{"error": "It exceeds top_k."}')
    assert "“It exceeds top_k.”" in str(error)


def test_a_message_is_understood_before_keys_are_redacted() -> None:
    error = Failures("host.example", "min_p_min_p", ("temperature",)).of_object(
        {"message": "Unknown parameter: temperature"}, 400
    )
    assert error.words == "Unknown parameter: •••"
    assert error.unredacted == "Unknown parameter: temperature"
    assert "temperature" not in str(error)
    assert "temperature" not in repr(error)
