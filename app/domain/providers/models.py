"""Models as people choose them: what they are, how much they read, and what they cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.providers.prices import Override, Price
from app.domain.text.translation import _


@dataclass(frozen=True, slots=True)
class Thinking:
    """What a model's list says of its reasoning."""

    #: It can't be turned off.
    mandatory: bool = False
    default_effort: str = ""
    #: None: every effort; empty: none.
    efforts: tuple[str, ...] | None = None
    takes_budget: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """A model of one provider; what isn't known is None."""

    id: str
    name: str
    description: str = ""
    context_length: int | None = None
    price: Price | None = None
    #: None where the provider doesn't say; then the dialect alone decides.
    supported_parameters: frozenset[str] | None = None
    max_output: int | None = None
    #: Such as "text", "image", "file"; empty where the provider doesn't say.
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    #: When it was added, and when it goes, in seconds since 1970.
    created: float | None = None
    expires: float | None = None
    thinking: Thinking | None = None


@dataclass(frozen=True, slots=True)
class ModelHost:
    """One host of a model at a router; `tag` is what the router calls it in requests."""

    tag: str
    name: str
    quantization: str = ""
    context_length: int | None = None
    max_output: int | None = None
    price: Price | None = None
    supported_parameters: frozenset[str] = frozenset()
    #: The share of the last half hour in which it worked, in percent.
    uptime: float | None = None
    #: Medians of the last half hour: seconds to the first token, and tokens a second.
    latency: float | None = None
    throughput: float | None = None


DEEPSEEK_V4_PRO = Model(
    id="deepseek/deepseek-v4-pro",
    name="DeepSeek V4 Pro",
    description=_(
        "A large Mixture-of-Experts model by DeepSeek: 1.6T parameters in all, 49B activated; "
        "made for advanced reasoning and coding. Text in, text out."
    ),
    context_length=1_000_000,
    price=Price(prompt=Decimal("0.43"), completion=Decimal("0.87")),
    inputs=("text",),
    outputs=("text",),
)


def _double(starts: int, ends: int) -> Override:
    return Override(
        prompt=Decimal("1.32"),
        completion=Decimal("3.96"),
        cache_read=Decimal("0.044"),
        starts=starts * 60,
        ends=ends * 60,
        weekdays_only=True,
    )


#: The same model asked of DeepSeek itself: its price is double at two times of a working day.
DEEPSEEK_V4_PRO_DIRECT = replace(
    DEEPSEEK_V4_PRO,
    id="deepseek-v4-pro",
    max_output=384_000,
    price=Price(
        prompt=Decimal("0.66"),
        completion=Decimal("1.98"),
        cache_read=Decimal("0.022"),
        overrides=(_double(1, 4), _double(6, 10)),
    ),
)

EMBEDDED_MODEL = Model(
    id="SmolLM2-135M-Instruct",
    name="SmolLM2 135M",
    description=_(
        "A very small model that runs on this computer. It needs no key, costs nothing, and "
        "says silly things: it is here so that everything can be tried at once."
    ),
    context_length=8192,
    price=Price(prompt=Decimal(0), completion=Decimal(0)),
    inputs=("text",),
    outputs=("text",),
)

#: The models above, which the program can name before any list has been fetched.
KNOWN_MODELS = (DEEPSEEK_V4_PRO, DEEPSEEK_V4_PRO_DIRECT, EMBEDDED_MODEL)


def completed(listed: Sequence[Model], known: Sequence[Model]) -> list[Model]:
    """The models of a provider's list, with what is known besides where the list is silent.

    Most servers list ids alone.
    """
    by_id = {model.id: model for model in known}
    made = []
    for model in listed:
        other = by_id.get(model.id)
        if other is not None:
            model = replace(  # noqa: PLW2901
                model,
                name=model.name if model.name != model.id else other.name,
                description=model.description or other.description,
                context_length=model.context_length or other.context_length,
                max_output=model.max_output or other.max_output,
                price=model.price or other.price,
                inputs=model.inputs or other.inputs,
                outputs=model.outputs or other.outputs,
            )
        made.append(model)
    return made


def name_of(model_id: str) -> str:
    """What to call a model: its name where it is known, else its id without the author."""
    for model in KNOWN_MODELS:
        if model.id == model_id:
            return model.name
    return model_id.rsplit("/", 1)[-1]
