"""Words of the composer's meter: an estimate of the tokens of the next request and their cost."""

import time
from collections.abc import Callable
from decimal import Decimal

from app.domain.providers.prices import Price
from app.domain.text import figures
from app.domain.text.translation import _

#: Least share of the context window, and least cost in US dollars, of a request whose figures are
#: shown without being asked for.
NOTABLE_SHARE = 0.01
NOTABLE_COST = Decimal("0.01")


def meter_words(used: int, window: int | None, price: Price | None) -> str:
    """Return the estimate in short, such as "12.4k of 1M · ≈ $0.005", from the tokens `used` by the
    next request, the model's context length and its prices; empty for an empty request."""
    if not used:
        return ""
    if window:
        words = _("{used} of {window}").format(
            used=figures.token_count(used), window=figures.window(window)
        )
    else:
        words = figures.exact_tokens(used)
    cost = cost_of_question(used, price)
    return f"{words} · {figures.cost(cost, estimated=True)}" if cost else words


def meter_tip(used: int, window: int | None, price: Price | None) -> str:
    """Return the estimate with its explanation; empty for an empty request."""
    if not used:
        return ""
    tip = _("Estimated tokens of the next request")
    if window:
        tip = _("Estimated tokens of the next request, of the model's context window")
    if cost_of_question(used, price):
        tip = _("{tip}, and their price without the answer").format(tip=tip)
    return f"{meter_words(used, window, price)}\n{tip}"


def meter_of(window: int | None, price: Price | None) -> Callable[[int], tuple[str, str, bool]]:
    """Return the function that gives the meter for the tokens of a request to a model with this
    context length and these prices: its words, its tooltip, and whether the figures are worth
    showing to somebody who has not asked for them."""

    def meter(used: int) -> tuple[str, str, bool]:
        cost = cost_of_question(used, price) or 0
        notable = used >= NOTABLE_SHARE * (window or 0) or cost >= NOTABLE_COST
        return meter_words(used, window, price), meter_tip(used, window, price), notable

    return meter


def cost_of_question(tokens: int, price: Price | None) -> Decimal | None:
    """Return the estimated price in US dollars of a request of so many tokens, without the answer
    and without a cache; None if the prices are not known."""
    if price is None:
        return None
    holds = price.at(tokens, time.time())
    return holds.prompt * tokens / 1_000_000 + (holds.request or 0)
