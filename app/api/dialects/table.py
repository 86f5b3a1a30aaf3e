"""The table of dialects: which parameters each provider kind supports, and how they are sent.

A parameter that a dialect does not list is not sent to that kind, and is shown as not supported.
`NotTaken` is listed only where there is more to say than that. To add a parameter, list it in
every dialect that supports it.

Sources: OpenRouter's API description of 2026-08-22; DeepSeek's guide to thinking and its
reference of chat completions; OpenAI's API description; llama.cpp's server-schema.cpp and
server-common.cpp; Ollama's openai.go; vLLM's protocol.py; LM Studio's page of its
OpenAI-compatible endpoint.
"""

from collections.abc import Mapping

from app.api.dialects.conflicts import (
    NO_PROBABILITIES_WITH_TOOLS,
    NO_SCHEMA_AT_DEEPSEEK,
    forced_while_thinking,
    no_effect_while_thinking,
    no_named_tool,
)
from app.api.dialects.dialect import Dialect, Json, NoPrefill, NotTaken, Prefill, Spelled, same
from app.api.dialects.reasoning import (
    DEEPSEEK_REASONING,
    EFFORT_ALONE,
    LLAMA_REASONING,
    OPENAI_REASONING,
    OTHER_REASONING,
    VLLM_REASONING,
    is_thinking_off,
    no_budget,
    no_hiding,
)
from app.domain.parameters.kinds import Fix, FoundConflict, Values, conflicts_among
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import Model
from app.domain.providers.providers import KINDS, ProviderKind
from app.domain.text.translation import _

#: `max_tokens` of the model on this computer if the person has set none, in tokens.
EMBEDDED_MAX_TOKENS = 1024


def _always_sends_thoughts(who: str) -> NotTaken:
    return NotTaken(_("{who} always sends the reasoning. It is shown folded.").format(who=who))


def _schema_enforced_by(who: str) -> NotTaken:
    return NotTaken(
        _(
            "{who} always enforces the JSON Schema of Response format; this switch isn't needed."
        ).format(who=who)
    )


_NO_TOOLS = NotTaken(_("The model on this computer doesn't support tools."))
_NO_REASONING = NotTaken(_("The model on this computer doesn't support reasoning."))
_NO_EFFECT_AT_DEEPSEEK = NotTaken(_("DeepSeek no longer supports this: it has no effect."))
_IGNORED_BY_OLLAMA = NotTaken(
    _("Ollama doesn't support this in requests. Set it in the Modelfile.")
)

#: Rules of llama.cpp's server for every model; the embedded engine is the same server.
_LLAMA_CPP_RULES = {
    **same("temperature", "top_p", "min_p", "top_k", "frequency_penalty", "presence_penalty"),
    # llama.cpp takes max_completion_tokens as well, but old builds only max_tokens.
    **same("max_tokens", "seed", "stop", "logprobs", "top_logprobs", "logit_bias"),
    **same("response_format"),
    "repetition_penalty": "repeat_penalty",
    "structured_outputs": _schema_enforced_by("llama.cpp"),
}

