"""The request as text is run, and the very same body arrives."""

import asyncio
import inspect
import json
import shutil
import sys
from typing import Any

import pytest
from openai.resources.chat.completions import Completions

from app.api.dialects.request_as_program import (
    OPENAI_ARGUMENTS,
    as_curl,
    as_javascript,
    as_json,
    as_openai,
    as_python,
)
from tests.api.dialects.dialect_table import FACTS, SAME
from tests.servers import Request, answer, chat, serving

BODY: dict[str, Any] = {
    "model": "m",
    "messages": [
        {"role": "system", "content": "JSON"},
        {"role": "user", "content": 'it\'s "quoted" `$HOME` ${x} $(id) \\ \\n !! %s {0} \\\n\\'},
        {
            "role": "user",
            "content": "lines\nand\r\nmore\tJSON\nJSON\n"
            "EOF\n'''\n\"\"\"\n迁移 😀 👩‍👩‍👧 \u2028\x07\u202e\x85",
        },
        {"role": "user", "content": "word " * 40_000},
        {"role": "user", "content": "line of text\n" * 2_000},
        {
            "role": "assistant",
            "content": None,
            "reasoning_details": [{"type": "reasoning.encrypted", "data": "x=="}],
            "tool_calls": [
                {"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"a": "'}}
            ],
        },
        {"role": "tool", "tool_call_id": "1", "content": "'"},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "</script>"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
                {"type": "unheard_of", "__proto__": {"a": [[], {}, [{}]]}},
            ],
        },
    ],
    "stream": True,
    "stream_options": {"include_usage": True},
    "temperature": 1.0,
    "top_p": 1e-7,
    "seed": 2**63 - 1,
    "logit_bias": {"__proto__": -100, "constructor": 2**53 + 1, "": 2**70},
    "stop": None,
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    # What the openai package has no argument for, or another one of that name.
    "min_p": 0.05,
    "provider": {"order": ["a"], "allow_fallbacks": False},
    "timeout": 3,
    "extra_body": {"a": 1},
    "extra_headers": {"X-Evil": "1"},
    "self": "me",
    "a b": "no name",
}
VARIABLE = "LOQUAT_TEST_KEY"
RUNS: list[tuple[Any, list[str]]] = [
    (as_curl, ["sh"]),
    (as_python, [sys.executable, "-"]),
    (as_openai, [sys.executable, "-"]),
    (as_javascript, ["node", "--input-type=module", "-"]),
]
NAMES = ["curl", "python", "openai", "javascript"]


def exact(value: Any) -> str:
    """Tell apart what `==` doesn't: 1 and 1.0 and true."""
    return json.dumps(value, sort_keys=True)


