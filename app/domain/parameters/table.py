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
from app.domain.parameters.kinds import (
    Conflict,
    Fix,
    Json,
    Parameter,
    ParameterGroup,
    ParameterKind,
    Values,
)
from app.domain.parameters.relations import (
    EXAMPLE_TOOLS,
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
        group=ParameterGroup.SAMPLING,
        label=_("Temperature"),
        help=_(
            "How random the choice of each token is. Higher gives more varied answers, lower more "
            "predictable ones. At 0 the most likely token is always chosen."
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
        group=ParameterGroup.SAMPLING,
        label=_("Top P"),
        help=_(
            "Keeps the most likely tokens whose probabilities add up to this share, and drops the "
            "rest. 1 keeps all tokens."
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
        group=ParameterGroup.SAMPLING,
        label=_("Min P"),
        help=_(
            "Drops tokens whose probability is below this share of the most likely token's. 0 "
            "keeps all tokens; 0.05 is common."
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
        group=ParameterGroup.SAMPLING,
        label=_("Top K"),
        help=_(
            "Keeps only the k most likely tokens. 1 always takes the first; 0 keeps all tokens."
        ),
        low=0,
        step=1,
        scale=COUNTS,
        start=40,
        neutral=0,
    ),
    Parameter(
        name="frequency_penalty",
        kind=ParameterKind.NUMBER,
        group=ParameterGroup.REPETITION,
        label=_("Frequency penalty"),
        help=_(
            "Makes a token less likely the more often it has appeared. Negative values make it "
            "more likely."
        ),
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
        group=ParameterGroup.REPETITION,
        label=_("Presence penalty"),
        help=_(
            "Makes a token less likely once it has appeared, no matter how often. Negative values "
            "make it more likely."
        ),
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
        group=ParameterGroup.REPETITION,
        label=_("Repetition penalty"),
        help=_(
            "Lowers the score of tokens that have appeared. Above 1 there is less repetition, "
            "below 1 more. 1 has no effect."
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
        group=ParameterGroup.LENGTH,
        label=_("Max tokens"),
        help=_(
            "Maximum length of the answer in tokens, including reasoning. If it is not "
            "set, the model on this computer stops at 1024 tokens. Sent as "
            "max_completion_tokens to providers that use that name."
        ),
        low=1,
        step=64,
        fine=1,
        start=1024,
        unit=_("tokens"),
        conflicts=(
            Conflict(
                _(
                    "Max tokens must be larger than the reasoning budget, or there is no "
                    "room for an answer."
                ),
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
        group=ParameterGroup.SAMPLING,
        label=_("Seed"),
        help=_(
            "Starts the random choice of tokens from this number. The same seed, question and "
            "parameters should give the same answer, but many providers don't guarantee it. The "
            "seed check tests it."
        ),
        low=-(2**63),
        high=2**63 - 1,
        step=1,
        start=0,
    ),
    Parameter(
        name="stop",
        kind=ParameterKind.STRINGS,
        group=ParameterGroup.LENGTH,
        label=_("Stop sequences"),
        help=_(
            "The answer ends before the first of these texts. At most four. In the panel they are "
            "separated by commas; \\n is a line break and \\, a comma."
        ),
        most=4,
        start=[],
    ),
    Parameter(
        name="reasoning",
        kind=ParameterKind.CHOICE,
        group=ParameterGroup.REASONING,
        label=_("Reasoning"),
        help=_(
            "How much the model thinks before it answers: an effort, or JSON such as "
            '{"max_tokens": 2000} for a budget in tokens or {"exclude": true} to leave the '
            "reasoning out of the answer."
        ),
        more_choices=efforts,
        takes_object=True,
        check=check_reasoning,
        start={"effort": "high"},
        conflicts=(
            Conflict(
                _("Reasoning can have an effort or a token budget, not both."),
                lambda values: {"effort", "max_tokens"} <= reasoning_of(values).keys(),
                (
                    reasoning_without("max_tokens", _("Keep the effort")),
                    reasoning_without("effort", _("Keep the budget")),
                ),
            ),
        ),
    ),
    Parameter(
        name="include_reasoning",
        kind=ParameterKind.SWITCH,
        group=ParameterGroup.REASONING,
        label=_("Include reasoning"),
        help=_("Whether the reasoning is sent along with the answer. It is billed either way."),
        start=True,
        conflicts=(
            Conflict(
                _("Include reasoning is on, but Reasoning has “exclude”."),
                lambda values: (
                    values["include_reasoning"] is True
                    and reasoning_of(values).get("exclude") is True
                ),
                (
                    unset("include_reasoning", _("Leave reasoning out")),
                    reasoning_without("exclude", _("Include reasoning")),
                ),
            ),
        ),
    ),
    Parameter(
        name="logprobs",
        kind=ParameterKind.SWITCH,
        group=ParameterGroup.PROBABILITIES,
        label=_("Log probabilities"),
        help=_(
            "Returns the probability of each token of the answer. The heat map and the lab need it."
        ),
        start=True,
    ),
    Parameter(
        name="top_logprobs",
        kind=ParameterKind.INTEGER,
        group=ParameterGroup.PROBABILITIES,
        label=_("Top log probabilities"),
        help=_(
            "How many alternatives are returned for each token, with their probabilities. Log "
            "probabilities must be on."
        ),
        low=0,
        high=20,
        step=1,
        start=5,
        conflicts=(
            Conflict(
                _("Top log probabilities need Log probabilities to be on."),
                lambda values: values.get("logprobs") is not True,
                (
                    Fix(_("Turn on Log probabilities"), lambda _values: {"logprobs": True}),
                    unset("top_logprobs", _("Reset Top log probabilities")),
                ),
            ),
        ),
    ),
    Parameter(
        name="logit_bias",
        kind=ParameterKind.BIAS,
        group=ParameterGroup.PROBABILITIES,
        label=_("Logit bias"),
        help=_(
            "Makes single tokens more or less likely: −100 bans a token, 100 "
            "practically forces it. Token ids belong to one model."
        ),
        check=check_logit_bias,
        start={"1234": -100},
    ),
    Parameter(
        name="response_format",
        kind=ParameterKind.FORMAT,
        group=ParameterGroup.OUTPUT,
        label=_("Response format"),
        help=_("Makes the model answer with JSON: any object, or one that matches a JSON Schema."),
        check=check_response_format,
        start={"type": "json_object"},
    ),
    Parameter(
        name="structured_outputs",
        kind=ParameterKind.SWITCH,
        group=ParameterGroup.OUTPUT,
        label=_("Structured outputs"),
        help=_("Makes the provider enforce the JSON Schema of Response format."),
        start=True,
        conflicts=(
            Conflict(
                _("Structured outputs need a Response format with a JSON Schema."),
                lacks_schema,
                (unset("structured_outputs", _("Reset Structured outputs")),),
            ),
        ),
    ),
    Parameter(
        name="tools",
        kind=ParameterKind.FUNCTIONS,
        group=ParameterGroup.TOOLS,
        label=_("Tools"),
        help=_("Functions that the model may call, each with a name and a JSON Schema."),
        check=check_tools,
        start=EXAMPLE_TOOLS,
    ),
    Parameter(
        name="tool_choice",
        kind=ParameterKind.CHOICE,
        group=ParameterGroup.TOOLS,
        label=_("Tool choice"),
        help=_(
            "Whether the model calls a tool: never (none), if it decides to (auto), at least one "
            "(required), or a certain tool."
        ),
        choices=("none", "auto", "required"),
        more_choices=named_choices,
        takes_object=True,
        check=check_tool_choice,
        start="auto",
        conflicts=(
            Conflict(
                _("Tool choice names a tool that isn't in Tools."),
                names_no_tool,
                (Fix(_("Let the model choose"), lambda _values: {"tool_choice": "auto"}),),
            ),
            Conflict(
                _("Tool choice needs at least one tool in Tools."),
                lambda values: not values.get("tools") and values["tool_choice"] != "none",
                (unset("tool_choice", _("Reset Tool choice")),),
            ),
        ),
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
        raise ParameterError(_("“{text}” isn't in the form NAME=VALUE.").format(text=text[:80]))
    if name not in BY_NAME:
        raise ParameterError(
            _("There is no parameter “{name}”. The parameters are: {list}.").format(
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