DIALECTS: Mapping[ProviderKind, Dialect] = {
    ProviderKind.OPENROUTER: Dialect(
        rules={
            **same("temperature", "top_p", "min_p", "top_k"),
            **same("frequency_penalty", "presence_penalty", "repetition_penalty"),
            **same("seed", "stop", "reasoning", "include_reasoning"),
            **same("logprobs", "top_logprobs", "logit_bias"),
            **same("response_format", "tools", "tool_choice"),
            "max_tokens": "max_completion_tokens",
            # The switch alone is only a preference: without `require_parameters`, OpenRouter may
            # choose a host that ignores it.
            "structured_outputs": Spelled(
                "structured_outputs",
                lambda value: (
                    {"structured_outputs": value}
                    | ({"provider": {"require_parameters": True}} if value else {})
                ),
            ),
        },
        prefill=Prefill(),
        conflicts=(forced_while_thinking(("deepseek/", "~deepseek/")),),
        reasoning_field="reasoning",
        details_field="reasoning_details",
        session_field="session_id",
        routing_field="provider",
        asks_for_usage=False,
        key_path="/key",
        generation_path="/generation",
        # OpenRouter also reads HTTP-Referer, but the program has no web address yet.
        headers={"X-OpenRouter-Title": "Loquat", "X-OpenRouter-Categories": "general-chat"},
    ),
    ProviderKind.DEEPSEEK: Dialect(
        rules={
            **same("temperature", "top_p", "max_tokens", "stop", "logprobs", "top_logprobs"),
            **same("response_format", "tools", "tool_choice"),
            "frequency_penalty": _NO_EFFECT_AT_DEEPSEEK,
            "presence_penalty": _NO_EFFECT_AT_DEEPSEEK,
            "reasoning": DEEPSEEK_REASONING,
            "include_reasoning": _always_sends_thoughts("DeepSeek"),
        },
        prefill=Prefill(message_fields={"prefix": True}, host="api.deepseek.com", path="/beta"),
        conflicts=(
            forced_while_thinking(),
            no_effect_while_thinking("temperature"),
            no_effect_while_thinking("top_p"),
            NO_SCHEMA_AT_DEEPSEEK,
            no_budget("DeepSeek"),
            no_hiding("DeepSeek"),
        ),
        # DeepSeek requires it on every turn that called a tool, and ignores it on the others.
        reasoning_field="reasoning_content",
        reasoning_required_with_calls=True,
    ),
    ProviderKind.OPENAI: Dialect(
        rules={
            **same("temperature", "top_p", "frequency_penalty", "presence_penalty"),
            **same("seed", "stop", "logprobs", "top_logprobs", "logit_bias"),
            **same("response_format", "tools", "tool_choice"),
            "max_tokens": "max_completion_tokens",
            "structured_outputs": _schema_enforced_by("OpenAI"),
            "reasoning": OPENAI_REASONING,
            "include_reasoning": NotTaken(_("OpenAI never sends the reasoning of its models.")),
        },
        prefill=NoPrefill(_("OpenAI's models can't continue an answer. They begin a new one.")),
        conflicts=(no_budget("OpenAI"),),
    ),
    ProviderKind.OLLAMA: Dialect(
        rules={
            **same("temperature", "top_p", "frequency_penalty", "presence_penalty"),
            **same("max_tokens", "seed", "stop", "logprobs", "top_logprobs"),
            **same("response_format", "tools"),
            "top_k": _IGNORED_BY_OLLAMA,
            "min_p": _IGNORED_BY_OLLAMA,
            "repetition_penalty": _IGNORED_BY_OLLAMA,
            "tool_choice": NotTaken(_("Ollama doesn't support this: the model decides by itself.")),
            "structured_outputs": _schema_enforced_by("Ollama"),
            "reasoning": EFFORT_ALONE,
            "include_reasoning": _always_sends_thoughts("Ollama"),
        },
        prefill=NoPrefill(
            _("With Ollama most models begin a new answer instead of continuing one.")
        ),
        conflicts=(no_budget("Ollama"), no_hiding("Ollama")),
        reasoning_field="reasoning",
        reasoning_with_calls_only=True,
    ),
    ProviderKind.LM_STUDIO: Dialect(
        rules={
            **same("temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty"),
            **same("max_tokens", "seed", "stop", "logit_bias"),
            **same("response_format", "tools", "tool_choice"),
            "repetition_penalty": "repeat_penalty",
            "structured_outputs": _schema_enforced_by("LM Studio"),
            "reasoning": EFFORT_ALONE,
            "include_reasoning": _always_sends_thoughts("LM Studio"),
        },
        prefill=NoPrefill(_("Continuing an answer isn't known to work with LM Studio.")),
        conflicts=(
            no_named_tool("LM Studio"),
            no_budget("LM Studio"),
            no_hiding("LM Studio"),
        ),
    ),
    ProviderKind.LLAMA_CPP: Dialect(
        rules={
            **_LLAMA_CPP_RULES,
            **same("tools", "tool_choice"),
            "reasoning": LLAMA_REASONING,
            "include_reasoning": _always_sends_thoughts("llama.cpp"),
        },
        prefill=Prefill(),
        conflicts=(
            NO_PROBABILITIES_WITH_TOOLS,
            no_named_tool("llama.cpp"),
            no_hiding("llama.cpp"),
        ),
        reasoning_field="reasoning_content",
        reasoning_with_calls_only=True,
    ),
    ProviderKind.VLLM: Dialect(
        rules={
            **same("temperature", "top_p", "min_p", "top_k"),
            **same("frequency_penalty", "presence_penalty", "repetition_penalty"),
            **same("max_tokens", "seed", "stop", "include_reasoning"),
            **same("logprobs", "top_logprobs", "logit_bias"),
            **same("response_format", "tools", "tool_choice"),
            # vLLM's field of this name is an object: it answers a boolean with 400.
            "structured_outputs": _schema_enforced_by("vLLM"),
            "reasoning": VLLM_REASONING,
        },
        # vLLM allows both fields together, and refuses one without the other.
        prefill=Prefill({"continue_final_message": True, "add_generation_prompt": False}),
    ),
    ProviderKind.EMBEDDED: Dialect(
        rules={
            **_LLAMA_CPP_RULES,
            "reasoning": _NO_REASONING,
            "include_reasoning": _NO_REASONING,
            # With tools in the request, the slot of this model and all requests behind it hang.
            "tools": _NO_TOOLS,
            "tool_choice": _NO_TOOLS,
        },
        prefill=Prefill(),
        always={
            # Without it llama.cpp notices a closed connection only after it has read the whole
            # prompt (12 s for 2,400 tokens here, and 0.3 s with it).
            "return_progress": True,
            # By default llama.cpp sets no limit, and a model this small often goes on until the
            # 8,192 tokens of its context are full.
            "max_tokens": EMBEDDED_MAX_TOKENS,
        },
    ),
    # Any other server gets what OpenAI's API or at least two of the known servers have.
    ProviderKind.OPENAI_COMPATIBLE: Dialect(
        rules={
            **same("temperature", "top_p", "min_p", "top_k"),
            **same("frequency_penalty", "presence_penalty", "repetition_penalty"),
            # Ollama reads max_tokens only, and only OpenAI's own reasoning models refuse it.
            **same("max_tokens", "seed", "stop", "include_reasoning"),
            **same("logprobs", "top_logprobs", "logit_bias"),
            **same("response_format", "tools", "tool_choice"),
            "reasoning": OTHER_REASONING,
            # vLLM's field of this name is an object, and a boolean is answered with 400; no other
            # server is known to have the field.
            "structured_outputs": NotTaken(
                _(
                    "Only OpenRouter supports this switch. Other servers enforce the JSON Schema "
                    "of Response format without it."
                )
            ),
        },
        prefill=NoPrefill(
            _(
                "Continuing an answer isn't known to work with this server. If it is "
                "llama.cpp or vLLM, choose that kind in Settings → Providers."
            )
        ),
    ),
}


