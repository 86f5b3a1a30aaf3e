"""Rules that translate `reasoning` (OpenRouter's object) for the other provider kinds."""

from collections.abc import Mapping

from app.api.dialects.dialect import DialectConflict, Json, Spelled
from app.domain.parameters.kinds import Conflict, Fix, Values
from app.domain.parameters.relations import reasoning_of, reasoning_without
from app.domain.text.translation import _

#: DeepSeek has three efforts, and maps the other names to them in the same way.
_DEEPSEEK_EFFORTS = {
    "minimal": "low",
    "low": "low",
    "medium": "high",
    "high": "high",
    "xhigh": "high",
    "max": "max",
}
#: OpenAI's name for the highest effort.
_OPENAI_EFFORTS = {"max": "xhigh"}


def _is_off(value: Json) -> bool:
    return value.get("effort") == "none" or value.get("enabled") is False


def _as_effort(value: Json, names: Mapping[str, str]) -> dict[str, Json]:
    if _is_off(value):
        return {"reasoning_effort": "none"}
    effort = value.get("effort") or ("medium" if value.get("enabled") is True else None)
    return {} if effort is None else {"reasoning_effort": names.get(effort, effort)}


def _of_deepseek(value: Json) -> dict[str, Json]:
    if _is_off(value):
        # DeepSeek refuses an effort together with `disabled`.
        return {"thinking": {"type": "disabled"}}
    fields: dict[str, Json] = {"thinking": {"type": "enabled"}}
    effort = value.get("effort")
    if effort is not None:
        fields["reasoning_effort"] = _DEEPSEEK_EFFORTS[effort]
    return fields


def _of_llama(value: Json) -> dict[str, Json]:
    fields: dict[str, Json] = {}
    effort = value.get("effort")
    if _is_off(value):
        fields["chat_template_kwargs"] = {"enable_thinking": False}
    elif effort is not None:
        fields["reasoning_effort"] = effort
    elif value.get("enabled") is True:
        fields["chat_template_kwargs"] = {"enable_thinking": True}
    if value.get("max_tokens") is not None:
        fields["thinking_budget_tokens"] = value["max_tokens"]
    return fields


def _of_vllm(value: Json) -> dict[str, Json]:
    fields = _as_effort(value, {})
    if value.get("max_tokens") is not None:
        fields["thinking_token_budget"] = value["max_tokens"]
    if isinstance(value.get("exclude"), bool):
        fields["include_reasoning"] = not value["exclude"]
    return fields


def _of_others(value: Json) -> dict[str, Json]:
    """Send `reasoning_effort`, which most servers have; without an effort, OpenRouter's object."""
    return _as_effort(value, {}) or {"reasoning": value}


DEEPSEEK_REASONING = Spelled("thinking, reasoning_effort", _of_deepseek)
OPENAI_REASONING = Spelled("reasoning_effort", lambda value: _as_effort(value, _OPENAI_EFFORTS))
EFFORT_ALONE = Spelled("reasoning_effort", lambda value: _as_effort(value, {}))
LLAMA_REASONING = Spelled(
    "reasoning_effort, chat_template_kwargs, thinking_budget_tokens", _of_llama
)
VLLM_REASONING = Spelled("reasoning_effort, thinking_token_budget, include_reasoning", _of_vllm)
OTHER_REASONING = Spelled("reasoning_effort", _of_others)


def is_thinking_off(values: Values) -> bool:
    """Return whether the value of `reasoning` turns thinking off; False if it is not set."""
    return _is_off(reasoning_of(values))


THINKING_OFF = Fix(_("Turn reasoning off"), lambda _values: {"reasoning": {"effort": "none"}})


def no_budget(who: str) -> DialectConflict:
    """Return the conflict of `who` with a budget of tokens, because only an effort is supported."""
    return DialectConflict(
        "reasoning",
        Conflict(
            _("{who} supports an effort, not a token budget: the budget isn't sent.").format(
                who=who
            ),
            lambda values: reasoning_of(values).get("max_tokens") is not None,
            (reasoning_without("max_tokens", _("Remove the budget")),),
        ),
    )


def no_hiding(who: str) -> DialectConflict:
    """Return the conflict of `who` with `exclude`, because thoughts can't be left out there."""
    return DialectConflict(
        "reasoning",
        Conflict(
            _("{who} always sends the reasoning. It is shown folded.").format(who=who),
            lambda values: reasoning_of(values).get("exclude") is True,
            (reasoning_without("exclude", _("Include the reasoning")),),
        ),
    )
