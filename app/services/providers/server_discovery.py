"""The model servers of this computer, found on the ports where they usually listen."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.api.endpoints.model_lists import models_of
from app.api.http.client import Client
from app.domain.errors import ProviderError
from app.domain.providers.providers import ProviderKind

#: Port → who usually listens there, and under which name most people know it.
USUAL_PORTS: Mapping[int, tuple[ProviderKind, str]] = {
    11434: (ProviderKind.OLLAMA, "Ollama"),
    1234: (ProviderKind.LM_STUDIO, "LM Studio"),
    8080: (ProviderKind.LLAMA_CPP, "llama.cpp"),
    9931: (ProviderKind.LLAMA_CPP, "llama.cpp"),
    8000: (ProviderKind.VLLM, "vLLM"),
    1337: (ProviderKind.OPENAI_COMPATIBLE, "Jan"),
    5001: (ProviderKind.OPENAI_COMPATIBLE, "KoboldCpp"),
}
#: Seconds that one server may take; on this computer nothing takes long.
PATIENCE = 2.0
#: Bytes of one answer; a list of a hundred models has some ten thousand.
MOST_BYTES = 2**16
#: What a server writes as the owner of its models → what it is. Of Ollama it is the owner of the
#: model's name, most often this one.
_OWNERS = {
    "llamacpp": (ProviderKind.LLAMA_CPP, "llama.cpp"),
    "vllm": (ProviderKind.VLLM, "vLLM"),
    "library": (ProviderKind.OLLAMA, "Ollama"),
    "organization_owner": (ProviderKind.LM_STUDIO, "LM Studio"),
    "koboldcpp": (ProviderKind.OPENAI_COMPATIBLE, "KoboldCpp"),
}


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that answered, and what it is by its own marks."""

    kind: ProviderKind
    name: str
    base_url: str
    models: tuple[str, ...]


async def find_servers(
    client: Client,
    ports: Mapping[int, tuple[ProviderKind, str]] = USUAL_PORTS,
    patience: float = PATIENCE,
) -> list[FoundServer]:
    """Ask all ports at once, without any key. What doesn't answer as such a server isn't there."""
    found = await asyncio.gather(
        *(_look(client, port, kind, name, patience) for port, (kind, name) in ports.items())
    )
    return [one for one in found if one is not None]


async def _look(
    client: Client, port: int, kind: ProviderKind, name: str, patience: float
) -> FoundServer | None:
    address = f"http://127.0.0.1:{port}"
    deadline = asyncio.get_running_loop().time() + patience
    try:
        async with asyncio.timeout_at(deadline):
            listed = await _ask(client, f"{address}/v1/models")
    except (ProviderError, TimeoutError):
        return None
    models = models_of(listed)
    if models is None:
        return None
    marked = _by_owner(listed)
    if marked is None:
        # An empty list has no owners, and a model's may be anybody.
        marked = await _by_path(client, address, kind, deadline)
    if marked is None:
        # Where another usually listens, nobody would know it by that one's name.
        plain = ProviderKind.OPENAI_COMPATIBLE
        marked = (plain, name if kind is plain else f"127.0.0.1:{port}")
    return FoundServer(*marked, f"{address}/v1", tuple(model.id for model in models))


async def _ask(client: Client, url: str) -> Any:
    return await client.fetch(url, None, ProviderKind.OPENAI_COMPATIBLE, most=MOST_BYTES)


def _by_owner(listed: Any) -> tuple[ProviderKind, str] | None:
    owners = (one.get("owned_by") for one in _objects(listed, "data"))
    known = (_OWNERS.get(owner) for owner in owners if isinstance(owner, str))
    return next((one for one in known if one is not None), None)


async def _by_path(
    client: Client, address: str, usual: ProviderKind, deadline: float
) -> tuple[ProviderKind, str] | None:
    for mark in sorted(_MARKS, key=lambda one: one.kind is not usual):
        try:
            async with asyncio.timeout_at(deadline):
                if mark.is_in(await _ask(client, address + mark.path)):
                    return mark.kind, mark.name
        except ProviderError:
            continue
        except TimeoutError:
            break
    return None


def _objects(value: Any, name: str) -> list[dict[str, Any]]:
    listed = value.get(name) if isinstance(value, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


@dataclass(frozen=True, slots=True)
class _Mark:
    """An answer that only one kind gives. That there is one isn't enough: LM Studio has a 200 with
    an error in it for every path."""

    kind: ProviderKind
    name: str
    path: str
    is_in: Callable[[Any], bool]


def _is_ollama(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("version"), str)


def _is_llama_cpp(value: Any) -> bool:
    return isinstance(value, dict) and "default_generation_settings" in value


def _is_lm_studio(value: Any) -> bool:
    return isinstance(value, dict) and (
        # Without any model: as much as can be known.
        value.get("models") == []
        or any("key" in one and "type" in one for one in _objects(value, "models"))
    )


def _is_old_lm_studio(value: Any) -> bool:
    return any("state" in one and "type" in one for one in _objects(value, "data"))


_MARKS = (
    _Mark(ProviderKind.OLLAMA, "Ollama", "/api/version", _is_ollama),
    _Mark(ProviderKind.LLAMA_CPP, "llama.cpp", "/props", _is_llama_cpp),
    _Mark(ProviderKind.LM_STUDIO, "LM Studio", "/api/v1/models", _is_lm_studio),
    # Until version 0.4.
    _Mark(ProviderKind.LM_STUDIO, "LM Studio", "/api/v0/models", _is_old_lm_studio),
)
