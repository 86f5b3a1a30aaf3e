"""Marks of model servers on this computer: their ports, the owners of their models, probes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Probe:
    """A GET request whose answer only one server program gives.

    A status of 200 is not enough: LM Studio answers every path with 200 and an error in the body.
    """

    #: Path on the server, from its root: "/api/version".
    path: str
    #: Returns whether the JSON value of the answer comes from this program.
    matches: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class KnownServer:
    """A server program, with the marks by which server discovery recognises it."""

    #: The program's usual name, for the person.
    name: str
    #: TCP ports that it listens on by default.
    ports: tuple[int, ...]
    #: Values of `owned_by` in its list of models.
    owners: tuple[str, ...] = ()
    probes: tuple[Probe, ...] = ()


def is_ollama_version(value: Any) -> bool:
    """Return whether a JSON value is Ollama's answer to GET /api/version."""
    return isinstance(value, dict) and isinstance(value.get("version"), str)


def is_llama_cpp_props(value: Any) -> bool:
    """Return whether a JSON value is llama.cpp's answer to GET /props."""
    return isinstance(value, dict) and "default_generation_settings" in value


def is_lm_studio_list(value: Any) -> bool:
    """Return whether a JSON value is LM Studio's answer to GET /api/v1/models."""
    return isinstance(value, dict) and (
        # An empty list has no further mark of LM Studio.
        value.get("models") == []
        or any("key" in model and "type" in model for model in objects_in(value, "models"))
    )


def is_old_lm_studio_list(value: Any) -> bool:
    """Return whether a JSON value is the answer to GET /api/v0/models of LM Studio before 0.4."""
    return any("state" in model and "type" in model for model in objects_in(value, "data"))


def objects_in(value: Any, name: str) -> list[dict[str, Any]]:
    """Return the objects in the list `name` of a JSON object; empty if there is no such list."""
    listed = value.get(name) if isinstance(value, dict) else None
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
