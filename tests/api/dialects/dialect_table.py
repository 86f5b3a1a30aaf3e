"""What each provider does with each parameter, written down by hand from their own descriptions,
and the table of what the program does, as text."""

from textwrap import shorten

from app.api.dialects.table import not_taken, spelled, wire_name
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import Model
from app.domain.providers.providers import ProviderKind

#: Under its own name.
SAME = "="
#: Never sent.
NO = "-"

_ORDER = (
    "openrouter",
    "deepseek",
    "openai",
    "ollama",
    "lm_studio",
    "llama_cpp",
    "vllm",
    "openai_compatible",
    "embedded",
)
#: Parameter → what goes out to each kind of provider, in the order above; several fields are
#: joined by a plus sign. Of `reasoning` it is an effort.
FACTS: dict[str, tuple[str, ...]] = {
    "temperature": (SAME,) * 9,
    "top_p": (SAME,) * 9,
    "min_p": (SAME, NO, NO, NO, NO, SAME, SAME, SAME, SAME),
    "top_k": (SAME, NO, NO, NO, SAME, SAME, SAME, SAME, SAME),
    "frequency_penalty": (SAME, NO, SAME, SAME, SAME, SAME, SAME, SAME, SAME),
    "presence_penalty": (SAME, NO, SAME, SAME, SAME, SAME, SAME, SAME, SAME),
    "repetition_penalty": (
        SAME,
        NO,
        NO,
        NO,
        "repeat_penalty",
        "repeat_penalty",
        SAME,
        SAME,
        "repeat_penalty",
    ),
    "max_tokens": (
        "max_completion_tokens",
        SAME,
        "max_completion_tokens",
        SAME,
        SAME,
        SAME,
        SAME,
        SAME,
        SAME,
    ),
    "seed": (SAME, NO, SAME, SAME, SAME, SAME, SAME, SAME, SAME),
    "stop": (SAME,) * 9,
    "reasoning": (
        SAME,
        "thinking+reasoning_effort",
        "reasoning_effort",
        "reasoning_effort",
        "reasoning_effort",
        "reasoning_effort",
        "reasoning_effort",
        "reasoning_effort",
        NO,
    ),
    "include_reasoning": (SAME, NO, NO, NO, NO, NO, SAME, SAME, NO),
    "logprobs": (SAME, SAME, SAME, SAME, NO, SAME, SAME, SAME, SAME),
    "top_logprobs": (SAME, SAME, SAME, SAME, NO, SAME, SAME, SAME, SAME),
    "logit_bias": (SAME, NO, SAME, NO, SAME, SAME, SAME, SAME, SAME),
    "response_format": (SAME,) * 9,
    "structured_outputs": ("structured_outputs+provider", NO, NO, NO, NO, NO, NO, NO, NO),
    "tools": (SAME, SAME, SAME, SAME, SAME, SAME, SAME, SAME, NO),
    "tool_choice": (SAME, SAME, SAME, NO, SAME, SAME, SAME, SAME, NO),
}
KINDS = tuple(ProviderKind(name) for name in _ORDER)
MODEL = Model(id="m", name="Some model")


def written() -> list[str]:
    """The program's own table, one line a parameter and kind: sent as, mapped to, or why not."""
    lines = []
    for parameter in PARAMETERS:
        for kind in KINDS:
            refused = not_taken(kind, MODEL).get(parameter.name)
            if refused is not None:
                fate = f"not taken: {refused}"
            else:
                fields = "+".join(spelled(kind, MODEL, {parameter.name: parameter.start}))
                fate = "sent" if fields == parameter.name else f"mapped to {fields}"
                if (names := wire_name(kind, parameter.name)) not in {fields, parameter.name}:
                    fate += f" (of {names})"
            lines.append(f"{parameter.name:<19} {kind.value:<18} {shorten(fate, 110)}")
    return lines
