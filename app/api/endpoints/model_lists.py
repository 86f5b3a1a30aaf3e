"""Parses lists of models and of a model's hosts. Fields with wrong values are left out."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from app.domain.providers.models import Model, ModelHost, Thinking
from app.domain.providers.prices import Override, Price
from app.domain.text.surrogates import mend

#: Models taken from one list; the longest list today has about a thousand.
MOST_MODELS = 20_000
#: Items taken from each list inside a model.
MOST_PARTS = 200
#: Longest texts in characters.
LONGEST_ID = 300
LONGEST_TEXT = 5_000
_MILLION = Decimal(1_000_000)
#: Highest price of one token in US dollars; a higher one is taken for an error.
_DEAREST = 1


def models_of(value: Any) -> list[Model] | None:
    """Return the models of a provider's list; None if the JSON value is no list of models."""
    if isinstance(value, dict):
        named = [value[name] for name in ("data", "models") if name in value]
        # Ollama writes null for a list without models.
        value = [] if named == [None] else next(iter(named), None)
    if not isinstance(value, list):
        return None
    models: dict[str, Model] = {}
    for entry in value[:MOST_MODELS]:
        model = _model({"id": entry} if isinstance(entry, str) else entry)
        if model is not None:
            models.setdefault(model.id, model)
    return list(models.values())


def endpoints_of(value: Any) -> list[ModelHost] | None:
    """Return a model's hosts from OpenRouter's answer to GET /models/…/endpoints.

    None if the JSON value has no list of endpoints. At most MOST_PARTS are taken.
    """
    data = value.get("data") if isinstance(value, dict) else None
    listed = data.get("endpoints") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        return None
    found = (_endpoint(entry) for entry in listed[:MOST_PARTS])
    return [entry for entry in found if entry is not None]


def context_of_props(value: Any) -> int | None:
    """Return the context length that llama.cpp runs with, in tokens, from its GET /props.

    It may be shorter than the model's own. None if unknown.
    """
    settings = value.get("default_generation_settings") if isinstance(value, dict) else None
    return _count(settings, "n_ctx") if isinstance(settings, dict) else None


def _model(entry: Any) -> Model | None:
    if not isinstance(entry, dict):
        return None
    id_ = _text(entry, "id", LONGEST_ID) or _text(entry, "key", LONGEST_ID)
    if not id_:
        return None
    architecture, top = _object(entry, "architecture"), _object(entry, "top_provider")
    meta = _object(entry, "meta")
    supported = entry.get("supported_parameters")
    return Model(
        id=id_,
        name=_text(entry, "name", 200) or _text(entry, "display_name", 200) or id_,
        description=_text(entry, "description", LONGEST_TEXT),
        context_length=_count(entry, "context_length", "max_model_len", "max_context_length")
        or _count(meta, "n_ctx", "n_ctx_train"),
        price=_price(_object(entry, "pricing")),
        supported_parameters=(
            frozenset(_texts(supported)) if isinstance(supported, list) and supported else None
        ),
        max_output=_count(top, "max_completion_tokens"),
        inputs=tuple(_texts(architecture.get("input_modalities"))),
        outputs=tuple(_texts(architecture.get("output_modalities"))),
        created=_number(entry, "created"),
        expires=_date(entry.get("expiration_date")),
        thinking=_thinking(entry.get("reasoning")),
    )


def _endpoint(entry: Any) -> ModelHost | None:
    if not isinstance(entry, dict):
        return None
    tag = _text(entry, "tag", LONGEST_ID) or _text(entry, "provider_name", LONGEST_ID)
    if not tag:
        return None
    latency = _median(entry.get("latency_last_30m"))
    return ModelHost(
        tag=tag,
        name=_text(entry, "provider_name", 200) or tag,
        quantization=_text(entry, "quantization", 40),
        context_length=_count(entry, "context_length"),
        max_output=_count(entry, "max_completion_tokens"),
        price=_price(_object(entry, "pricing")),
        supported_parameters=frozenset(_texts(entry.get("supported_parameters"))),
        uptime=_number(entry, "uptime_last_30m", "uptime_last_1d"),
        # OpenRouter gives milliseconds.
        latency=None if latency is None else latency / 1000,
        throughput=_median(entry.get("throughput_last_30m")),
    )


