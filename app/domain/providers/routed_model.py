"""A model of a provider with its routing, as the settings keep it. Apart from `routing`, whose
imports the settings, which are read before the first frame, don't need."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class RoutedModel:
    """A model of a provider, by their ids, with the routing of its requests (not checked)."""

    provider: str
    model: str
    routing: Mapping[str, Any] = field(default_factory=dict)
