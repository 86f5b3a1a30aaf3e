"""A key is in no file, log, export, error or command line, whatever a server does with it; and
what was asked is in no log."""

import asyncio
import json
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.chat.tool_command import ToolCommand
from app.domain.errors import LoquatError
from app.domain.providers.providers import ProviderKind
from app.services.chat.exact_requests import LANGUAGES, as_program
from app.services.library.export import write_file
from app.services.program.connection_test import check_provider
from app.services.program.core import Core
from app.services.program.log_file import keep_log
from app.store.backups import back_up
from tests.servers import Connection, Script, answer, chat, chunk, event, serving
from tests.services.talking import PATIENCE, ask, provider_at

KEY = "sk-or-v1-canary0123456789canary0123456789"
PROMPT = "the-prompt-that-no-log-should-have"


def echo(connection: Connection) -> None:
    """Give back, in words, every byte that was sent."""
    connection.head(400, "application/json")
    told = {"error": {"message": connection.request.raw.decode("utf-8", "replace")}}
    connection.send(json.dumps(told).encode())


def echo_in_stream(connection: Connection) -> None:
    connection.head()
    said = connection.request.headers["authorization"]
    connection.send(event({"error": {"code": 500, "message": f"{said} {PROMPT}"}, "choices": []}))


def echo_in_headers(connection: Connection) -> None:
    said = connection.request.headers["authorization"]
    connection.head(401, "text/html", {"X-Echo": said, "Set-Cookie": f"session={said}"})
    connection.send(f"<html>{said}</html>".encode())


def redirect(connection: Connection) -> None:
    said = connection.request.headers["authorization"].replace(" ", "+")
    connection.head(307, "text/plain", {"Location": f"http://127.0.0.1:1/?key={said}"})


def not_http(connection: Connection) -> None:
    connection.send(f"{PROMPT} {connection.request.headers['authorization']}\r\n".encode())


def break_off(connection: Connection) -> None:
    connection.head()
    connection.send(chunk("So far"))
    connection.reset()


def refuse_a_parameter(connection: Connection) -> None:
    if b"top_k" in connection.request.body:
        said = connection.request.headers["authorization"]
        words = {"message": f"{said}: unknown argument: top_k", "param": "top_k"}
        answer(json.dumps({"error": words}), status=400, content_type="application/json")(
            connection
        )
    else:
        answer(chat("Hi"))(connection)


SCRIPTS: list[Script] = [
    answer(chat("Hi")),
    echo,
    echo_in_stream,
    echo_in_headers,
    redirect,
    not_http,
    break_off,
    refuse_a_parameter,
]


@pytest.fixture(autouse=True)
def _loud() -> Any:
    """As much in the log as there can be."""
    before = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    yield
    logging.getLogger().setLevel(before)


async def live(core: Core, script: Script, directory: Path) -> list[str]:
    """Do with a server what a person does; return all that was said on the way."""
    said: list[str] = []
    core.chat.waiting.connect(lambda _id, words: said.append(words))
    with serving(script) as server:
        provider = provider_at(core, server.url, ProviderKind.OPENROUTER)
        await core.providers.save_key(provider, KEY)
        held = core.conversations.create(
            provider=provider.id, model="m", parameters={"top_k": 4}, system=PROMPT
        )
        core.tooling.commands.put(ToolCommand("weather", (sys.executable, "-c", "pass")))
        message = await ask(core, held, PROMPT)
        said += [message.error, message.note, repr(message), repr(held.conversation)]
        for work in (
            lambda: core.providers.refresh(provider),
            lambda: core.providers.endpoints(provider, "m"),
        ):
            try:
                await asyncio.wait_for(work(), PATIENCE)
            except LoquatError as failure:
                said += [str(failure), failure.detail, repr(failure)]
        with suppress(LoquatError):
            await check_provider(core, provider, lambda check: said.append(check.words))
        said.append(repr(await core.providers.target(provider, "m")))
    request = core.conversations.request(message.id)
    if request is not None:
        said += [as_program(request, name) for name in LANGUAGES]
    write_file(core.library, core.library.conversations(), directory / "export.json")
    back_up(directory)
    return said


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: getattr(one, "__name__", "whole"))
async def test_the_key_is_nowhere_but_on_its_way(
    tmp_path: Path, script: Script, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    asyncio.get_running_loop().set_debug(True)
    directory = tmp_path / "data"
    with keep_log(directory):
        core = Core(directory)
        said = await live(core, script, directory)
        await core.close()
    written = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    assert any(path.suffix == ".db" for path in written)
    assert [path for path, data in written.items() if KEY.encode() in data] == []
    logs = [data for path, data in written.items() if path.suffix == ".log"]
    assert [data for data in logs if PROMPT.encode() in data] == []
    everything = "\n".join([*said, caplog.text, *capfd.readouterr()])
    assert KEY not in everything
    assert PROMPT not in caplog.text


def children() -> list[bytes]:
    """The command lines and surroundings of every process below this one."""
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if f"\nPPid:\t{Path('/proc/self').resolve().name}\n" in (folder / "status").read_text():
                found += [(folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()]
    return found


async def test_the_key_is_in_no_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    core = Core(tmp_path / "data")
    core.tooling.automatic = True
    seen: list[bytes] = []
    note: Callable[..., None] = lambda *_facts: seen.extend(children())  # noqa: E731
    core.tooling.changed.connect(note)
    call = {"index": 0, "id": "c", "function": {"name": "slow", "arguments": "{}"}}
    calling = chunk(tool_calls=[call]) + chunk(finish="tool_calls") + b"data: [DONE]\n\n"
    wait = ("/bin/sh", "-c", "read line; echo $OPENROUTER_API_KEY; env")
    core.tooling.commands.put(replace(ToolCommand("slow", wait), always=True))
    with serving(answer(calling), answer(chat("Done"))) as server:
        provider = provider_at(core, server.url, ProviderKind.OPENROUTER)
        held = core.conversations.create(provider=provider.id, model="m")
        await ask(core, held)
        async with asyncio.timeout(PATIENCE):
            while len(server.requests) < 2 or core.chat.is_answering(held.id):
                await asyncio.sleep(0.01)
                seen.extend(children())
        given = json.dumps(server.requests[1].json)
    assert KEY not in given
    assert [one for one in seen if KEY.encode() in one and b"pytest" not in one] == []
    await core.close()