def _price(pricing: dict[str, Any]) -> Price | None:
    prompt, completion = _dollars(pricing, "prompt"), _dollars(pricing, "completion")
    if prompt is None or completion is None:
        return None
    request = _dollars(pricing, "request")
    overrides = pricing.get("overrides")
    return Price(
        prompt=prompt,
        completion=completion,
        cache_read=_dollars(pricing, "input_cache_read"),
        cache_write=_dollars(pricing, "input_cache_write"),
        request=None if not request else request / _MILLION,
        overrides=tuple(_overrides(overrides if isinstance(overrides, list) else [])),
    )


def _overrides(listed: list[Any]) -> Iterator[Override]:
    for entry in listed[:MOST_PARTS]:
        if isinstance(entry, dict) and _has_readable_times(entry):
            yield Override(
                prompt=_dollars(entry, "prompt"),
                completion=_dollars(entry, "completion"),
                cache_read=_dollars(entry, "input_cache_read"),
                cache_write=_dollars(entry, "input_cache_write"),
                min_prompt_tokens=_count(entry, "min_prompt_tokens"),
                starts=_minute(entry, "utc_start"),
                ends=_minute(entry, "utc_end"),
            )


def _has_readable_times(entry: dict[str, Any]) -> bool:
    # An override with an unreadable time would otherwise apply at all times.
    return all(
        _minute(entry, name) is not None for name in ("utc_start", "utc_end") if name in entry
    )


def _thinking(said: Any) -> Thinking | None:
    if not isinstance(said, dict):
        return None
    # null means every effort; without the field no effort can be requested.
    efforts: tuple[str, ...] | None = ()
    if "supported_efforts" in said:
        listed = said["supported_efforts"]
        efforts = None if listed is None else tuple(_texts(listed))
    return Thinking(
        mandatory=said.get("mandatory") is True,
        default_effort=_text(said, "default_effort", 40),
        efforts=efforts,
        takes_budget=said.get("supports_max_tokens") is True,
    )


def _object(entry: dict[str, Any], name: str) -> dict[str, Any]:
    value = entry.get(name)
    return value if isinstance(value, dict) else {}


def _text(entry: dict[str, Any], name: str, most: int) -> str:
    value = entry.get(name)
    return mend(value)[:most] if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list):
        return []
    return [mend(text)[:LONGEST_ID] for text in value[:MOST_PARTS] if isinstance(text, str)]


def _number(entry: dict[str, Any], *names: str) -> float | None:
    for name in names:
        value = entry.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            number = float(value) if abs(value) < 1e15 else math.nan
            if math.isfinite(number) and number >= 0:
                return number
    return None


def _count(entry: dict[str, Any], *names: str) -> int | None:
    number = _number(entry, *names)
    return int(number) if number else None


def _median(value: Any) -> float | None:
    """Return a median given as a number or as the field p50."""
    return _number({"p50": value} if not isinstance(value, dict) else value, "p50")


def _minute(entry: dict[str, Any], name: str) -> int | None:
    """Return the minutes after midnight of a time written as 630 for half past six."""
    value = _number(entry, name)
    if value is None or value > 2400 or int(value) % 100 >= 60:
        return None
    return int(value) // 100 * 60 + int(value) % 100


def _dollars(pricing: dict[str, Any], name: str) -> Decimal | None:
    """Return US dollars per million tokens from a price per token; None for −1 (unknown)."""
    value = pricing.get(name)
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value)[:40])
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount <= _DEAREST:
        return None
    return (amount * _MILLION).normalize() + 0


def _date(value: Any) -> float | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value[:40])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
