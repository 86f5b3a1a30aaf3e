"""What a key may spend, from answers that make sense and from others."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.domain.providers.key_limits import KeyFacts, read_key_facts
from app.domain.text.figures import credit

KEY = "sk-or-v1-0123456789abcdef"


def test_an_answer_is_read() -> None:
    data = {
        "label": "Loquat",
        "limit": 10,
        "limit_remaining": 4.2,
        "usage": "5.80",
        "is_free_tier": False,
        "expires_at": "2027-01-31T23:30:00-02:00",
        "rate_limit": {"requests": -1},
    }
    assert read_key_facts({"data": data}) == KeyFacts(
        label="Loquat",
        limit=Decimal(10),
        remaining=Decimal("4.2"),
        usage=Decimal("5.80"),
        free_tier=False,
        expires=datetime(2027, 2, 1, 1, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            KeyFacts("Loquat", limit=Decimal(10), remaining=Decimal("4.2")),
            "Key “Loquat”: $4.20 of $10 left.",
        ),
        (KeyFacts("a", limit=Decimal(1), remaining=Decimal("-0.3")), "Key “a”: $0 of $1 left."),
        (KeyFacts(remaining=Decimal("1234.5")), "Key: $1,234.50 left."),
        (KeyFacts(limit=Decimal(5)), "Key: at most $5."),
        (KeyFacts("a", usage=Decimal("0.5")), "Key “a”: $0.50 used so far, no limit set."),
        (KeyFacts("a", expires=datetime(2027, 1, 31, tzinfo=UTC)), "Key “a”. It expires on 2027"),
        (KeyFacts(free_tier=True), "The account has no credit yet"),
        (KeyFacts(), ""),
    ],
)
def test_what_is_known_becomes_a_sentence(facts: KeyFacts, words: str) -> None:
    assert facts.sentence().startswith(words)
    assert bool(words) == bool(facts.sentence())


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "$0"),
        ("0.001", "less than $0.01"),
        ("4.999", "$4.99"),
        ("1000000000", "$1,000,000,000"),
    ],
)
def test_credit_promises_no_more_than_there_is(amount: str, words: str) -> None:
    assert credit(Decimal(amount)) == words


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "text",
        [],
        {},
        {"data": None},
        {"data": [1]},
        {"data": {"label": 7, "limit": True, "usage": {}, "is_free_tier": "yes", "expires_at": 1}},
    ],
)
def test_what_makes_no_sense_is_nothing(value: Any) -> None:
    assert read_key_facts(value) == KeyFacts()


@pytest.mark.parametrize(
    "amount",
    [
        float("nan"),
        float("inf"),
        1e300,
        10**400,
        -1,
        "NaN",
        "Infinity",
        "1e999999",
        "9" * 100_000,
        "",
        "٣",
        True,
        [5],
    ],
)
def test_what_is_no_amount_is_not_known(amount: Any) -> None:
    assert read_key_facts({"limit": amount}).limit is None
    assert read_key_facts({"usage": amount}).usage is None


@pytest.mark.parametrize("amount", [float("-inf"), -1e300, "-1e9", -(10**400)])
def test_a_remainder_may_be_negative_and_nothing_else(amount: Any) -> None:
    assert read_key_facts({"limit_remaining": amount}).remaining is None
    assert read_key_facts({"limit_remaining": -2}).remaining == -2


@pytest.mark.parametrize(
    "moment", ["", "soon", "0001-01-01T00:00:00+14:00", "2027-13-01", "2027-01-01" * 1000, None]
)
def test_what_is_no_moment_is_not_known(moment: Any) -> None:
    assert read_key_facts({"expires_at": moment}).expires is None


def test_a_label_is_one_short_line() -> None:
    label = read_key_facts(
        {"label": "<b>two\nlines</b>\x1b[0m\u202e\ud83d\x00" + "x" * 10**6}
    ).label
    assert label.startswith("<b>two lines</b> [0m")
    assert label.isprintable()
    assert len(label) <= 40
    label.encode()


def test_a_label_does_not_repeat_the_key() -> None:
    facts = read_key_facts({"label": f"mine: {KEY}"}, KEY)
    assert KEY not in repr(facts) + facts.sentence()
    assert facts.label == "mine: •••"
