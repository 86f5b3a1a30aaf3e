"""Schemas, answers and calls are checked, hostile ones too, and nothing is fetched for it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from referencing.exceptions import Unresolvable

from app.domain.chat.conversation import ToolCall
from app.domain.parameters.json_checks import check_response_format, check_tools
from app.services.schemas import validation as checking
from app.services.schemas.validation import Violation, check_arguments, check_schema, violations
from app.services.schemas.validator_process import MOST, answer, problems
from app.services.tools.examples import EXAMPLES
from tests.checkout import ROOT
from tests.servers import serving

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 2},
        "age": {"type": "integer", "minimum": 0},
        "likes": {"type": "array", "items": {"enum": ["tea", "coffee"]}},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
}


def found(text: str, schema: Any) -> list[Violation]:
    """Check in this process, which is faster."""
    question = {"text": text, "schema": schema, "fenced": True}
    return [Violation(*one) for one in answer(question)]


def problem(schema: Any) -> str | None:
    """Check a schema in this process."""
    return next((message for _path, message in answer({"schema": schema})), None)


# Answers.


def test_an_answer_that_fits_has_no_violations() -> None:
    assert violations('{"name": "Ada", "age": 36, "likes": ["tea"]}', PERSON) == []


def test_each_violation_says_where_and_what() -> None:
    text = '{"name": "A", "age": "x", "likes": ["tea", "milk"], "more": 1}'
    assert set(violations(text, PERSON)) == {
        Violation("$", 'Not allowed: "more".'),
        Violation("$.name", "Must have at least 2 characters."),
        Violation("$.age", "Must be of type integer; it is string."),
        Violation("$.likes[1]", 'Must be one of "tea", "coffee"; it is "milk".'),
    }


@pytest.mark.parametrize(
    ("schema", "text", "path", "says"),
    [
        ({"required": ["a", "b", "c"]}, '{"b": 1}', "$", 'Missing: "a", "c".'),
        ({"maximum": 5}, "7", "$", "at most 5; it is 7"),
        ({"exclusiveMinimum": 5}, "5", "$", "more than 5"),
        ({"multipleOf": 0.5}, "0.7", "$", "multiple of 0.5"),
        ({"const": "a"}, '"b"', "$", 'Must be "a".'),
        ({"pattern": "^a"}, '"b"', "$", 'pattern "^a"'),
        ({"uniqueItems": True}, "[1, 1]", "$", "more than once"),
        ({"properties": {"a b": False}}, '{"a b": 1}', "$", "1 isn't allowed here."),
        ({"type": ["string", "null"]}, "1", "$", "string | null; it is integer"),
        (
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "[]",
            "$",
            "string | null; it is array",
        ),
        ({"oneOf": [{"type": "null"}, {"items": {"type": "null"}}]}, "[1]", "$[0]", "type null"),
        ({"oneOf": [{}, True]}, "1", "$", "more than one"),
        ({"format": "date"}, '"2026-02-30"', "$", '"date"; it is "2026-02-30"'),
        ({"contains": {"type": "null"}}, "[]", "$", "contains"),
        ({"items": {"$ref": "#/$defs/a"}, "$defs": {"a": {"type": "null"}}}, "[1]", "$[0]", "null"),
        (False, "1", "$", "1 isn't allowed here."),
    ],
)
def test_what_is_wrong_is_said_in_our_words(schema: Any, text: str, path: str, says: str) -> None:
    (violation,) = found(text, schema)
    assert violation.path == path
    assert says in violation.message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1, column 1"),
        ("Here it is: {}", "line 1, column 1"),
        ('{"a": 1,\n "b" 2}', "line 2, column 6"),
        ('```json\n{"a": 1,\n "b" 2}\n```', "line 3, column 6"),
        ('\n\n```\n{"a": \n', "line 4, column 6"),
        ("```\n```", "line 2, column 1"),
        ("{}\n{}", "line 2, column 1"),
        ("[NaN]", "NaN isn't a number"),
        ("-Infinity", "-Infinity isn't a number"),
        ("9" * 5000, "digits"),
    ],
)
def test_what_is_no_json_is_one_violation_that_says_where(text: str, says: str) -> None:
    (violation,) = found(text, {})
    assert violation.path == ""
    assert "Not JSON" in violation.message
    assert says in violation.message


@pytest.mark.parametrize(
    "text",
    [
        '"a`b"',
        '```\n"a`b"\n```',
        '\n ```json\n"a`b"\n```  \n',
        '````json5 x\n"a`b"\n````',
        '```json\n"a`b"',
        '```json\n"a`b"\n``',
    ],
)
def test_a_fenced_answer_counts_as_what_is_in_it(text: str) -> None:
    wrong = text.endswith("\n``")
    assert bool(found(text, {"const": "a`b"})) is wrong


def test_at_most_so_many_violations_are_told_and_each_is_short() -> None:
    text = json.dumps([{"a" * 100_000: "b" * 100_000}] * 1_000)
    schema = {"items": {"additionalProperties": {"enum": ["c" * 100_000] * 3}}}
    told = found(text, schema)
    assert len(told) == MOST
    assert all(len(one.path) < 300 and len(one.message) < 400 for one in told)


def test_a_schema_that_is_wrong_is_the_one_violation() -> None:
    (violation,) = violations("{}", {"properties": {"a": {"type": "text"}}})
    assert violation.path == ""
    assert "$.properties.a.type" in violation.message


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def schema_of(value: Any) -> dict[str, Any]:
    """A schema that this value fits, and none of another shape."""
    match value:
        case None | bool() | float():
            return {"const": value}
        case int():
            return {"type": "integer", "minimum": value, "maximum": value}
        case str():
            return {"type": "string", "minLength": len(value), "maxLength": len(value)}
        case list():
            parts = [schema_of(one) for one in value]
            return {"type": "array", "minItems": len(value), "items": False} | (
                {"prefixItems": parts} if parts else {}
            )
        case _:
            return {
                "type": "object",
                "properties": {name: schema_of(one) for name, one in value.items()},
                "required": list(value),
                "additionalProperties": False,
            }


@settings(deadline=None)
@given(JSON)
def test_every_value_fits_the_schema_that_was_made_of_it(value: Any) -> None:
    schema = schema_of(value)
    assert problem(schema) is None
    assert found(json.dumps(value), schema) == []
    assert found(f"```json\n{json.dumps(value, indent=1)}\n```", schema) == []


@settings(deadline=None)
@given(JSON, JSON)
def test_another_value_does_not_fit_it(value: Any, other: Any) -> None:
    assume(not isinstance(value, str) or not isinstance(other, str))
    schema = {"properties": {"a": schema_of(value)}}
    assume(schema_of(value) != schema_of(other) and value != other)
    told = found(json.dumps({"a": other}), schema)
    assert told
    assert all(one.path.startswith("$.a") for one in told)


# fmt: off
KEYWORDS = st.sampled_from([
    "type", "properties", "items", "anyOf", "$ref", "pattern", "enum", "required", "minimum",
    "additionalProperties", "format", "$id", "$schema", "$defs", "not", "const", "$anchor", "if",
])
# fmt: on
#: Anything, but with the words that mean something in many places.
STRANGE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["#", "#/a", "string", "http://127.0.0.1:9/", "(", "regex", "", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYWORDS, inner, max_size=3),
    max_leaves=12,
)


@settings(deadline=None)
@given(STRANGE, JSON)
def test_no_schema_is_too_strange_for_an_answer(schema: Any, value: Any) -> None:
    wrong = problem(schema)
    assert wrong is None or 0 < len(wrong) < 800
    told = found(json.dumps(value), schema)
    assert len(told) <= MOST
    if wrong is not None:
        assert [one.path for one in told] == [""]


# Schemas.


@pytest.mark.parametrize("schema", [True, {}, PERSON, {"$schema": "http://nowhere"}])
def test_a_schema_that_is_fine_has_nothing_said_of_it(schema: Any) -> None:
    assert check_schema(schema) is None


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (7, "an object"),
        (None, "an object"),
        ([], "an object"),
        ({"type": "text"}, 'At $.type: Must be one of "array"'),
        ({"properties": {"a b": {"minLength": -1}}}, "At $.properties['a b'].minLength: "),
        ({"items": {"required": "a"}}, "At $.items.required: Must be of type array"),
        ({"pattern": "(a"}, "At $.pattern: Isn't a valid pattern"),
        ({"$schema": 7}, "At $['$schema']: "),
        ({"$ref": "#"}, "refers to itself"),
        ({"properties": {"a": {"$ref": "#/$defs/b"}}}, "At $.properties.a: It refers to #/$defs/b"),
        ({"$schema": "http://json-schema.org/draft-04/schema#", "id": 7}, "$.id"),
    ],
)
def test_what_is_wrong_with_a_schema_is_said_with_its_place(schema: Any, says: str) -> None:
    said = problem(schema)
    assert said is not None
    assert says in said
    assert said.endswith(".")


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"$ref": {"type": "string"}}, "enum": [{"$ref": "http://nowhere/"}]},
        {"properties": {"enum": {"$ref": "#/$defs/a"}}, "$defs": {"a": {}}},
        {
            "$id": "http://a/b",
            "$ref": "c",
            "$defs": {"d": {"$id": "c", "$ref": "#e", "$defs": {"f": {"$anchor": "e"}}}},
        },
        {"$ref": "https://json-schema.org/draft/2020-12/schema"},
        {"type": ["object", "null"], "properties": {"next": {"$ref": "#"}}},
    ],
)
def test_what_only_looks_like_a_wrong_reference_is_let_be(schema: Any) -> None:
    assert problem(schema) is None


def test_a_reference_to_nothing_is_found_inside_what_is_named_like_data() -> None:
    assert problem({"properties": {"enum": {"$ref": "#/$defs/a"}}}) is not None


# What is hostile.


def test_nothing_is_ever_fetched() -> None:
    with serving(lambda connection: connection.head()) as server:
        for reference in ("$ref", "$dynamicRef"):
            schema = {"properties": {"a": {reference: f"{server.url}/schema.json"}}}
            said = check_schema(schema)
            assert said is not None
            assert server.url in said
            assert len(violations('{"a": 1}', schema)) == 1
            with pytest.raises(Unresolvable):
                # Behind the one guard there is another.
                list(problems({"a": 1}, schema))
        assert server.requests == []


def test_no_file_is_ever_opened(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    file.write_text('{"type": "string"}')
    schema = {"$ref": file.as_uri()}
    assert check_schema(schema) is not None
    with pytest.raises(Unresolvable):
        list(problems(1, schema))


def exploding() -> dict[str, Any]:
    """A schema whose forms double forty times."""
    parts: dict[str, Any] = {
        f"a{n}": {"anyOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(40)
    }
    return {"$ref": "#/$defs/a0", "$defs": parts | {"a40": {"type": "null"}}}


@pytest.mark.parametrize(
    ("text", "schema"),
    [
        ('"' + "a" * 50 + '!"', {"pattern": "^(a+)+$"}),
        ("{" + '"' + "a" * 50 + '!": 1}', {"patternProperties": {"^(a|a)*$": {}}}),
        ("1", exploding()),
    ],
)
def test_what_would_take_for_ever_is_ended(
    monkeypatch: pytest.MonkeyPatch, text: str, schema: Any
) -> None:
    children = Path("/proc/self/task")
    before = sorted(one.read_text() for one in children.glob("*/children"))
    monkeypatch.setattr(checking, "SECONDS", 1.0)
    (violation,) = violations(text, schema)
    assert "1 seconds" in violation.message
    assert sorted(one.read_text() for one in children.glob("*/children")) == before


def deep(levels: int) -> Any:
    """A schema with so many levels."""
    schema: Any = {}
    for _level in range(levels):
        schema = {"items": schema}
    return schema


TOO_MUCH: dict[str, Callable[[], tuple[str, Any, str]]] = {
    "deep text": lambda: ("[" * 100_000 + "]" * 100_000, {}, "nested too deeply"),
    "deep schema": lambda: ("1", deep(100_000), "nested too deeply"),
    "deep both": lambda: ("[" * 900 + "]" * 900, {"items": {"$ref": "#"}}, "nested too deeply"),
    "itself": lambda: ("1", {"allOf": [{"$ref": "#"}]}, "refers to itself"),
    "long schema": lambda: ("1", {"enum": list(range(1_000_000))}, "too long"),
    "no number": lambda: ("1", {"const": float("nan")}, "isn't JSON"),
    "no JSON": lambda: ("1", {"const": object()}, "isn't JSON"),
    "long text": lambda: ("x" * 20_000_001, {}, "too long"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_is_too_much_is_refused(name: str) -> None:
    text, schema, says = TOO_MUCH[name]()
    (violation,) = violations(text, schema)
    assert violation.path == ""
    assert says in violation.message


def test_a_process_that_dies_says_nothing_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for python in ("/nonexistent/python", "/bin/false", "/bin/true"):
        monkeypatch.setattr(sys, "executable", python)
        said = check_schema({})
        assert said is not None
        assert "check failed" in said


def test_the_process_gets_no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\nenv >'{tmp_path}/seen'\necho '[]'\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setenv("OPENROUTER_API_KEY", "canary")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert check_schema({}) is None
    seen = (tmp_path / "seen").read_text()
    assert "canary" not in seen
    assert "LC_ALL=C.UTF-8" in seen


def test_half_characters_are_mended() -> None:
    (violation,) = violations('{"\\ud800": 1}', {"additionalProperties": False})
    assert "\ufffd" in violation.message


# Calls.

TOOLS = [
    {"type": "function", "function": {"name": "look", "parameters": PERSON}},
    {"type": "function", "function": {"name": "bare"}},
]


def call(name: str, arguments: str) -> ToolCall:
    """A call with these arguments."""
    return ToolCall("call_1", name, arguments)


def test_a_call_is_checked_against_its_tool() -> None:
    assert check_arguments(call("look", '{"name": "Ada", "age": 36}'), TOOLS) == []
    assert check_arguments(call("look", '{"name": "Ada"}'), TOOLS) == [
        Violation("$", 'Missing: "age".')
    ]
    (cut,) = check_arguments(call("look", '{"name": "Ad'), TOOLS)
    assert "line 1, column" in cut.message


def test_a_tool_without_parameters_takes_any_object() -> None:
    assert check_arguments(call("bare", ""), TOOLS) == []
    assert check_arguments(call("bare", '{"any": 1}'), TOOLS) == []
    assert len(check_arguments(call("bare", "[]"), TOOLS)) == 1


def test_arguments_in_a_fence_are_no_json() -> None:
    assert len(check_arguments(call("bare", "```\n{}\n```"), TOOLS)) == 1


@pytest.mark.parametrize("tools", [TOOLS, [], None, 7, {}, [7, {}, {"function": 7}]])
def test_an_unknown_tool_is_one_violation(tools: Any) -> None:
    (violation,) = check_arguments(call("other" * 100, "{}"), tools)
    assert violation.path == ""
    assert "otherother" in violation.message
    assert len(violation.message) < 200


# Examples, and what is loaded.


def test_the_examples_are_fine() -> None:
    tools = [one.value for one in EXAMPLES.tools]
    assert len(tools) == 6
    assert check_tools(tools) is None
    assert len({tool["function"]["name"] for tool in tools}) == 6
    for tool in tools:
        assert problem(tool["function"]["parameters"]) is None
        assert tool["function"]["description"]
    assert len(EXAMPLES.responses) == 3
    for example in EXAMPLES.responses:
        assert check_response_format(example.value) is None
        assert check_schema(example.value["json_schema"]["schema"]) is None


def test_a_strict_example_requires_all_and_allows_no_more() -> None:
    # What OpenAI asks of a schema that is strict.
    waiting = [one.value["json_schema"]["schema"] for one in EXAMPLES.responses]
    while waiting:
        schema = waiting.pop()
        if schema.get("type") == "object":
            assert schema["required"] == list(schema["properties"])
            assert schema["additionalProperties"] is False
            waiting += schema["properties"].values()
        if "items" in schema:
            waiting.append(schema["items"])


def test_asking_loads_nothing_that_takes_long() -> None:
    code = (
        "import sys, app.services.schemas.validation as checking;"
        "assert checking.check_schema({}) is None;"
        "print(*{'jsonschema', 'referencing', 'attrs'}.intersection(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
