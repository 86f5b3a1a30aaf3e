"""The request as text is run, and the very same body arrives."""

import asyncio
import shutil
import sys
from typing import Any

import pytest

from app.api.snippets import as_curl, as_javascript, as_json, as_python
from tests.servers import answer, chat, serving

BODY: dict[str, Any] = {
    "model": "m",
    "messages": [
        {"role": "user", "content": 'it\'s "quoted" `$HOME` ${x} $(id) \\ \\n !! %s {0}'},
        {
            "role": "user",
            "content": "lines\nand\r\nmore\tJSON\nJSON\n'''\n\"\"\"\n迁移 😀 \u2028\x07",
        },
        {"role": "user", "content": "word " * 40_000},
    ],
    "stream": True,
    "temperature": 1.0,
    "seed": 2**63 - 1,
    "logit_bias": {"__proto__": -100},
    "stop": None,
}
VARIABLE = "LOQUAT_TEST_KEY"


async def run(*command: str, text: str) -> str:
    """Run a program, its source on standard input; return what it prints."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={VARIABLE: "sk-secret", "PATH": "/usr/local/bin:/usr/bin:/bin"},
    )
    output, errors = await asyncio.wait_for(process.communicate(text.encode()), 20)
    assert process.returncode == 0, errors.decode()
    return output.decode()


@pytest.mark.parametrize(
    ("write", "command"),
    [
        (as_curl, ["sh"]),
        (as_python, [sys.executable, "-"]),
        (as_javascript, ["node", "--input-type=module", "-"]),
    ],
    ids=["curl", "python", "javascript"],
)
async def test_what_runs_elsewhere_sends_the_same(write: Any, command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    with serving(answer(chat("né 😀"))) as server:
        text = write(f"{server.url}/v1/chat/completions?a='b'", BODY, VARIABLE)
        output = await run(*command, text=text)
    (request,) = server.requests
    assert request.json == BODY
    assert request.headers["authorization"] == "Bearer sk-secret"
    assert request.headers["content-type"] == "application/json"
    assert "né 😀" in output


@pytest.mark.parametrize("write", [as_curl, as_python, as_javascript])
def test_without_a_key_there_is_no_authorization(write: Any) -> None:
    assert "uthorization" not in write("http://host/v1", BODY, None)


@pytest.mark.parametrize("write", [as_curl, as_python, as_javascript])
def test_a_variable_with_anything_else_in_its_name_is_refused(write: Any) -> None:
    with pytest.raises(ValueError, match="environment variable"):
        write("http://host/v1", BODY, "KEY; rm -rf /")


def test_the_plain_text_is_for_reading() -> None:
    text = as_json("http://host/v1/chat/completions", {"stop": ["é", "\ud83d"]})
    assert text.startswith("POST http://host/v1/chat/completions\n\n{")
    assert '"é"' in text
    assert '"\\ud83d"' in text
