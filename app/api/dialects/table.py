"""How each kind of provider spells the parameters: name → name, or "not taken, because".

Sources: OpenRouter's API description of 2026-08-22; DeepSeek's guide to thinking and its
reference of chat completions; OpenAI's API description; llama.cpp's server-schema.cpp and
server-common.cpp; Ollama's openai.go; vLLM's protocol.py; LM Studio's page of its
OpenAI-compatible endpoint. To add a kind, add an entry; what it doesn't mention passes under its
own name.
"""

from collections.abc import Mapping

from app.api.dialects.dialect import Contradiction, Dialect, Json, NotTaken, Rule, Spelled
from app.api.dialects.reasoning import (
    DEEPSEEK_REASONING,
    EFFORT_ALONE,
    LLAMA_REASONING,
    OPENAI_REASONING,
    OTHER_REASONING,
    THINKING_OFF,
    VLLM_REASONING,
    is_thinking_off,
    no_budget,
    no_hiding,
)
from app.domain.parameters.kinds import Conflict, Fix, FoundConflict, Values, conflicts_among
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import Model
from app.domain.providers.providers import ProviderKind
from app.domain.text.translation import _

#: How long an answer of the model on this computer may be where nothing is set.
EMBEDDED_MAX_TOKENS = 1024


def _is_forced(values: Values) -> bool:
    choice = values.get("tool_choice")
    return choice == "required" or isinstance(choice, dict)


_LET_IT_CHOOSE = Fix(_("Let the model choose"), lambda _values: {"tool_choice": "auto"})


def _forced_while_thinking(models: tuple[str, ...] = ()) -> Contradiction:
    return Contradiction(
        "tool_choice",
        Conflict(
            _("While it thinks, DeepSeek refuses to be told which tool to call."),
            lambda values: _is_forced(values) and not is_thinking_off(values),
            (THINKING_OFF, _LET_IT_CHOOSE),
        ),
        models,
    )


def _no_effect_while_thinking(name: str) -> Contradiction:
    return Contradiction(
        name,
        Conflict(
            _("While it thinks, DeepSeek takes this and gives it no effect."),
            lambda values: not is_thinking_off(values),
            (THINKING_OFF,),
        ),
    )


def _no_named_tool(who: str) -> Contradiction:
    return Contradiction(
        "tool_choice",
        Conflict(
            _("{who} takes none, auto or required, not a tool by its name.").format(who=who),
            lambda values: isinstance(values.get("tool_choice"), dict),
            (
                Fix(_("Require a tool"), lambda _values: {"tool_choice": "required"}),
                _LET_IT_CHOOSE,
            ),
        ),
    )


def _has_schema(values: Values) -> bool:
    wanted = values.get("response_format")
    return isinstance(wanted, dict) and wanted.get("type") == "json_schema"


_NO_SCHEMA_AT_DEEPSEEK = Contradiction(
    "response_format",
    Conflict(
        _("DeepSeek itself knows no JSON Schema here, only JSON of any shape."),
        _has_schema,
        (Fix(_("Any JSON"), lambda _values: {"response_format": {"type": "json_object"}}),),
    ),
)
_NO_PROBABILITIES_WITH_TOOLS = Contradiction(
    "logprobs",
    Conflict(
        _("llama.cpp refuses log probabilities while tools are offered."),
        lambda values: values.get("logprobs") is True and bool(values.get("tools")),
        (
            Fix(
                _("No log probabilities"),
                lambda _values: {"logprobs": None, "top_logprobs": None},
            ),
            Fix(_("No tools"), lambda _values: {"tools": None, "tool_choice": None}),
        ),
    ),
)


def _unknown_to(who: str) -> NotTaken:
    return NotTaken(_("{who} does not know this parameter.").format(who=who))


def _schema_enforced_by(who: str) -> NotTaken:
    return NotTaken(
        _("{who} enforces the JSON Schema given as Response format without this switch.").format(
            who=who
        )
    )


_LLAMA_RULES: dict[str, Rule] = {
    "repetition_penalty": "repeat_penalty",
    "reasoning": LLAMA_REASONING,
    "include_reasoning": NotTaken(
        _("llama.cpp always sends the thoughts that there are. Fold them away instead.")
    ),
    "structured_outputs": _schema_enforced_by("llama.cpp"),
}
_NO_TOOLS = NotTaken(
    _("The model on this computer cannot call tools: it was not made for it, and would hang.")
)
_NO_REASONING = NotTaken(_("The model on this computer does not reason."))
_NO_EFFECT_AT_DEEPSEEK = NotTaken(_("DeepSeek takes it no more: it has no effect there."))
_REFUSED_BY_OPENAI = NotTaken(_("OpenAI does not know this parameter and answers with an error."))
_NOT_AT_LM_STUDIO = NotTaken(_("LM Studio does not list this parameter among those it takes."))
_IGNORED_BY_OLLAMA = NotTaken(_("Ollama ignores this here. Set it in the model's own file."))

