"""The table of parameters, used by panel, validation, request body and command line alike.

To add a parameter, add an entry here. A parameter that is not set is not sent, so the table holds
no provider's defaults. The ranges are OpenRouter's, the widest that any provider documents.
"""

from app.domain.errors import ParameterError
from app.domain.parameters.json_checks import (
    check_logit_bias,
    check_reasoning,
    check_response_format,
    check_tool_choice,
    check_tools,
)
from app.domain.parameters.kinds import Conflict, Fix, Json, Parameter, ParameterKind, Values
from app.domain.parameters.relations import (
    budget_exceeds_limit,
    efforts,
    lacks_schema,
    named_choices,
    names_no_tool,
    reasoning_of,
    reasoning_without,
    room_for_an_answer,
    unset,
)
from app.domain.parameters.slider_scales import COUNTS, NEAR_ONE, NEAR_ZERO
from app.domain.text.translation import _

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        name="temperature",
        kind=ParameterKind.NUMBER,
        label=_("Temperature"),
        help=_(
            "How daring the choice of each token is. Higher is more varied, lower is more "
            "predictable; at 0 the likeliest token always wins."
        ),
        low=0,
        high=2,
        step=0.05,
        fine=0.01,
        start=1.0,
        neutral=1.0,
    ),
    Parameter(
        name="top_p",
        kind=ParameterKind.NUMBER,
        label=_("Top P"),
        help=_(
            "Keeps the likeliest tokens until their probabilities add up to this share, and "
            "drops the rest. At 1 nothing is dropped."
        ),
        low=0,
        high=1,
        above_low=True,
        step=0.01,
        fine=0.001,
        scale=NEAR_ONE,
        start=1.0,
        neutral=1.0,
    ),
    Parameter(
        name="min_p",
        kind=ParameterKind.NUMBER,
        label=_("Min P"),
        help=_(
            "Drops tokens less likely than this share of the likeliest one. At 0 nothing is "
            "dropped; 0.05 is a common choice."
        ),
        low=0,
        high=1,
        step=0.01,
        fine=0.001,
        scale=NEAR_ZERO,
        start=0.0,
        neutral=0.0,
    ),
    Parameter(
        name="top_k",
        kind=ParameterKind.INTEGER,
        label=_("Top K"),
        help=_("Keeps only the k likeliest tokens. At 1 the choice is fixed; 0 keeps all."),
        low=0,
        step=1,
        scale=COUNTS,
        start=40,
        neutral=0,
    ),
    Parameter(
        name="frequency_penalty",
        kind=ParameterKind.NUMBER,
        label=_("Frequency penalty"),
        help=_("Makes a token less likely each time that it has appeared. Negative favours it."),
        low=-2,
        high=2,
        step=0.05,
        fine=0.01,
        start=0.0,
        neutral=0.0,
    ),
    Parameter(
        name="presence_penalty",
        kind=ParameterKind.NUMBER,
        label=_("Presence penalty"),
        help=_("Makes a token less likely once it has appeared at all, which invites new topics."),
        low=-2,
        high=2,
        step=0.05,
        fine=0.01,
        start=0.0,
        neutral=0.0,
    ),
    Parameter(
        name="repetition_penalty",
        kind=ParameterKind.NUMBER,
        label=_("Repetition penalty"),
        help=_(
            "Divides the score of tokens that have appeared. Above 1 repetition falls, below 1 "
            "it rises; 1 does nothing."
        ),
        low=0,
        high=2,
        above_low=True,
        step=0.05,
        fine=0.01,
        start=1.0,
        neutral=1.0,
    ),
    Parameter(
        name="max_tokens",
        kind=ParameterKind.INTEGER,
        label=_("Max tokens"),
        help=_(
            "The longest answer allowed, in tokens, reasoning included. Sent as "
            "max_completion_tokens where the provider takes that newer name. Unset, the model on "
            "this computer stops at 1024."
        ),
        low=1,
        step=64,
        fine=1,
        start=1024,
        unit=_("tokens"),
        conflicts=(
            Conflict(
                _("Max tokens must be more than the reasoning budget, or no answer is left."),
                budget_exceeds_limit,
                (
                    Fix(_("Raise the limit"), room_for_an_answer),
                    unset("max_tokens", _("No limit")),
                ),
            ),
        ),
    ),
    Parameter(
        name="seed",
        kind=ParameterKind.INTEGER,
        label=_("Seed"),
        help=_("The same seed and question give the same answer, where the provider can."),
        low=-(2**63),
        high=2**63 - 1,
        step=1,
        start=0,
    ),
    Parameter(
        name="stop",
        kind=ParameterKind.STRINGS,
        label=_("Stop"),
        help=_("The answer ends before any of these texts. Up to four."),
        most=4,
        start=[],
    ),
    Parameter(
        name="reasoning",
        kind=ParameterKind.CHOICE,
        label=_("Reasoning"),
        help=_(
            'How the model thinks before it answers: {"effort": "high"} or a budget such as '
            '{"max_tokens": 2000}; {"exclude": true} hides the thoughts.'
        ),
        more_choices=efforts,
        takes_object=True,
        check=check_reasoning,
        start={"effort": "high"},
        conflicts=(
            Conflict(
                _("Reasoning takes an effort or a budget of tokens, not both."),
                lambda values: {"effort", "max_tokens"} <= reasoning_of(values).keys(),
                (
                    reasoning_without("max_tokens", _("Keep the effort")),
                    reasoning_without("effort", _("Keep the budget")),
                ),
            ),
        ),
        advanced=True,
    ),
    Parameter(
        name="include_reasoning",
        kind=ParameterKind.SWITCH,
        label=_("Include reasoning"),
        help=_("Whether the thoughts come back with the answer. They are billed either way."),
        start=True,
        conflicts=(
            Conflict(
                _("Include reasoning contradicts the exclusion set in Reasoning."),
                lambda values: (
                    values["include_reasoning"] is True
                    and reasoning_of(values).get("exclude") is True
                ),
                (
                    unset("include_reasoning", _("Leave the thoughts out")),
                    reasoning_without("exclude", _("Include the thoughts")),
                ),
            ),
        ),
        advanced=True,
    ),
    Parameter(
        name="logprobs",
        kind=ParameterKind.SWITCH,
        label=_("Log probabilities"),
        help=_("Asks for the log probability of every token of the answer."),
        start=True,
        advanced=True,
    ),
    Parameter(
        name="top_logprobs",
        kind=ParameterKind.INTEGER,
        label=_("Top log probabilities"),
        help=_("How many alternatives come with each token. Needs Log probabilities."),
        low=0,
        high=20,
        step=1,
        start=5,
        conflicts=(
            Conflict(
                _("Top log probabilities needs Log probabilities to be on."),
                lambda values: values.get("logprobs") is not True,
                (
                    Fix(_("Turn them on"), lambda _values: {"logprobs": True}),
                    unset("top_logprobs", _("No alternatives")),
                ),
            ),
        ),
        advanced=True,
    ),
    Parameter(
        name="logit_bias",
        kind=ParameterKind.BIAS,
        label=_("Logit bias"),
        help=_(
            "Token id → number from −100 to 100, added to that token's score before sampling. "
            "−100 bans it. The ids are those of this model."
        ),
        check=check_logit_bias,
        start={"1234": -100},
        advanced=True,
    ),
    Parameter(
        name="response_format",
        kind=ParameterKind.FORMAT,
        label=_("Response format"),
        help=_('Holds the answer to JSON: {"type": "json_object"}, or to a JSON Schema.'),
        check=check_response_format,
        start={"type": "json_object"},
        advanced=True,
    ),
    Parameter(
        name="structured_outputs",
        kind=ParameterKind.SWITCH,
        label=_("Structured outputs"),
        help=_("Has the provider enforce the JSON Schema given as Response format."),
        start=True,
        conflicts=(
            Conflict(
                _("Structured outputs needs a Response format with a JSON Schema."),
                lacks_schema,
                (unset("structured_outputs", _("Drop the switch")),),
            ),
        ),
        advanced=True,
    ),
    Parameter(
        name="tools",
        kind=ParameterKind.FUNCTIONS,
        label=_("Tools"),
        help=_("The functions that the model may call: a list, each with name and JSON Schema."),
        check=check_tools,
        start=[
            {
                "type": "function",
                "function": {
                    "name": "current_weather",
                    "description": "The weather in a city",
                    "parameters": {
                        "type": "object",
                        "properties": {"city": {"type": "string"}},
                        "required": ["city"],
                    },
                },
            }
        ],
        advanced=True,
    ),
    Parameter(
        name="tool_choice",
        kind=ParameterKind.CHOICE,
        label=_("Tool choice"),
        help=_(
            "Whether a tool is called: none, auto, required, or a certain one as "
            '{"type": "function", "function": {"name": …}}.'
        ),
        choices=("none", "auto", "required"),
        more_choices=named_choices,
        takes_object=True,
        check=check_tool_choice,
        start="auto",
        conflicts=(
            Conflict(
                _("Tool choice names a function that is not among Tools."),
                names_no_tool,
                (Fix(_("Let the model choose"), lambda _values: {"tool_choice": "auto"}),),
            ),
            Conflict(
                _("Tool choice needs Tools to choose from."),
                lambda values: not values.get("tools") and values["tool_choice"] != "none",
                (unset("tool_choice", _("Drop the choice")),),
            ),
        ),
        advanced=True,
    ),
)

BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}


def parse_setting(text: str) -> tuple[str, Json]:
    """Split `NAME=VALUE`, the form of `--set`, into the name and the parsed, valid value.

    Raises ParameterError if the form, the name or the value is wrong.
    """
    name, equals, value = text.partition("=")
    name = name.strip()
    if not equals:
        raise ParameterError(_("“{text}” is not of the form NAME=VALUE.").format(text=text[:80]))
    if name not in BY_NAME:
        raise ParameterError(
            _("There is no parameter “{name}”. Known are: {list}.").format(
                name=name[:80], list=", ".join(sorted(BY_NAME))
            )
        )
    return name, BY_NAME[name].parse(value)


def validated(values: Values) -> dict[str, Json]:
    """Return a copy of the values after checking each against the table.

    Raises ParameterError at the first unknown name or invalid value.
    """
    for name in values:
        if name not in BY_NAME:
            raise ParameterError(_("There is no parameter “{name}”.").format(name=name[:80]))
    return {name: BY_NAME[name].validate(value) for name, value in values.items()}
