"""Asks the provider afterwards (OpenRouter: GET /generation) for the cost of an answer that ended
without a usage chunk, as a stopped answer does."""

from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote

from app.api.dialects.table import DIALECTS
from app.api.http.client import Client
from app.api.http.transport import JsonRequest
from app.domain.events import Served, Usage
from app.domain.providers.providers import ProviderKind
from app.domain.text.surrogates import mend

MOST_TOKENS = 2**53
MOST_DOLLARS = 1_000_000


def can_be_asked(kind: ProviderKind) -> bool:
    """Return whether providers of this kind tell the cost of an answer afterwards."""
    return DIALECTS[kind].generation_path is not None


async def counted(
    client: Client, base_url: str, key: str | None, kind: ProviderKind, generation: str
) -> tuple[Usage, Served] | None:
    """Return the usage with the cost of an answer, and who served it; None if not known (yet).

    `generation` is the provider's id of the answer. Raises ProviderError.
    """
    path = DIALECTS[kind].generation_path
    if path is None:
        return None
    url = f"{base_url.rstrip('/')}{path}?id={quote(generation, safe='')}"
    return read(await client.fetch(JsonRequest(url, key, kind)))


def read(value: Any) -> tuple[Usage, Served] | None:
    """Parse the answer of GET /generation into the usage with the cost, and the host that served.

    None if the answer has no cost.
    """
    data = value.get("data") if isinstance(value, dict) else None
    if not isinstance(data, dict):
        return None
    cost = _dollars(data.get("total_cost"))
    if cost is None:
        return None
    usage = Usage(
        prompt_tokens=_count(data, "native_tokens_prompt", "tokens_prompt"),
        completion_tokens=_count(data, "native_tokens_completion", "tokens_completion"),
        reasoning_tokens=_count(data, "native_tokens_reasoning"),
        cached_tokens=_count(data, "native_tokens_cached"),
        cost=cost,
    )
    name = data.get("provider_name")
    return usage, Served(provider=mend(name)[:200] if isinstance(name, str) else "")


def _count(data: dict[str, Any], *names: str) -> int | None:
    for name in names:
        value = data.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TOKENS:
            return value
    return None


def _dollars(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value)[:40])
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < MOST_DOLLARS else None