DIALECTS: Mapping[ProviderKind, Dialect] = {
    ProviderKind.OPENROUTER: Dialect(
        rules={
            "max_tokens": "max_completion_tokens",
            # Without the second it is a mere preference, and a host that ignores it may answer.
            "structured_outputs": Spelled(
                "structured_outputs",
                lambda value: (
                    {"structured_outputs": value}
                    | ({"provider": {"require_parameters": True}} if value else {})
                ),
            ),
        },
        contradictions=(_forced_while_thinking(("deepseek/", "~deepseek/")),),
        reasoning_field="reasoning",
        details_field="reasoning_details",
        session_field="session_id",
        routing_field="provider",
        asks_for_usage=False,
        key_path="/key",
        generation_path="/generation",
        # HTTP-Referer belongs to it, and waits until the program has an address of its own.
        headers={"X-OpenRouter-Title": "Loquat", "X-OpenRouter-Categories": "general-chat"},
    ),
    ProviderKind.DEEPSEEK: Dialect(
        rules={
            "top_k": _unknown_to("DeepSeek"),
            "min_p": _unknown_to("DeepSeek"),
            "repetition_penalty": _unknown_to("DeepSeek"),
            "frequency_penalty": _NO_EFFECT_AT_DEEPSEEK,
            "presence_penalty": _NO_EFFECT_AT_DEEPSEEK,
            "seed": _unknown_to("DeepSeek"),
            "logit_bias": _unknown_to("DeepSeek"),
            "structured_outputs": _unknown_to("DeepSeek"),
            "reasoning": DEEPSEEK_REASONING,
            "include_reasoning": NotTaken(
                _("DeepSeek always sends the thoughts that there are. Fold them away instead.")
            ),
        },
        contradictions=(
            _forced_while_thinking(),
            _no_effect_while_thinking("temperature"),
            _no_effect_while_thinking("top_p"),
            _NO_SCHEMA_AT_DEEPSEEK,
            no_budget("DeepSeek"),
            no_hiding("DeepSeek"),
        ),
        # Required on every turn that called a tool, and ignored on the others.
        reasoning_field="reasoning_content",
        reasoning_required_with_calls=True,
    ),
    ProviderKind.OPENAI: Dialect(
        rules={
            "max_tokens": "max_completion_tokens",
            "top_k": _REFUSED_BY_OPENAI,
            "min_p": _REFUSED_BY_OPENAI,
            "repetition_penalty": _REFUSED_BY_OPENAI,
            "structured_outputs": _schema_enforced_by("OpenAI"),
            "reasoning": OPENAI_REASONING,
            "include_reasoning": NotTaken(_("OpenAI never sends the thoughts of its models.")),
        },
        contradictions=(no_budget("OpenAI"),),
    ),
    ProviderKind.OLLAMA: Dialect(
        rules={
            "top_k": _IGNORED_BY_OLLAMA,
            "min_p": _IGNORED_BY_OLLAMA,
            "repetition_penalty": _IGNORED_BY_OLLAMA,
            "logit_bias": NotTaken(_("Ollama has no logit bias.")),
            "tool_choice": NotTaken(_("Ollama ignores it: the model chooses by itself.")),
            "structured_outputs": _schema_enforced_by("Ollama"),
            "reasoning": EFFORT_ALONE,
            "include_reasoning": NotTaken(
                _("Ollama always sends the thoughts that there are. Fold them away instead.")
            ),
        },
        contradictions=(no_budget("Ollama"), no_hiding("Ollama")),
        reasoning_field="reasoning",
        reasoning_with_calls_only=True,
    ),
    ProviderKind.LM_STUDIO: Dialect(
        rules={
            "min_p": _NOT_AT_LM_STUDIO,
            "repetition_penalty": "repeat_penalty",
            "logprobs": _NOT_AT_LM_STUDIO,
            "top_logprobs": _NOT_AT_LM_STUDIO,
            "structured_outputs": _schema_enforced_by("LM Studio"),
            "reasoning": EFFORT_ALONE,
            "include_reasoning": NotTaken(
                _("LM Studio always sends the thoughts that there are. Fold them away instead.")
            ),
        },
        contradictions=(
            _no_named_tool("LM Studio"),
            no_budget("LM Studio"),
            no_hiding("LM Studio"),
        ),
    ),
    # llama.cpp takes max_completion_tokens as well, but old builds only max_tokens.
    ProviderKind.LLAMA_CPP: Dialect(
        rules=_LLAMA_RULES,
        contradictions=(
            _NO_PROBABILITIES_WITH_TOOLS,
            _no_named_tool("llama.cpp"),
            no_hiding("llama.cpp"),
        ),
        reasoning_field="reasoning_content",
        reasoning_with_calls_only=True,
    ),
    ProviderKind.VLLM: Dialect(
        rules={
            # A field of this name is there, but an object: a boolean is answered with 400.
            "structured_outputs": _schema_enforced_by("vLLM"),
            "reasoning": VLLM_REASONING,
        },
    ),
    ProviderKind.EMBEDDED: Dialect(
        rules=_LLAMA_RULES
        | {
            "reasoning": _NO_REASONING,
            "include_reasoning": _NO_REASONING,
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
            "reasoning": OTHER_REASONING,
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


def conflicts(kind: ProviderKind, model: Model, values: Values) -> list[FoundConflict]:
    """What contradicts itself, or this provider, among the set values that would be sent."""
    refused = not_taken(kind, model)
    sent = {name: value for name, value in values.items() if name not in refused}
    theirs = [
        FoundConflict(one.parameter, one.conflict.sentence, one.conflict.fixes)
        for one in DIALECTS[kind].contradictions
        if one.parameter in sent and one.concerns(model.id) and one.conflict.broken(sent)
    ]
    return conflicts_among(sent, PARAMETERS) + theirs + _against_the_model(model, sent)


def _against_the_model(model: Model, sent: Values) -> list[FoundConflict]:
    """What the model's own list says that it can't do with its thoughts."""
    if model.thinking is None or not model.thinking.mandatory or not is_thinking_off(sent):
        return []
    sentence = _("{model} always thinks; it would refuse to be told not to.")
    drop = Fix(_("Let it think"), lambda _values: {"reasoning": None})
    return [FoundConflict("reasoning", sentence.format(model=model.name), (drop,))]


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
