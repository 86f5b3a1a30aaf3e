"""What an answer costs: cache reads, long prompts, times of the day."""

import calendar
from decimal import Decimal

import pytest

from app.domain.events import Usage
from app.domain.providers.models import DEEPSEEK_V4_PRO_DIRECT
from app.domain.providers.prices import Override, Price, cost_of

PRICE = Price(
    prompt=Decimal(1), completion=Decimal(2), cache_read=Decimal("0.1"), cache_write=Decimal("1.25")
)
MILLION = 1_000_000


def at(day: int, hour: int, minute: int = 0) -> float:
    """A moment of November 2026, UTC; the 23rd is a Monday."""
    return float(calendar.timegm((2026, 11, day, hour, minute, 0, 0, 0, 0)))


NOON = at(23, 12)


def test_what_was_read_from_a_cache_costs_less_and_what_was_written_more() -> None:
    usage = Usage(prompt_tokens=MILLION, completion_tokens=MILLION)
    assert cost_of(PRICE, usage, NOON) == 3
    usage = Usage(
        prompt_tokens=MILLION,
        completion_tokens=0,
        cached_tokens=MILLION // 2,
        cache_write_tokens=MILLION // 4,
    )
    assert cost_of(PRICE, usage, NOON) == Decimal("0.05") + Decimal("0.3125") + Decimal("0.25")


def test_more_cached_than_there_was_is_not_believed() -> None:
    usage = Usage(prompt_tokens=100, completion_tokens=0, cached_tokens=MILLION)
    assert cost_of(PRICE, usage, NOON) == Decimal("0.1") * 100 / MILLION


def test_without_a_price_for_the_cache_it_costs_as_the_prompt() -> None:
    usage = Usage(prompt_tokens=MILLION, completion_tokens=0, cached_tokens=MILLION)
    assert cost_of(Price(prompt=Decimal(1), completion=Decimal(2)), usage, NOON) == 1


def test_a_request_may_have_its_own_price() -> None:
    usage = Usage(prompt_tokens=0, completion_tokens=0)
    assert cost_of(
        Price(prompt=Decimal(1), completion=Decimal(1), request=Decimal("0.5")), usage, NOON
    ) == Decimal("0.5")


def test_what_was_not_counted_has_no_cost() -> None:
    assert cost_of(PRICE, Usage(completion_tokens=4), NOON) is None


@pytest.mark.parametrize(
    ("when", "price"),
    [
        (at(23, 1), Decimal("1.32")),
        (at(23, 3, 59), Decimal("1.32")),
        (at(23, 4), Decimal("0.66")),
        (at(23, 6), Decimal("1.32")),
        (at(23, 10), Decimal("0.66")),
        (at(28, 7), Decimal("0.66")),  # a Saturday
        (at(22, 7), Decimal("0.66")),  # a Sunday
    ],
)
def test_deepseek_costs_double_at_two_times_of_a_working_day(when: float, price: Decimal) -> None:
    listed = DEEPSEEK_V4_PRO_DIRECT.price
    assert listed is not None
    assert cost_of(listed, Usage(prompt_tokens=MILLION, completion_tokens=0), when) == price


def test_a_span_may_reach_over_midnight_and_a_later_override_wins() -> None:
    night = Override(prompt=Decimal(5), starts=22 * 60, ends=2 * 60)
    long = Override(prompt=Decimal(7), min_prompt_tokens=1000)
    price = Price(prompt=Decimal(1), completion=Decimal(1), overrides=(night, long))
    assert price.at(10, at(23, 23)).prompt == 5
    assert price.at(10, at(23, 1, 59)).prompt == 5
    assert price.at(10, at(23, 2)).prompt == 1
    assert price.at(1000, at(23, 23)).prompt == 7
    assert price.at(1000, NOON).completion == 1
