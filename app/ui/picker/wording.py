"""Words for the facts of models and hosts: context length, prices, inputs, dates."""

import time
from collections.abc import Mapping
from typing import Any

from app.domain.parameters.table import BY_NAME
from app.domain.providers.models import Model, ModelHost
from app.domain.providers.prices import Price
from app.domain.providers.routing import routing_words
from app.domain.text import figures
from app.domain.text.translation import _


def price_words(price: Price | None) -> str:
    """Return the prices of input and output for a row of a list, such as "$0.43 / $0.87", or
    "free"; empty if unknown. They are per million tokens, which stands beside the list."""
    if price is None:
        return ""
    return _("free") if price.is_free else figures.price_pair(price.prompt, price.completion)


def full_price_words(price: Price | None) -> str:
    """Return the prices of input and output with their unit: "$0.43 / $0.87 per million tokens", or
    "free"; empty if unknown."""
    words = price_words(price)
    if price is None or price.is_free:
        return words
    return _("{prices} per million tokens").format(prices=words)


def day_words(moment: float | None) -> str:
    """Return the day of a time in seconds since 1970: "2026-08-12"; empty for None."""
    return "" if moment is None else time.strftime("%Y-%m-%d", time.gmtime(moment))


def line_of(model: Model, provider: str = "") -> str:
    """Return the line under a model's name in the list: context window, prices, inputs besides
    text, as far as known. `provider` is named at its end."""
    reads = [kind for kind in model.inputs if kind != "text"]
    facts = [
        figures.window(model.context_length),
        price_words(model.price),
        ", ".join(reads),
        provider,
    ]
    return " · ".join(fact for fact in facts if fact)


def facts_of(model: Model, routing: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """Return all known facts of a model as (label, value). `routing` is that of the conversation,
    where the provider is a router."""
    facts = [(_("Id"), model.id)] if model.id else []
    if model.context_length:
        facts.append((_("Context"), figures.exact_tokens(model.context_length)))
    if model.max_output:
        facts.append((_("Max output"), figures.exact_tokens(model.max_output)))
    facts += _price_facts(model.price)
    if routing is not None:
        facts.append((_("Host"), routing_words(routing)))
    if model.inputs:
        facts.append((_("Input"), ", ".join(model.inputs)))
    if model.outputs:
        facts.append((_("Output"), ", ".join(model.outputs)))
    if model.thinking is not None:
        facts.append((_("Reasoning"), _thinking_words(model)))
    if model.created:
        facts.append((_("Added"), day_words(model.created)))
    if model.expires:
        facts.append((_("Available until"), day_words(model.expires)))
    if model.supported_parameters is not None:
        facts.append((_("Parameters"), parameter_words(model.supported_parameters)))
    return facts


def parameter_words(names: frozenset[str]) -> str:
    """Return the labels of parameters, separated by commas, in the order of the panel; after them
    the parameters that the program doesn't have, by their own names."""
    known = [parameter.label for name, parameter in BY_NAME.items() if name in names]
    others = sorted(names - BY_NAME.keys())
    return ", ".join([*known, *others]) or _("none listed")


def endpoint_line(host: ModelHost) -> str:
    """Return the line about a host in the routing dialog: prices, context length, quantization,
    uptime, latency and speed, as far as known."""
    facts = [
        price_words(host.price),
        figures.window(host.context_length),
        host.quantization,
        "" if host.uptime is None else _("{n} % uptime").format(n=f"{host.uptime:.1f}"),
        ""
        if host.latency is None
        else _("{time} to first token").format(time=figures.duration(host.latency)),
        "" if host.throughput is None else figures.speed(host.throughput),
    ]
    return " · ".join(fact for fact in facts if fact and fact != "unknown")


def _price_facts(price: Price | None) -> list[tuple[str, str]]:
    if price is None:
        return []
    facts = [(_("Price"), full_price_words(price))]
    if price.cache_read is not None:
        facts.append((_("Cached input"), figures.dollars(price.cache_read, figures=3)))
    if price.cache_write:
        facts.append((_("Cache write"), figures.dollars(price.cache_write, figures=3)))
    if price.request:
        facts.append((_("Per request"), figures.dollars(price.request)))
    if price.overrides:
        facts.append((_("Other prices"), _("at some times, or for long prompts")))
    return facts


def _thinking_words(model: Model) -> str:
    thinking = model.thinking
    if thinking is None:
        return ""
    words = [_("always on") if thinking.mandatory else _("can be turned off")]
    if thinking.efforts:
        words.append(_("effort: {list}").format(list=", ".join(thinking.efforts)))
    if thinking.default_effort:
        words.append(_("default: {effort}").format(effort=thinking.default_effort))
    if thinking.takes_budget:
        words.append(_("budget in tokens"))
    return ", ".join(words)
