"""Example definitions of tools and of response formats, for the person to start from.

Long because it is data; import it late. Names and descriptions are for the model and stay English;
only the titles, for the person, are translated.
"""

from dataclasses import dataclass
from typing import Any

from app.domain.text.translation import _

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """An example definition as JSON, and its title."""

    title: str
    value: Json


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples for entries of the parameter `tools`, and for values of `response_format`."""

    tools: tuple[Example, ...]
    responses: tuple[Example, ...]


def _object(properties: Json, required: list[str] | None = None) -> Json:
    """Return the schema of an object with only these properties; None requires all of them."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def _tool(name: str, description: str, parameters: Json) -> Json:
    function = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": function}


def _response(name: str, schema: Json) -> Json:
    return {
        "type": "json_schema",
        "json_schema": {"name": name, "strict": True, "schema": schema},
    }


_WEATHER = _tool(
    "get_weather",
    "Tells the weather at a place: temperature, wind, and rain or snow. "
    "For today it is what is measured now, for later days a forecast.",
    _object(
        {
            "place": {
                "type": "string",
                "description": "A town, with its country where the name is common: Paris, France",
            },
            "day": {
                "type": "string",
                "enum": ["today", "tomorrow", "week"],
                "description": "Which day; today if it is left out",
            },
            "units": {
                "type": "string",
                "enum": ["metric", "imperial"],
                "description": "What the person is used to; metric if it is left out",
            },
        },
        ["place"],
    ),
)

_SEARCH = _tool(
    "search_web",
    "Searches the web and returns pages, each with title, address and a few lines. "
    "Use it for what is recent, and for facts that you are not sure of.",
    _object(
        {
            "query": {
                "type": "string",
                "minLength": 1,
                "description": "A few words, as one would type them into a search engine",
            },
            "count": {
                "type": "integer",
                "minimum": 1,
                "maximum": 20,
                "description": "How many pages; 5 if it is left out",
            },
            "newer_than": {
                "type": "string",
                "format": "date",
                "description": "Only pages that are newer than this day: 2026-01-31",
            },
        },
        ["query"],
    ),
)

_CALCULATOR = _tool(
    "calculate",
    "Computes an expression exactly. Use it for every sum that is not trivial.",
    _object(
        {
            "expression": {
                "type": "string",
                "minLength": 1,
                "description": "With + - * / ** ( ), sqrt, sin, cos, log, pi: (3 + 4) * sqrt(2)",
            },
            "digits": {
                "type": "integer",
                "minimum": 0,
                "maximum": 50,
                "description": "Digits after the decimal point; as many as needed if left out",
            },
        },
        ["expression"],
    ),
)

_FILE = _tool(
    "read_file",
    "Returns the lines of a text file. Read a long file a part at a time.",
    _object(
        {
            "path": {
                "type": "string",
                "minLength": 1,
                "description": "The file, from the project's folder on: notes/plan.md",
            },
            "first_line": {
                "type": "integer",
                "minimum": 1,
                "description": "The first line to return; 1 if it is left out",
            },
            "lines": {
                "type": "integer",
                "minimum": 1,
                "maximum": 2000,
                "description": "How many lines; 200 if it is left out",
            },
        },
        ["path"],
    ),
)

_TIME = _tool(
    "get_current_time",
    "Tells date, time and day of the week, now, in a time zone.",
    _object(
        {
            "time_zone": {
                "type": "string",
                "description": "A name of the IANA's list, such as Europe/Berlin; "
                "the person's own if it is left out",
            }
        },
        [],
    ),
)

_UNITS = _tool(
    "convert_units",
    "Converts an amount from one unit into another of the same kind: lengths, masses, "
    "volumes, temperatures, speeds.",
    _object(
        {
            "amount": {"type": "number", "description": "How much of the first unit"},
            "unit": {"type": "string", "description": "The unit it is in: mile, kg, °F"},
            "into": {"type": "string", "description": "The unit that is wanted: km, lb, °C"},
        }
    ),
)

_LIST = _response(
    "items",
    _object(
        {
            "items": {
                "type": "array",
                "description": "The most important first",
                "items": _object(
                    {
                        "name": {"type": "string"},
                        "reason": {
                            "type": "string",
                            "description": "One sentence on why it is here",
                        },
                    }
                ),
            }
        }
    ),
)

_PERSON = _response(
    "person",
    _object(
        {
            "name": {"type": "string", "description": "As it stands in the text"},
            "born": {
                "type": ["integer", "null"],
                "description": "The year of birth; null if the text does not say",
            },
            "occupation": {"type": ["string", "null"]},
            "places": {
                "type": "array",
                "description": "Where the person lived or worked; empty if the text does not say",
                "items": {"type": "string"},
            },
        }
    ),
)

_CLASS = _response(
    "classification",
    _object(
        {
            "reason": {"type": "string", "description": "What in the text decides, in one line"},
            "label": {"type": "string", "enum": ["positive", "negative", "mixed", "neutral"]},
            "certainty": {
                "type": "number",
                "minimum": 0,
                "maximum": 1,
                "description": "1 where there is no doubt",
            },
        }
    ),
)

EXAMPLES = Examples(
    tools=(
        Example(_("Weather"), _WEATHER),
        Example(_("Web search"), _SEARCH),
        Example(_("Calculator"), _CALCULATOR),
        Example(_("Read a file"), _FILE),
        Example(_("Current time"), _TIME),
        Example(_("Convert units"), _UNITS),
    ),
    responses=(
        Example(_("A list of items"), _LIST),
        Example(_("Facts about a person"), _PERSON),
        Example(_("Classification"), _CLASS),
    ),
)
