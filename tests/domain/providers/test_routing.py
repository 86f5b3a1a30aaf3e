"""The routing is what OpenRouter takes, or it is refused before anything is sent."""

from typing import Any

import pytest

from app.domain.errors import ParameterError
from app.domain.providers.routing import checked_routing, price_limit, routing_words

WHOLE: dict[str, Any] = {
    "order": ["deepseek"],
    "only": ["deepseek", "novita"],
    "ignore": ["x"],
    "sort": "price",
    "allow_fallbacks": False,
    "require_parameters": True,
    "data_collection": "deny",
    "zdr": True,
    "max_price": {"prompt": "0.5"},
}


def test_what_is_right_stays_as_it_is() -> None:
    assert checked_routing(WHOLE) == WHOLE
    assert checked_routing({}) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"unknown": 1},
        {"only": "deepseek"},
        {"only": [""]},
        {"sort": "cheap"},
        {"zdr": "yes"},
        {"data_collection": "maybe"},
        {"max_price": {"prompt": 1}},
        {"max_price": {"tokens": "1"}},
    ],
)
def test_what_is_wrong_is_refused_by_its_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError, match=next(iter(wrong))):
        checked_routing(wrong)


def test_it_is_said_in_words() -> None:
    assert routing_words({}) == "any"
    words = routing_words(WHOLE)
    for part in (
        "only deepseek, novita",
        "not x",
        "lowest price",
        "price limit",
        "no fallbacks",
    ):
        assert part in words
    assert routing_words({"only": ["a", "b", "c", "d"]}) == "only a, b and 2 more"


@pytest.mark.parametrize(
    ("typed", "limit"), [("", None), ("0.5", "0.5"), (" $2 ", "2"), ("1,25", "1.25"), ("1e1", "10")]
)
def test_a_ceiling_is_read_as_it_is_typed(typed: str, limit: str | None) -> None:
    assert price_limit(typed) == limit


@pytest.mark.parametrize("typed", ["free", "-1", "0", "NaN", "1e99", "1 2"])
def test_what_is_no_price_is_no_ceiling(typed: str) -> None:
    with pytest.raises(ParameterError):
        price_limit(typed)
