"""What OpenRouter says that a chat request is, as a JSON Schema of our own; and requests drawn."""

from typing import Any

from hypothesis import strategies as st

from app.domain.parameters.json_checks import EFFORTS, SUMMARIES
from app.domain.parameters.kinds import Json, Parameter, ParameterKind
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.routing import SORTS

_TEXT = {"type": "string"}
_NAME = {"type": "string", "maxLength": 64}
_NUMBER = {"type": "number"}
_WHOLE = {"type": "integer"}
_SWITCH = {"type": "boolean"}
_TEXTS = {"type": "array", "items": _TEXT}


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def _said_by(role: str, required: tuple[str, ...], **more: Any) -> dict[str, Any]:
    return _object(("role", *required), role={"const": role}, content=_TEXT, **more)


_CALL = _object(
    ("id", "type", "function"),
    id=_TEXT,
    type={"const": "function"},
    function=_object(("name", "arguments"), name=_TEXT, arguments=_TEXT),
)
_TURN = _said_by(
    "assistant",
    (),
    reasoning=_TEXT,
    reasoning_details={"type": "array", "items": _object(("type",), type=_TEXT)},
    tool_calls={"type": "array", "items": _CALL},
)
_ROUTING = {
    **_object(
        order=_TEXTS,
        only=_TEXTS,
        ignore=_TEXTS,
        quantizations=_TEXTS,
        allow_fallbacks=_SWITCH,
        require_parameters=_SWITCH,
        zdr=_SWITCH,
        enforce_distillable_text=_SWITCH,
        data_collection={"enum": ["allow", "deny"]},
        sort={"enum": list(SORTS)},
        max_price={"type": "object", "additionalProperties": _TEXT},
    ),
    "additionalProperties": False,
}
#: Stricter than the provider's own: nothing but what the program sends.
REQUEST = {
    **_object(
        ("model", "messages", "stream"),
        model=_TEXT,
        messages={
            "type": "array",
            "items": {
                "oneOf": [
                    _said_by("system", ("content",)),
                    _said_by("user", ("content",)),
                    _TURN,
                    _said_by("tool", ("content", "tool_call_id"), tool_call_id=_TEXT),
                ]
            },
        },
        stream={"const": True},
        session_id={"type": "string", "maxLength": 256},
        provider=_ROUTING,
        temperature={**_NUMBER, "minimum": 0, "maximum": 2},
        top_p={**_NUMBER, "exclusiveMinimum": 0, "maximum": 1},
        min_p={**_NUMBER, "minimum": 0, "maximum": 1},
        top_k={**_WHOLE, "minimum": 0},
        frequency_penalty={**_NUMBER, "minimum": -2, "maximum": 2},
        presence_penalty={**_NUMBER, "minimum": -2, "maximum": 2},
        repetition_penalty={**_NUMBER, "exclusiveMinimum": 0, "maximum": 2},
        max_completion_tokens={**_WHOLE, "minimum": 1},
        seed=_WHOLE,
        stop={**_TEXTS, "maxItems": 4},
        reasoning=_object(
            effort={"enum": list(EFFORTS)},
            max_tokens=_WHOLE,
            exclude=_SWITCH,
            enabled=_SWITCH,
            summary={"enum": list(SUMMARIES)},
        ),
        include_reasoning=_SWITCH,
        logprobs=_SWITCH,
        top_logprobs={**_WHOLE, "minimum": 0, "maximum": 20},
        logit_bias={
            "type": "object",
            "additionalProperties": {**_NUMBER, "minimum": -100, "maximum": 100},
        },
        response_format={
            "oneOf": [
                _object(("type",), type={"enum": ["text", "json_object", "python"]}),
                _object(("type", "grammar"), type={"const": "grammar"}, grammar=_TEXT),
                _object(
                    ("type", "json_schema"),
                    type={"const": "json_schema"},
                    json_schema=_object(
                        ("name", "schema"), name=_NAME, schema={"type": "object"}, strict=_SWITCH
                    ),
                ),
            ]
        },
        structured_outputs=_SWITCH,
        tools={
            "type": "array",
            "minItems": 1,
            "items": _object(
                ("type", "function"),
                type={"const": "function"},
                function=_object(
                    ("name",),
                    name=_NAME,
                    description=_TEXT,
                    parameters={"type": "object"},
                    strict=_SWITCH,
                ),
            ),
        },
        tool_choice={
            "anyOf": [
                {"enum": ["none", "auto", "required"]},
                _object(
                    ("type", "function"),
                    type={"const": "function"},
                    function=_object(("name",), name=_TEXT),
                ),
            ]
        },
    ),
    "additionalProperties": False,
}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=64)
schemas = st.fixed_dictionaries(
    {"type": st.just("object")},
    optional={"properties": st.dictionaries(names, st.just({"type": "string"}), max_size=2)},
)
functions = st.fixed_dictionaries(
    {"name": names}, optional={"description": texts, "parameters": schemas, "strict": st.booleans()}
)
#: Of the parameters that are JSON of a shape of their own.
_SHAPES: dict[str, st.SearchStrategy[Json]] = {
    "reasoning": st.fixed_dictionaries(
        {},
        optional={
            "effort": st.sampled_from(EFFORTS),
            "max_tokens": st.integers(1, 100_000),
            "exclude": st.booleans(),
            "enabled": st.booleans(),
            "summary": st.sampled_from(SUMMARIES),
        },
    ),
    "logit_bias": st.dictionaries(
        st.integers(0, 200_000).map(str), st.floats(-100, 100) | st.integers(-100, 100), max_size=3
    ),
    "response_format": st.sampled_from(["text", "json_object", "python"]).map(
        lambda kind: {"type": kind}
    )
    | st.builds(lambda text: {"type": "grammar", "grammar": text}, texts)
    | st.builds(
        lambda name, schema: {
            "type": "json_schema",
            "json_schema": {"name": name, "strict": True, "schema": schema},
        },
        names,
        schemas,
    ),
    "tools": st.lists(
        functions.map(lambda one: {"type": "function", "function": one}), min_size=1, max_size=3
    ),
}


def values_of(parameter: Parameter) -> st.SearchStrategy[Json]:
    """Every value that the table takes."""
    low, high = parameter.low, parameter.high
    match parameter.kind:
        case ParameterKind.NUMBER:
            return st.floats(low, high, exclude_min=parameter.above_low)
        case ParameterKind.INTEGER:
            return st.integers(
                -(2**63) if low is None else int(low), 2**63 - 1 if high is None else int(high)
            )
        case ParameterKind.SWITCH:
            return st.booleans()
        case ParameterKind.CHOICE if parameter.name not in _SHAPES:
            named = names.map(lambda name: {"type": "function", "function": {"name": name}})
            return st.sampled_from(parameter.choices) | named
        case ParameterKind.STRINGS:
            return st.lists(texts.filter(bool), min_size=1, max_size=parameter.most)
        case _:
            return _SHAPES[parameter.name]


parameter_sets = st.fixed_dictionaries(
    {}, optional={parameter.name: values_of(parameter) for parameter in PARAMETERS}
)
routings = st.fixed_dictionaries(
    {},
    optional={
        "order": st.lists(names, max_size=2),
        "only": st.lists(names, max_size=2),
        "ignore": st.lists(names, max_size=2),
        "allow_fallbacks": st.booleans(),
        "require_parameters": st.booleans(),
        "zdr": st.booleans(),
        "data_collection": st.sampled_from(["allow", "deny"]),
        "sort": st.sampled_from(SORTS),
        "max_price": st.fixed_dictionaries({}, optional={"prompt": st.just("0.5")}),
    },
)
