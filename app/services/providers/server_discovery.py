"""Server discovery: finds model servers on this computer on their usual ports."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.api.endpoints.model_lists import models_of
from app.api.http.client import Client
from app.api.http.transport import JsonRequest
from app.domain.errors import ProviderError
from app.domain.providers.known_servers import objects_in
from app.domain.providers.providers import KINDS, ProviderKind

#: The kind of a server that is not recognised.
UNRECOGNISED = ProviderKind.OPENAI_COMPATIBLE
_SERVERS = [(kind, server) for kind, traits in KINDS.items() for server in traits.servers]
#: Port → kind and name of the program that usually listens there.
USUAL_PORTS: Mapping[int, tuple[ProviderKind, str]] = {
    port: (kind, server.name) for kind, server in _SERVERS for port in server.ports
}
#: `owned_by` of a listed model → kind and name of the program.
_OWNERS = {owner: (kind, server.name) for kind, server in _SERVERS for owner in server.owners}
_PROBES = [(kind, server.name, probe) for kind, server in _SERVERS for probe in server.probes]
#: Seconds that all requests to one server may take together; servers on this computer are quick.
PATIENCE = 2.0
#: Largest answer in bytes; a list of a hundred models has about ten thousand.
MOST_BYTES = 2**16


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that answered with a list of models; `kind` is UNRECOGNISED if it has no mark."""

    kind: ProviderKind
    name: str
    base_url: str
    #: The ids of its models.
    models: tuple[str, ...]


async def find_servers(
    client: Client,
    ports: Mapping[int, tuple[ProviderKind, str]] = USUAL_PORTS,
    patience: float = PATIENCE,
) -> list[FoundServer]:
    """Ask all ports of this computer at once, without a key, and return the servers found.

    A port is left out if nothing answers there with a list of models within `patience` seconds.
    """
    found = await asyncio.gather(
        *(_look(client, port, kind, name, patience) for port, (kind, name) in ports.items())
    )
    return [server for server in found if server is not None]


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
    recognised = _by_owner(listed)
    if recognised is None:
        # An empty list names no owner, and a listed owner may be unknown.
        recognised = await _by_probe(client, address, kind, deadline)
    if recognised is None:
        # The name of the program that usually listens here would mislead the person.
        recognised = (UNRECOGNISED, name if kind is UNRECOGNISED else f"127.0.0.1:{port}")
    return FoundServer(*recognised, f"{address}/v1", tuple(model.id for model in models))


async def _ask(client: Client, url: str) -> Any:
    return await client.fetch(JsonRequest(url, None, UNRECOGNISED, most=MOST_BYTES))


def _by_owner(listed: Any) -> tuple[ProviderKind, str] | None:
    owners = (model.get("owned_by") for model in objects_in(listed, "data"))
    known = (_OWNERS.get(owner) for owner in owners if isinstance(owner, str))
    return next((program for program in known if program is not None), None)


async def _by_probe(
    client: Client, address: str, usual: ProviderKind, deadline: float
) -> tuple[ProviderKind, str] | None:
    """Try the probes of all programs, those of the usual kind first."""
    for kind, name, probe in sorted(_PROBES, key=lambda entry: entry[0] is not usual):
        try:
            async with asyncio.timeout_at(deadline):
                if probe.matches(await _ask(client, address + probe.path)):
                    return kind, name
        except ProviderError:
            continue
        except TimeoutError:
            break
    return None
