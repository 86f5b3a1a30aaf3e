"""Words for the facts of models and hosts: context length, prices, inputs, dates."""

import time
from decimal import Decimal

from app.domain.parameters.table import BY_NAME
from app.domain.providers.models import Model, ModelHost
from app.domain.providers.prices import Price
from app.domain.text.translation import _


def window_words(tokens: int | None) -> str:
    """Return a number of tokens in short: "1M", "128k"; empty if unknown."""
    if not tokens:
        return ""
    if tokens >= 1_000_000:
        return f"{tokens / 1_000_000:.3g}M"
    return f"{tokens / 1000:.0f}k" if tokens >= 1000 else str(tokens)


def dollars(amount: Decimal) -> str:
    """Return a price in US dollars, such as "$1.50" or "$0.0021": two to six decimals, or "$0"."""
    if not amount:
        return "$0"
    digits = 2 if amount >= 1 else 3 if amount >= Decimal("0.01") else 6
    text = f"{amount:.{digits}f}"
    if "." in text:
        whole, _point, rest = text.partition(".")
        text = f"{whole}.{rest.rstrip('0').ljust(2, '0')}"
    return f"${text}"


def price_words(price: Price | None) -> str:
    """Return the prices per million tokens, such as "$0.43 in, $0.87 out", or "free"; empty if
    unknown."""
    if price is None:
        return ""
    if price.is_free:
        return _("free")
    return _("{prompt} in, {completion} out").format(
        prompt=dollars(price.prompt), completion=dollars(price.completion)
    )


def day_words(moment: float | None) -> str:
    """Return the day of a time in seconds since 1970: "2026-08-12"; empty for None."""
    return "" if moment is None else time.strftime("%Y-%m-%d", time.gmtime(moment))


def line_of(model: Model) -> str:
    """Return the line under a model's name in the list: context length, prices, inputs besides
    text, and the day it was added, as far as known."""
    reads = [kind for kind in model.inputs if kind != "text"]
    facts = [
        window_words(model.context_length),
        price_words(model.price),
        _("reads {kinds}").format(kinds=", ".join(reads)) if reads else "",
        day_words(model.created),
    ]
    return " · ".join(fact for fact in facts if fact)


def facts_of(model: Model) -> list[tuple[str, str]]:
    """Return all known facts of a model as (label, value)."""
    facts = [(_("Id"), model.id)]
    if model.context_length:
        facts.append((_("Window"), _("{n} tokens").format(n=f"{model.context_length:,}")))
    if model.max_output:
        facts.append((_("Longest answer"), _("{n} tokens").format(n=f"{model.max_output:,}")))
    facts += _price_facts(model.price)
    if model.inputs:
        facts.append((_("Reads"), ", ".join(model.inputs)))
    if model.outputs:
        facts.append((_("Writes"), ", ".join(model.outputs)))
    if model.thinking is not None:
        facts.append((_("Thinking"), _thinking_words(model)))
    if model.created:
        facts.append((_("Added"), day_words(model.created)))
    if model.expires:
        facts.append((_("Goes"), day_words(model.expires)))
    if model.supported_parameters is not None:
        facts.append((_("Takes"), taken_words(model.supported_parameters)))
    return facts


def taken_words(names: frozenset[str]) -> str:
    """Return the labels of parameters, separated by commas, in the order of the panel; after them
    the parameters that the program doesn't have, by their own names."""
    known = [parameter.label for name, parameter in BY_NAME.items() if name in names]
    others = sorted(names - BY_NAME.keys())
    return ", ".join([*known, *others])


def endpoint_line(host: ModelHost) -> str:
    """Return the line about a host in the routing dialog: prices, context length, quantization,
    uptime, latency and speed, as far as known."""
    facts = [
        price_words(host.price),
        window_words(host.context_length),
        host.quantization,
        "" if host.uptime is None else _("{n} % up").format(n=f"{host.uptime:.1f}"),
        "" if host.latency is None else _("{n} s to begin").format(n=f"{host.latency:.1f}"),
        "" if host.throughput is None else _("{n} tok/s").format(n=f"{host.throughput:.0f}"),
    ]
    return " · ".join(fact for fact in facts if fact and fact != "unknown")


def _price_facts(price: Price | None) -> list[tuple[str, str]]:
    if price is None:
        return []
    facts = [(_("Price per million"), price_words(price))]
    if price.cache_read is not None:
        facts.append((_("Read from cache"), dollars(price.cache_read)))
    if price.cache_write:
        facts.append((_("Written to cache"), dollars(price.cache_write)))
    if price.request:
        facts.append((_("Each request"), f"${price.request.normalize():f}"))
    if price.overrides:
        facts.append((_("Other prices"), _("at some times, or for long prompts")))
    return facts


def _thinking_words(model: Model) -> str:
    thinking = model.thinking
    if thinking is None:
        return ""
    words = [_("always") if thinking.mandatory else _("can be turned off")]
    if thinking.efforts:
        words.append(_("effort: {list}").format(list=", ".join(thinking.efforts)))
    if thinking.default_effort:
        words.append(_("usually {effort}").format(effort=thinking.default_effort))
    if thinking.takes_budget:
        words.append(_("takes a budget"))
    return ", ".join(words)
