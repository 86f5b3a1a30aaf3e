"""Models and their hosts, and the models that are known before a list has been fetched."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.providers.prices import Override, Price
from app.domain.text.translation import _


@dataclass(frozen=True, slots=True)
class Thinking:
    """A model's reasoning, as its provider's list describes it."""

    #: Whether reasoning can't be turned off.
    mandatory: bool = False
    #: Empty if unknown.
    default_effort: str = ""
    #: The efforts that may be requested; None for all, empty for none.
    efforts: tuple[str, ...] | None = None
    #: Whether a budget in tokens may be requested.
    takes_budget: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """A model of one provider. None and empty are unknown."""

    id: str
    name: str
    description: str = ""
    #: Largest prompt and answer together, in tokens.
    context_length: int | None = None
    price: Price | None = None
    #: None if the provider doesn't list them; then the dialect alone decides.
    supported_parameters: frozenset[str] | None = None
    #: Longest answer in tokens.
    max_output: int | None = None
    #: Kinds of content: "text", "image", "file".
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    #: When the provider added the model, and when it will remove it, in seconds since 1970.
    created: float | None = None
    expires: float | None = None
    thinking: Thinking | None = None


@dataclass(frozen=True, slots=True)
class ModelHost:
    """A company's server that runs a model for a router. `tag` names it in a request's routing."""

    tag: str
    name: str
    quantization: str = ""
    context_length: int | None = None
    max_output: int | None = None
    price: Price | None = None
    supported_parameters: frozenset[str] = frozenset()
    #: Percent of the last half hour in which it answered, 0 to 100.
    uptime: float | None = None
    #: Median of the last half hour, in seconds to the first token.
    latency: float | None = None
    #: Median of the last half hour, in tokens a second.
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


#: The same model at DeepSeek itself, whose price doubles at two times of a working day.
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
        "A small model that runs on this computer: free, private, and works offline. It is for "
        "trying things out; its answers are simple and often wrong."
    ),
    context_length=8192,
    price=Price(prompt=Decimal(0), completion=Decimal(0)),
    inputs=("text",),
    outputs=("text",),
)

#: The models above, which the program can name before any list has been fetched.
KNOWN_MODELS = (DEEPSEEK_V4_PRO, DEEPSEEK_V4_PRO_DIRECT, EMBEDDED_MODEL)


def completed(listed: Sequence[Model], known: Sequence[Model]) -> list[Model]:
    """Return the listed models, completed with facts of known models that have the same id.

    Most servers list only ids.
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
    """Return a model's name if it is among the known models, else its id without the author."""
    for model in KNOWN_MODELS:
        if model.id == model_id:
            return model.name
    return model_id.rsplit("/", 1)[-1]
