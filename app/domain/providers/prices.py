"""Prices of a model, and the cost of an answer by them: cache, long prompts, times of the day."""

import time
from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.events import Usage

_MILLION = Decimal(1_000_000)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Override:
    """Prices that replace the usual ones under a condition. A price that is None is not replaced.

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
        """Return whether these prices apply to a prompt of so many tokens at `when`, in seconds
        since 1970. Of length, time of day and weekday, all that are set as conditions must match.
        """
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
    """Prices in US dollars per million tokens; `request` per request. None is unknown."""

    prompt: Decimal
    completion: Decimal
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    request: Decimal | None = None
    overrides: tuple[Override, ...] = ()

    @property
    def is_free(self) -> bool:
        """Whether prompt, completion and request cost nothing at any time (no overrides)."""
        return not (self.prompt or self.completion or self.request or self.overrides)

    def at(self, prompt_tokens: int, when: float) -> "Price":
        """Return the prices that apply to a prompt of `prompt_tokens` tokens at `when`, in
        seconds since 1970, with the overrides put in; a later override wins."""
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
    """Return the estimated cost in US dollars of an answer at `when`, in seconds since 1970.

    None if the prompt or the completion was not counted.
    """
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
