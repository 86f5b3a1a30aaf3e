"""Servers of this computer are found by what they say of themselves, and hostile ones are not."""

import json
import threading
from typing import Any

import pytest

from app.domain.providers.providers import ProviderKind
from app.services.program.core import Core
from app.services.providers.server_discovery import MOST_BYTES, find_servers
from tests.servers import Connection, Script, answer, serving

K = ProviderKind


def says(value: Any) -> Script:
    return answer(json.dumps(value), content_type="application/json")


def models(owner: str | None) -> dict[str, Any]:
    return {"data": [{"id": "m", **({"owned_by": owner} if owner else {})}]}


@pytest.mark.parametrize(
    ("usual", "owner", "kind", "name"),
    [
        (K.OLLAMA, "library", K.OLLAMA, "Ollama"),
        (K.LM_STUDIO, "organization_owner", K.LM_STUDIO, "LM Studio"),
        (K.VLLM, "vllm", K.VLLM, "vLLM"),
        (K.LLAMA_CPP, "llamacpp", K.LLAMA_CPP, "llama.cpp"),
        # Somebody else listens where llama.cpp usually does.
        (K.LLAMA_CPP, "vllm", K.VLLM, "vLLM"),
        (K.OLLAMA, "koboldcpp", K.OPENAI_COMPATIBLE, "KoboldCpp"),
        (K.OPENAI_COMPATIBLE, None, K.OPENAI_COMPATIBLE, "Usual"),
    ],
)
async def test_a_server_is_what_it_says(
    core: Core, usual: ProviderKind, owner: str | None, kind: ProviderKind, name: str
) -> None:
    with serving(says(models(owner))) as server:
        (found,) = await find_servers(core.client, {server.port: (usual, "Usual")})
        assert found.base_url == f"{server.url}/v1"
        assert server.requests[0].path == "/v1/models"
        assert all("authorization" not in request.headers for request in server.requests)
    assert (found.kind, found.name, found.models) == (kind, name, ("m",))


def at(**answers: Any) -> Script:
    """A server that says something at some paths; elsewhere what LM Studio says there."""

    def script(connection: Connection) -> None:
        unexpected = {"error": f"Unexpected endpoint {connection.request.path}"}
        says(answers.get(connection.request.path.rpartition("/")[2], unexpected))(connection)

    return script


@pytest.mark.parametrize(
    ("answers", "kind", "name"),
    [
        ({"version": {"version": "0.12"}}, K.OLLAMA, "Ollama"),
        ({"props": {"default_generation_settings": {}}}, K.LLAMA_CPP, "llama.cpp"),
        ({}, K.OPENAI_COMPATIBLE, None),
    ],
)
async def test_a_server_without_models_shows_itself_at_its_own_path(
    core: Core, answers: dict[str, Any], kind: ProviderKind, name: str | None
) -> None:
    """Wherever it listens."""
    for usual in (K.OLLAMA, K.LLAMA_CPP, K.VLLM):
        with serving(at(models={"data": []}, **answers)) as server:
            (found,) = await find_servers(core.client, {server.port: (usual, "Usual")})
            expected = name or f"127.0.0.1:{server.port}"
            first = {K.OLLAMA: "/api/version", K.LLAMA_CPP: "/props"}.get(usual)
            assert first in {None, server.requests[1].path}
            assert all("authorization" not in request.headers for request in server.requests)
        assert (found.kind, found.name, found.models) == (kind, expected, ())


@pytest.mark.parametrize(
    "answers",
    [
        {"/api/v1/models": {"models": [{"type": "llm", "key": "m"}]}},
        {"/api/v1/models": {"models": []}},
        {"/api/v0/models": {"data": [{"id": "m", "type": "llm", "state": "not-loaded"}]}},
    ],
)
async def test_lm_studio_shows_itself_by_its_own_lists(core: Core, answers: dict[str, Any]) -> None:
    def script(connection: Connection) -> None:
        own = {"/v1/models": models("me"), **answers}
        says(own.get(connection.request.path, {"error": "Unexpected endpoint"}))(connection)

    with serving(script) as server:
        (found,) = await find_servers(core.client, {server.port: (K.LM_STUDIO, "LM Studio")})
    assert (found.kind, found.name, found.models) == (K.LM_STUDIO, "LM Studio", ("m",))


async def test_the_owner_of_any_model_says_what_a_server_is(core: Core) -> None:
    # Ollama names the owner of each model's name.
    listed = {"data": [{"id": "a", "owned_by": "somebody"}, {"id": "b", "owned_by": "library"}]}
    with serving(says(listed)) as server:
        (found,) = await find_servers(core.client, {server.port: (K.LLAMA_CPP, "llama.cpp")})
        assert len(server.requests) == 1
    assert (found.kind, found.models) == (K.OLLAMA, ("a", "b"))


async def test_who_lists_its_models_and_then_says_nothing_is_listed_all_the_same(
    core: Core,
) -> None:
    with serving(says({"data": [{"id": "m"}]}), silent) as server:
        ports = {server.port: (K.OLLAMA, "Ollama")}
        (found,) = await find_servers(core.client, ports, patience=0.3)
    assert (found.kind, found.models) == (K.OPENAI_COMPATIBLE, ("m",))


async def test_all_ports_are_asked_at_once(core: Core) -> None:
    both = threading.Barrier(2, timeout=10)

    def together(connection: Connection) -> None:
        both.wait()
        says(models("vllm"))(connection)

    with serving(together) as one, serving(together) as other:
        ports = {server.port: (K.VLLM, "vLLM") for server in (one, other)}
        found = await find_servers(core.client, ports, patience=10)
        assert [server.base_url for server in found] == [f"{one.url}/v1", f"{other.url}/v1"]


async def test_of_an_enormous_list_no_more_is_read_than_a_server_may_say(core: Core) -> None:
    enormous = {"data": [{"id": "m", "owned_by": "library", "x": "x" * MOST_BYTES}]}
    with serving(says(enormous)) as server:
        assert await find_servers(core.client, {server.port: (K.OLLAMA, "Ollama")}) == []


async def test_nobody_is_followed_to_another_port(core: Core) -> None:
    with serving(says(models("library"))) as other:
        away = answer("", status=302, headers={"Location": f"{other.url}/v1/models"})
        with serving(away) as server:
            assert await find_servers(core.client, {server.port: (K.OLLAMA, "Ollama")}) == []
        assert other.connections == 0


def endless(connection: Connection) -> None:
    connection.head(content_type="application/json")
    connection.drip(b" ")


def silent(connection: Connection) -> None:
    connection.stall()


@pytest.mark.parametrize(
    "script",
    [
        answer("<html>Welcome</html>", content_type="text/html"),
        says({"hello": "there"}),
        says("x"),
        answer("[" * 60_000, content_type="application/json"),
        answer("", status=500),
        endless,
        silent,
    ],
)
async def test_what_is_no_such_server_is_not_listed(core: Core, script: Script) -> None:
    with serving(script) as server:
        ports = {server.port: (K.OLLAMA, "Ollama")}
        assert await find_servers(core.client, ports, patience=0.3) == []


async def test_where_nobody_listens_nothing_is_found(core: Core) -> None:
    with serving(silent) as server:
        port = server.port
    assert await find_servers(core.client, {port: (K.OLLAMA, "Ollama")}) == []