def wire_name(kind: ProviderKind, name: str) -> str:
    """Return the name of the request field that a parameter is sent as, to show to the person.

    Several fields are separated by commas. A parameter that is not sent keeps its own name.
    """
    rule = DIALECTS[kind].rule(name)
    if isinstance(rule, Spelled):
        return rule.name
    return rule if isinstance(rule, str) else name


def not_taken(kind: ProviderKind, model: Model) -> Mapping[str, str]:
    """Return the parameters that are not sent to a model at a provider kind.

    Maps each name to a sentence with the reason: the dialect, or the model's own list.
    """
    dialect = DIALECTS[kind]
    reasons: dict[str, str] = {}
    for parameter in PARAMETERS:
        rule = dialect.rule(parameter.name)
        supported = model.supported_parameters
        if isinstance(rule, NotTaken):
            reasons[parameter.name] = rule.because or _("{who} doesn't support {name}.").format(
                who=KINDS[kind].subject, name=parameter.name
            )
        elif supported is not None and not {parameter.name, wire_name(kind, parameter.name)} & (
            supported
        ):
            reasons[parameter.name] = _("{model} doesn't support {name}.").format(
                model=model.name, name=parameter.name
            )
    return reasons


def conflicts(kind: ProviderKind, model: Model, values: Values) -> list[FoundConflict]:
    """Return the conflicts among the set values that would be sent to a model.

    These are conflicts between parameters, conflicts that only this provider kind has, and thinking
    that is turned off for a model that always thinks.
    """
    refused = not_taken(kind, model)
    sent = {name: value for name, value in values.items() if name not in refused}
    of_kind = [
        FoundConflict(rule.parameter, rule.conflict.sentence, rule.conflict.fixes)
        for rule in DIALECTS[kind].conflicts
        if rule.parameter in sent and rule.concerns(model.id) and rule.conflict.broken(sent)
    ]
    return conflicts_among(sent, PARAMETERS) + of_kind + _of_model(model, sent)


def _of_model(model: Model, sent: Values) -> list[FoundConflict]:
    """Return the conflict of turned-off thinking with a model that always thinks."""
    if model.thinking is None or not model.thinking.mandatory or not is_thinking_off(sent):
        return []
    sentence = _("{model} always reasons. Reasoning can't be turned off.")
    drop = Fix(_("Turn reasoning on"), lambda _values: {"reasoning": None})
    return [FoundConflict("reasoning", sentence.format(model=model.name), (drop,))]


def spelled(kind: ProviderKind, model: Model, values: Mapping[str, Json]) -> dict[str, Json]:
    """Return the fields of a request body for the parameters that are set.

    Parameters that the kind or the model doesn't support are left out; `values` are not checked.
    """
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
