"""How each kind of provider spells the parameters: name → name, or "not taken, because".

Sources: OpenRouter's API description of 2026-08-22; llama.cpp's server-schema.cpp and
server-common.cpp. To add a kind, add an entry; what it doesn't mention passes under its own name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.models import Model
from app.domain.parameters import PARAMETERS
from app.domain.providers import ProviderKind
from app.domain.texts import _

Json = Any


@dataclass(frozen=True, slots=True)
class Spelled:
    """Sent as the fields that `fields` makes of the value; `name` is how it is shown."""

    name: str
    fields: Callable[[Json], Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Never sent; `because` is a sentence for the person."""

    because: str


#: A plain text is another name for the same value.
Rule = str | Spelled | NotTaken


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one kind of provider does differently from the plain table."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    #: Whether earlier thoughts of an assistant may go back, and the field they go in.
    reasoning_field: str | None = None
    #: The field that keeps a conversation with one serving host.
    session_field: str | None = None
    #: Whether usage comes only where `stream_options` asks for it.
    asks_for_usage: bool = True
    #: Where a key is proved, if the list of models is given to anybody.
    key_path: str | None = None
    #: Fields that every request carries, but for those that a set parameter writes itself.
    always: Mapping[str, Json] = field(default_factory=dict)
    #: Further headers, by which the program is named to the provider.
    headers: Mapping[str, str] = field(default_factory=dict)

    def rule(self, name: str) -> Rule:
        """How a parameter is spelled: its own name, unless the table says otherwise."""
        return self.rules.get(name, name)


def _llama_reasoning(value: Json) -> dict[str, Json]:
    """OpenRouter's `reasoning` object as llama.cpp's three separate fields.

    `exclude` has no counterpart there: the thoughts come, and are shown.
    """
    fields: dict[str, Json] = {}
    effort = value.get("effort")
    if effort == "none" or value.get("enabled") is False:
        fields["chat_template_kwargs"] = {"enable_thinking": False}
    elif effort is not None:
        fields["reasoning_effort"] = effort
    elif value.get("enabled") is True:
        fields["chat_template_kwargs"] = {"enable_thinking": True}
    if value.get("max_tokens") is not None:
        fields["thinking_budget_tokens"] = value["max_tokens"]
    return fields


_LLAMA_RULES: dict[str, Rule] = {
    "repetition_penalty": "repeat_penalty",
    "reasoning": Spelled("reasoning_effort", _llama_reasoning),
    "include_reasoning": NotTaken(
        _("llama.cpp always sends the thoughts that there are. Fold them away instead.")
    ),
    "structured_outputs": NotTaken(
        _("llama.cpp always enforces the JSON Schema given as Response format.")
    ),
}
_NO_TOOLS = NotTaken(
    _("The model on this computer cannot call tools: it was not made for it, and would hang.")
)

#: How long an answer of the model on this computer may be where nothing is set.
EMBEDDED_MAX_TOKENS = 1024

DIALECTS: Mapping[ProviderKind, Dialect] = {
    ProviderKind.OPENROUTER: Dialect(
        rules={"max_tokens": "max_completion_tokens"},
        reasoning_field="reasoning",
        session_field="session_id",
        asks_for_usage=False,
        key_path="/key",
        # HTTP-Referer belongs to it, and waits until the program has an address of its own.
        headers={"X-OpenRouter-Title": "Loquat"},
    ),
    # llama.cpp takes max_completion_tokens as well, but old builds only max_tokens.
    ProviderKind.LLAMA_CPP: Dialect(rules=_LLAMA_RULES),
    ProviderKind.EMBEDDED: Dialect(
        rules=_LLAMA_RULES
        | {
            "reasoning": NotTaken(_("The model on this computer does not reason.")),
            "include_reasoning": NotTaken(_("The model on this computer does not reason.")),
            # With tools in the request this model's slot hangs, and everything behind it.
            "tools": _NO_TOOLS,
            "tool_choice": _NO_TOOLS,
        },
        always={
            # Without it llama.cpp notices only after the whole prompt is read that nobody listens
            # any more (12 s for 2,400 tokens here, and 0.3 s with it).
            "return_progress": True,
            # llama.cpp's own default is no end, and a model this small often finds none before
            # the 8,192 tokens of its context are full.
            "max_tokens": EMBEDDED_MAX_TOKENS,
        },
    ),
    # Ollama reads max_tokens alone, and nobody refuses it but OpenAI's own reasoning models.
    ProviderKind.OPENAI_COMPATIBLE: Dialect(
        rules={
            # vLLM has another field of this name, an object, and answers 400 to a boolean; no
            # other server is known to have one.
            "structured_outputs": NotTaken(
                _(
                    "Only OpenRouter knows this switch, and some servers refuse it. They enforce "
                    "the JSON Schema given as Response format without it."
                )
            ),
        }
    ),
}


def wire_name(kind: ProviderKind, name: str) -> str:
    """The name under which a provider of this kind takes a parameter."""
    rule = DIALECTS[kind].rule(name)
    if isinstance(rule, Spelled):
        return rule.name
    return rule if isinstance(rule, str) else name


def not_taken(kind: ProviderKind, model: Model) -> Mapping[str, str]:
    """Parameters that this model at such a provider does not take: name → sentence why."""
    dialect = DIALECTS[kind]
    reasons: dict[str, str] = {}
    for parameter in PARAMETERS:
        rule = dialect.rule(parameter.name)
        supported = model.supported_parameters
        if isinstance(rule, NotTaken):
            reasons[parameter.name] = rule.because
        elif supported is not None and not {parameter.name, wire_name(kind, parameter.name)} & (
            supported
        ):
            reasons[parameter.name] = _(
                "{model} does not take this, by the provider's own list."
            ).format(model=model.name)
    return reasons


def spelled(kind: ProviderKind, model: Model, values: Mapping[str, Json]) -> dict[str, Json]:
    """The set parameters as fields of a request body, without those that aren't taken."""
    dialect = DIALECTS[kind]
    refused = not_taken(kind, model)
    fields: dict[str, Json] = {}
    for parameter in PARAMETERS:
        if parameter.name not in values or parameter.name in refused:
            continue
        rule, value = dialect.rule(parameter.name), values[parameter.name]
        if isinstance(rule, Spelled):
            fields.update(rule.fields(value))
        elif isinstance(rule, str):
            fields[rule] = value
    return fields
