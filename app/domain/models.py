"""Models as people choose them: what they are, how much they read, and what they cost."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.texts import _


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    prompt: Decimal
    completion: Decimal


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


DEEPSEEK_V4_PRO = Model(
    id="deepseek/deepseek-v4-pro",
    name="DeepSeek V4 Pro",
    description=_(
        "A large Mixture-of-Experts model by DeepSeek: 1.6T parameters in all, 49B activated; "
        "made for advanced reasoning and coding. Text in, text out."
    ),
    context_length=1_000_000,
    price=Price(prompt=Decimal("0.43"), completion=Decimal("0.87")),
)

EMBEDDED_MODEL = Model(
    id="SmolLM2-135M-Instruct",
    name="SmolLM2 135M",
    description=_(
        "A very small model that runs on this computer. It needs no key, costs nothing, and "
        "says silly things: it is here so that everything can be tried at once."
    ),
    price=Price(prompt=Decimal(0), completion=Decimal(0)),
)

#: What the program knows before it has asked anybody: provider kind → models.
STARTING_MODELS: dict[str, tuple[Model, ...]] = {
    "openrouter": (DEEPSEEK_V4_PRO,),
    "embedded": (EMBEDDED_MODEL,),
}


def cost_of(price: Price, prompt_tokens: int, completion_tokens: int) -> Decimal:
    """US dollars for so many tokens, as an estimate: caching and discounts are not in it."""
    million = Decimal(1_000_000)
    return (price.prompt * prompt_tokens + price.completion * completion_tokens) / million


def name_of(model_id: str) -> str:
    """What to call a model: its name where it is known, else its id without the author."""
    for models in STARTING_MODELS.values():
        for model in models:
            if model.id == model_id:
                return model.name
    return model_id.rsplit("/", 1)[-1]
