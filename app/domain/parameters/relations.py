"""Rules between parameters for the table: conflicts, their fixes, and dependent choices."""

from app.domain.parameters.json_checks import EFFORTS
from app.domain.parameters.kinds import Fix, Json, Values
from app.domain.text.translation import _

#: Tokens for the answer itself when max_tokens is raised above the reasoning budget.
ROOM_FOR_AN_ANSWER = 1024
#: An example of a value of `tools`.
EXAMPLE_TOOLS: Json = [
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
]


def reasoning_of(values: Values) -> dict[str, Json]:
    """Return the `reasoning` object, or an empty one if it is not set."""
    value = values.get("reasoning")
    return value if isinstance(value, dict) else {}


def budget_exceeds_limit(values: Values) -> bool:
    """Whether the reasoning budget is at least max_tokens, so that no answer may be left."""
    budget = reasoning_of(values).get("max_tokens")
    return isinstance(budget, int) and "max_tokens" in values and budget >= values["max_tokens"]


def unset(name: str, label: str) -> Fix:
    """Make a fix that unsets one parameter."""
    return Fix(label, lambda _values: {name: None})


def reasoning_without(name: str, label: str) -> Fix:
    """Make a fix that removes one field of `reasoning`, or `reasoning` itself if that was its only
    field.
    """

    def changes(values: Values) -> dict[str, Json]:
        rest = {key: field for key, field in reasoning_of(values).items() if key != name}
        return {"reasoning": rest or None}

    return Fix(label, changes)


def room_for_an_answer(values: Values) -> dict[str, Json]:
    """Return the change of a fix: max_tokens becomes the reasoning budget + ROOM_FOR_AN_ANSWER."""
    return {"max_tokens": reasoning_of(values)["max_tokens"] + ROOM_FOR_AN_ANSWER}


def function_names(tools: Json) -> list[str]:
    """Return the names of the functions in a value of `tools`."""
    functions = (tool.get("function") for tool in tools or () if isinstance(tool, dict))
    names = (function.get("name") for function in functions if isinstance(function, dict))
    return [name for name in names if isinstance(name, str)]


def efforts(_values: Values) -> list[tuple[str, Json]]:
    """Return each reasoning effort as a (label, value of `reasoning`), the highest first."""
    words = {
        "none": _("Off"),
        "minimal": _("Minimal effort"),
        "low": _("Low effort"),
        "medium": _("Medium effort"),
        "high": _("High effort"),
        "xhigh": _("Very high effort"),
        "max": _("Maximum effort"),
    }
    return [(words[effort], {"effort": effort}) for effort in reversed(EFFORTS)]


def named_choices(values: Values) -> list[tuple[str, Json]]:
    """Return each function of `tools` as a (label, value of `tool_choice`)."""
    return [
        (_("Tool: {name}").format(name=name), {"type": "function", "function": {"name": name}})
        for name in function_names(values.get("tools"))
    ]


def names_no_tool(values: Values) -> bool:
    """Whether `tool_choice` names a function that is not among `tools`; False without `tools`."""
    choice = values["tool_choice"]
    names = function_names(values.get("tools"))
    return isinstance(choice, dict) and bool(names) and choice["function"]["name"] not in names


def lacks_schema(values: Values) -> bool:
    """Whether `structured_outputs` is on without a JSON Schema in `response_format`."""
    wanted = values.get("response_format")
    schema = isinstance(wanted, dict) and wanted.get("type") == "json_schema"
    return values.get("structured_outputs") is True and not schema
