"""The model servers of this computer, found on the ports where they usually listen."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.api.client import Client
from app.api.model_lists import models_of
from app.domain.errors import ProviderError
from app.domain.providers import ProviderKind

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
_NAMES = {
    ProviderKind.OLLAMA: "Ollama",
    ProviderKind.LM_STUDIO: "LM Studio",
    ProviderKind.LLAMA_CPP: "llama.cpp",
    ProviderKind.VLLM: "vLLM",
}
#: What a server writes as the owner of its models.
_OWNERS = {
    "llamacpp": ProviderKind.LLAMA_CPP,
    "vllm": ProviderKind.VLLM,
    "library": ProviderKind.OLLAMA,
    "organization_owner": ProviderKind.LM_STUDIO,
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
    plain = ProviderKind.OPENAI_COMPATIBLE
    try:
        async with asyncio.timeout(patience):
            listed = await client.fetch(f"{address}/v1/models", None, plain)
            models = models_of(listed)
            if models is None:
                return None
            marked = _kind_by_owner(listed)
            if marked is None and kind is not plain:
                # An empty list has no owners; each kind answers at a path of its own.
                marked = await _kind_by_path(client, address, kind)
    except (ProviderError, TimeoutError):
        return None
    known = name if kind is plain else f"127.0.0.1:{port}"
    really = plain if marked is None else marked
    return FoundServer(
        really,
        _NAMES.get(really, known),
        f"{address}/v1",
        tuple(model.id for model in models),
    )


def _kind_by_owner(listed: Any) -> ProviderKind | None:
    data = listed.get("data") if isinstance(listed, dict) else None
    first = data[0] if isinstance(data, list) and data else None
    owner = first.get("owned_by") if isinstance(first, dict) else None
    return _OWNERS.get(owner) if isinstance(owner, str) else None


_PATHS: Mapping[ProviderKind, Sequence[str]] = {
    ProviderKind.OLLAMA: ("/api/version",),
    ProviderKind.LM_STUDIO: ("/api/v1/models", "/api/v0/models"),
    ProviderKind.LLAMA_CPP: ("/props",),
}


async def _kind_by_path(client: Client, address: str, kind: ProviderKind) -> ProviderKind | None:
    for path in _PATHS.get(kind, ()):
        try:
            await client.fetch(address + path, None, ProviderKind.OPENAI_COMPATIBLE)
        except ProviderError:
            continue
        return kind
    return None
