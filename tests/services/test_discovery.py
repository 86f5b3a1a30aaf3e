"""Servers of this computer are found by what they say of themselves, and hostile ones are not."""

import json
from typing import Any

import pytest

from app.domain.providers import ProviderKind
from app.services.core import Core
from app.services.discovery import find_servers
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


async def test_a_server_without_models_shows_itself_at_its_own_path(core: Core) -> None:
    with serving(says({"data": []}), says({"version": "0.12"})) as server:
        (found,) = await find_servers(core.client, {server.port: (K.OLLAMA, "Ollama")})
        assert server.requests[1].path == "/api/version"
    assert (found.kind, found.models) == (K.OLLAMA, ())
    missing = answer("", status=404)
    with serving(says({"data": []}), missing) as server:
        (found,) = await find_servers(core.client, {server.port: (K.LLAMA_CPP, "llama.cpp")})
        assert found.name == f"127.0.0.1:{server.port}"
    assert found.kind is K.OPENAI_COMPATIBLE


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
        answer("", status=302, headers={"Location": "http://127.0.0.1:1/"}),
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