async def run(command: list[str], text: str, **environment: str) -> str:
    """Run a program, its source on standard input; return what it prints."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", **environment},
    )
    output, errors = await asyncio.wait_for(process.communicate(text.encode()), 60)
    assert process.returncode == 0, errors.decode()
    return output.decode()


async def sent_by(write: Any, command: list[str], body: dict[str, Any], path: str) -> Request:
    """Run what is written of a body; return what it really sends."""
    with serving(answer(chat("né 😀"))) as server:
        text = write(server.url + path, body, VARIABLE)
        assert "né 😀" in await run(command, text, **{VARIABLE: "sk-secret"})
    (request,) = server.requests
    assert request.headers["authorization"] == "Bearer sk-secret"
    assert request.headers["content-type"] == "application/json"
    assert request.path == path
    return request


@pytest.mark.parametrize(("write", "command"), RUNS, ids=NAMES)
async def test_what_runs_elsewhere_sends_the_same(write: Any, command: list[str]) -> None:
    request = await sent_by(write, command, BODY, "/v1/chat/completions")
    assert exact(request.json) == exact(BODY)


@pytest.mark.parametrize(("write", "command"), RUNS, ids=NAMES)
async def test_a_body_that_names_no_model_stays_without_one(write: Any, command: list[str]) -> None:
    body = {"messages": [], "stream": True, "__proto__": None}
    request = await sent_by(write, command, body, "/chat/completions")
    assert exact(request.json) == exact(body)


@pytest.mark.parametrize(("write", "command"), RUNS, ids=NAMES)
async def test_what_is_nested_deeper_than_a_parser_goes_arrives(
    write: Any, command: list[str]
) -> None:
    deep: Any = "the bottom"
    for _turn in range(300):
        deep = {"in": [deep]}
    body = {"model": "m", "messages": [], "stream": True, "response_format": deep}
    request = await sent_by(write, command, body, "/v1/chat/completions")
    assert exact(request.json) == exact(body)


@pytest.mark.parametrize(("write", "command"), RUNS, ids=NAMES)
async def test_a_server_without_a_key_needs_no_variable(write: Any, command: list[str]) -> None:
    with serving(answer(chat("Yes."))) as server:
        text = write(f"{server.url}/v1/chat/completions", BODY, None)
        assert "Yes." in await run(command, text)
    assert exact(server.requests[0].json) == exact(BODY)
    assert "environ" not in text
    assert "process.env" not in text
    # The openai package makes no client without a key: it is given a word.
    known = server.requests[0].headers.get("authorization")
    assert known == ("Bearer none" if write is as_openai else None)


@pytest.mark.parametrize(
    ("write", "command"),
    [pair for pair in RUNS if pair[0] is not as_openai],
    ids=["curl", "python", "javascript"],
)
async def test_half_a_surrogate_pair_and_an_odd_address_arrive(
    write: Any, command: list[str]
) -> None:
    body = {"model": "m", "messages": [], "stream": True, "stop": ["\ud83d", "\ude00\ud83d"]}
    path = "/v1/{a,b}/[1-3]/chat/completions?a='b'&$HOME"
    request = await sent_by(write, command, body, path) if write is as_curl else None
    if request is None:
        request = await sent_by(write, command, body, "/v1/chat/completions?a=b")
    assert exact(request.json) == exact(body)


def test_the_openai_package_takes_what_it_is_given_as_arguments() -> None:
    taken = set(inspect.signature(Completions.create).parameters)
    assert taken >= OPENAI_ARGUMENTS


def test_what_the_program_sends_and_the_openai_package_knows_is_an_argument() -> None:
    # What steers the package itself is no field of a body.
    steering = {"self", "extra_headers", "extra_query", "extra_body", "timeout"}
    fields = {"model", "messages", "stream", "stream_options"}
    for name, spellings in FACTS.items():
        for spelling in spellings:
            fields |= set(spelling.replace(SAME, name).split("+"))
    known = set(inspect.signature(Completions.create).parameters) - steering
    assert (fields & known) - OPENAI_ARGUMENTS == set()
    assert len(fields & known) > 15


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("http://host/v1/responses", {"model": "m", "messages": []}),
        ("http://host/v1/chat/completions?a=b", {"model": "m", "messages": []}),
        ("http://host/v1/chat/completions", {"model": "m", "messages": ["\ud83d"]}),
    ],
)
def test_what_the_openai_package_cannot_say_is_refused(url: str, body: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="package"):
        as_openai(url, body, None)


@pytest.mark.parametrize("write", [as_curl, as_python, as_javascript])
def test_without_a_key_there_is_no_authorization(write: Any) -> None:
    assert "uthorization" not in write("http://host/v1", BODY, None)


@pytest.mark.parametrize("write", [as_curl, as_python, as_openai, as_javascript])
def test_a_variable_with_anything_else_in_its_name_is_refused(write: Any) -> None:
    with pytest.raises(ValueError, match="environment variable"):
        write("http://host/v1/chat/completions", {"model": "m"}, "KEY; rm -rf /")


def test_the_plain_text_is_for_reading() -> None:
    text = as_json("http://host/v1/chat/completions", {"stop": ["é", "\ud83d", "a\u202eb👩‍👧"]})
    assert text.startswith("POST http://host/v1/chat/completions\n\n{")
    assert '"é"' in text
    assert '"\\ud83d"' in text
    assert '"a\\u202eb👩‍👧"' in text
