"""Routing: which hosts of a model may answer, and in which order. OpenRouter's `provider` object.

It is stored with a conversation and sent only to a router. A field that is not set is not sent.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from app.domain.errors import ParameterError
from app.domain.providers.models import ModelHost
from app.domain.text.translation import _

#: Values of `sort`: the order in which a router tries the hosts.
SORTS = ("price", "throughput", "latency", "exacto")
_LISTS = ("order", "only", "ignore", "quantizations")
_SWITCHES = ("allow_fallbacks", "require_parameters", "zdr", "enforce_distillable_text")
_PRICES = ("prompt", "completion", "request", "image", "audio")


def checked_routing(routing: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the routing after checking every field.

    Raises ParameterError if a field is unknown or has a wrong value.
    """
    for name, value in routing.items():
        if not _is_right(name, value):
            raise ParameterError(
                _("“{name}” of the routing is not valid. Choose the hosts again.").format(
                    name=name[:40]
                )
            )
    return dict(routing)


def allowed(hosts: Sequence[ModelHost], routing: Mapping[str, Any]) -> list[ModelHost]:
    """Return the hosts that the routing's fields `only` and `ignore` admit.

    A tag without a variant in these fields stands for all variants of that host.
    """
    only, ignored = routing.get("only") or [], routing.get("ignore") or []
    return [
        host
        for host in hosts
        if (not only or _is_among(host, only)) and not _is_among(host, ignored)
    ]


def _is_among(host: ModelHost, tags: Sequence[str]) -> bool:
    # A tag without a variant includes all variants: "deepinfra" includes "deepinfra/fp8".
    return host.tag in tags or host.tag.partition("/")[0] in tags


def price_limit(text: str) -> str | None:
    """Return a typed price limit (US dollars per million tokens) as the decimal text to be sent.

    None if the text is empty. “$” and a decimal comma are accepted.

    Raises ParameterError unless it is a number above 0 and below 1,000,000.
    """
    text = text.strip().lstrip("$").strip()
    if not text:
        return None
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 < amount < 1_000_000:
        raise ParameterError(_("Enter a price in dollars, such as 0.50."))
    return f"{amount:f}"


def routing_words(routing: Mapping[str, Any]) -> str:
    """Return the routing as a phrase for the person; "any" if nothing is set.

    Of a list of hosts, the first two are named.
    """
    parts = []
    if only := routing.get("only"):
        parts.append(_("only {list}").format(list=_listed(only)))
    if ignored := routing.get("ignore"):
        parts.append(_("not {list}").format(list=_listed(ignored)))
    if order := routing.get("order"):
        parts.append(_("first {list}").format(list=_listed(order)))
    match routing.get("sort"):
        case "price":
            parts.append(_("lowest price first"))
        case "throughput":
            parts.append(_("highest speed first"))
        case "latency":
            parts.append(_("lowest latency first"))
        case "exacto":
            parts.append(_("best tool calling first"))
    if routing.get("require_parameters"):
        parts.append(_("supports all set parameters"))
    if routing.get("data_collection") == "deny":
        parts.append(_("no data collection"))
    if routing.get("zdr"):
        parts.append(_("zero data retention"))
    if routing.get("max_price"):
        parts.append(_("with a price limit"))
    if routing.get("allow_fallbacks") is False:
        parts.append(_("no fallbacks"))
    return ", ".join(parts) or _("any")


def _listed(names: Any) -> str:
    shown = [str(name) for name in names]
    more = _(" and {n} more").format(n=len(shown) - 2) if len(shown) > 2 else ""
    return ", ".join(shown[:2]) + more


def _is_right(name: str, value: Any) -> bool:
    if name in _LISTS:
        return isinstance(value, list) and all(isinstance(item, str) and item for item in value)
    if name in _SWITCHES:
        return isinstance(value, bool)
    match name:
        case "sort":
            return value in SORTS
        case "data_collection":
            return value in {"allow", "deny"}
        case "max_price":
            return isinstance(value, dict) and all(
                key in _PRICES and isinstance(price, str) for key, price in value.items()
            )
        case _:
            return False
