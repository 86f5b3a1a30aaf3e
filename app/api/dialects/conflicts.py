"""Combinations of parameters that only one provider kind refuses or ignores, with ways out."""

from app.api.dialects.dialect import DialectConflict
from app.api.dialects.reasoning import THINKING_OFF, is_thinking_off
from app.domain.parameters.kinds import Conflict, Fix, Values
from app.domain.text.translation import _


def _is_forced(values: Values) -> bool:
    choice = values.get("tool_choice")
    return choice == "required" or isinstance(choice, dict)


_LET_IT_CHOOSE = Fix(_("Let the model choose"), lambda _values: {"tool_choice": "auto"})


def forced_while_thinking(models: tuple[str, ...] = ()) -> DialectConflict:
    """Return DeepSeek's conflict of thinking with a forced tool call. `models` are id prefixes."""
    return DialectConflict(
        "tool_choice",
        Conflict(
            _("DeepSeek doesn't support a forced tool while reasoning."),
            lambda values: _is_forced(values) and not is_thinking_off(values),
            (THINKING_OFF, _LET_IT_CHOOSE),
        ),
        models,
    )


def no_effect_while_thinking(name: str) -> DialectConflict:
    """Return DeepSeek's conflict of thinking with a parameter that then has no effect."""
    return DialectConflict(
        name,
        Conflict(
            _("DeepSeek ignores this while reasoning."),
            lambda values: not is_thinking_off(values),
            (THINKING_OFF,),
        ),
    )


def no_named_tool(who: str) -> DialectConflict:
    """Return the conflict of `who` with a tool choice that names one tool."""
    return DialectConflict(
        "tool_choice",
        Conflict(
            _("{who} supports none, auto and required, but not a tool by name.").format(who=who),
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


NO_SCHEMA_AT_DEEPSEEK = DialectConflict(
    "response_format",
    Conflict(
        _("DeepSeek doesn't support a JSON Schema here, only any JSON."),
        _has_schema,
        (Fix(_("Any JSON"), lambda _values: {"response_format": {"type": "json_object"}}),),
    ),
)
NO_PROBABILITIES_WITH_TOOLS = DialectConflict(
    "logprobs",
    Conflict(
        _("llama.cpp doesn't support log probabilities together with tools."),
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
