"""What an answer costs by a price list: cache reads, long prompts and times of the day included."""

import time
from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.events import Usage

_MILLION = Decimal(1_000_000)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Override:
    """Prices that hold under a condition, in the place of those that they name.

    `starts` and `ends` are minutes after midnight UTC, the end not included; a span may reach
    over midnight.
    """

    prompt: Decimal | None = None
    completion: Decimal | None = None
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    min_prompt_tokens: int | None = None
    starts: int | None = None
    ends: int | None = None
    weekdays_only: bool = False

    def holds(self, prompt_tokens: int, when: float) -> bool:
        """Whether it holds for a prompt so long at a moment, in seconds since 1970."""
        if self.min_prompt_tokens is not None and prompt_tokens < self.min_prompt_tokens:
            return False
        moment = time.gmtime(when)
        if self.weekdays_only and moment.tm_wday >= _SATURDAY:
            return False
        if self.starts is None or self.ends is None:
            return True
        minute = moment.tm_hour * 60 + moment.tm_min
        if self.starts <= self.ends:
            return self.starts <= minute < self.ends
        return minute >= self.starts or minute < self.ends


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens; `request` for each request. What isn't said is None."""

    prompt: Decimal
    completion: Decimal
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    request: Decimal | None = None
    overrides: tuple[Override, ...] = ()

    @property
    def is_free(self) -> bool:
        """Whether it costs nothing at all."""
        return not (self.prompt or self.completion or self.request or self.overrides)

    def at(self, prompt_tokens: int, when: float) -> "Price":
        """The prices that hold for a prompt so long at a moment; a later override wins."""
        price = self
        for override in self.overrides:
            if override.holds(prompt_tokens, when):
                price = replace(
                    price,
                    prompt=price.prompt if override.prompt is None else override.prompt,
                    completion=(
                        price.completion if override.completion is None else override.completion
                    ),
                    cache_read=(
                        price.cache_read if override.cache_read is None else override.cache_read
                    ),
                    cache_write=(
                        price.cache_write if override.cache_write is None else override.cache_write
                    ),
                )
        return price


def cost_of(price: Price, usage: Usage, when: float) -> Decimal | None:
    """US dollars for what was counted at a moment, as an estimate; None where it wasn't counted."""
    prompt, completion = usage.prompt_tokens, usage.completion_tokens
    if prompt is None or completion is None:
        return None
    holds = price.at(prompt, when)
    cached = min(usage.cached_tokens or 0, prompt)
    written = min(usage.cache_write_tokens or 0, prompt - cached)
    read_price = holds.prompt if holds.cache_read is None else holds.cache_read
    write_price = holds.prompt if holds.cache_write is None else holds.cache_write
    tokens = (
        holds.prompt * (prompt - cached - written)
        + read_price * cached
        + write_price * written
        + holds.completion * completion
    )
    return tokens / _MILLION + (holds.request or 0)
