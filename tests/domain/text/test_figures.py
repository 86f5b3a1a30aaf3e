"""Figures are shown alike everywhere."""

from decimal import Decimal

import pytest

from app.domain.text import figures


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "$0"),
        ("0.002130", "$0.0021"),
        ("0.0000043", "$0.0000043"),
        ("0.00999", "$0.01"),
        ("0.0123", "$0.012"),
        ("0.0200", "$0.02"),
        ("0.43", "$0.43"),
        ("0.5", "$0.50"),
        ("0.995", "$1.00"),
        ("1.5", "$1.50"),
        ("12.345", "$12.35"),
        ("1234.5", "$1,234.50"),
        ("-0.0021", "-$0.0021"),
    ],
)
def test_money_has_two_decimals_or_two_significant_figures(amount: str, shown: str) -> None:
    assert figures.dollars(Decimal(amount)) == shown


def test_an_estimated_cost_is_marked() -> None:
    assert figures.cost(Decimal("0.005"), estimated=True) == "≈ $0.005"
    assert figures.cost(Decimal("0.005"), estimated=False) == "$0.005"
    assert figures.cost(Decimal(0), estimated=True) == "$0"


def test_a_tiny_cost_has_no_row_of_zeros() -> None:
    assert figures.cost(Decimal("0.0000047"), estimated=True) == "< $0.0001"
    assert figures.cost(Decimal("0.0000999"), estimated=False) == "< $0.0001"
    assert figures.cost(Decimal("0.0001"), estimated=False) == "$0.0001"


def test_prices_keep_three_significant_figures() -> None:
    assert figures.price_pair(Decimal("0.43"), Decimal("0.87")) == "$0.43 / $0.87"
    assert figures.price_pair(Decimal("0.125"), Decimal(10)) == "$0.125 / $10.00"


@pytest.mark.parametrize(
    ("tokens", "shown"),
    [
        (None, ""),
        (0, ""),
        (512, "512"),
        (2048, "2K"),
        (8000, "8K"),
        (8192, "8K"),
        (40_960, "40K"),
        (128_000, "128K"),
        (131_072, "128K"),
        (163_840, "160K"),
        (200_000, "200K"),
        (262_144, "256K"),
        (1_000_000, "1M"),
        (1_048_576, "1M"),
        (1_050_000, "1.05M"),
        (2_000_000, "2M"),
        (10_000_000, "10M"),
        (32_767, "32.8K"),
    ],
)
def test_windows_have_their_usual_names(tokens: int | None, shown: str) -> None:
    assert figures.window(tokens) == shown


@pytest.mark.parametrize(
    ("tokens", "shown"),
    [(0, "0"), (950, "950"), (1000, "1k"), (12_449, "12.4k"), (999_499, "999k"), (999_500, "1M")],
)
def test_token_counts_are_short(tokens: int, shown: str) -> None:
    assert figures.token_count(tokens) == shown


def test_exact_tokens_have_all_digits() -> None:
    assert figures.exact_tokens(131_072) == "131,072 tokens"
    assert figures.exact_tokens(1) == "1 token"


@pytest.mark.parametrize(
    ("speed", "shown"), [(41.4, "41 tok/s"), (4.21, "4.2 tok/s"), (9.96, "10 tok/s")]
)
def test_speeds_are_in_tokens_per_second(speed: float, shown: str) -> None:
    assert figures.speed(speed) == shown


@pytest.mark.parametrize(
    ("seconds", "shown", "whole"),
    [
        (0.04, "0.0 s", "1 s"),
        (0.42, "0.4 s", "1 s"),
        (8.24, "8.2 s", "8 s"),
        (9.97, "10 s", "10 s"),
        (59.6, "1 min", "1 min"),
        (65, "1 min 5 s", "1 min 5 s"),
        (3600, "1 h", "1 h"),
        (7400, "2 h 3 min", "2 h 3 min"),
    ],
)
def test_durations_are_in_the_largest_units_that_fit(
    seconds: float, shown: str, whole: str
) -> None:
    assert figures.duration(seconds) == shown
    assert figures.whole_duration(seconds) == whole
