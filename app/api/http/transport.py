"""The interface of a connection pool and its requests, apart from httpx, which loads slowly."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.domain.events import Event
from app.domain.providers.providers import ProviderKind


@dataclass(frozen=True, slots=True)
class JsonRequest:
    """A request that is answered with one JSON value: a POST if it has a body, else a GET."""

    url: str
    #: Sent as the bearer token; in no error and no log.
    key: str | None = field(repr=False)
    #: The kind's dialect gives the headers.
    kind: ProviderKind
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    #: Further texts that a server may repeat in an error, and that are kept out of it.
    secrets: Sequence[str] = field(default=(), repr=False)
    #: Largest answer in bytes; None for the usual limit.
    most: int | None = None


class Transport(Protocol):
    """A pool of connections. `HttpTransport` does the work, `ThreadedTransport` wraps another
    transport; `Client` uses either."""

    def stream(
        self, url: str, body: Mapping[str, Any], key: str | None, kind: ProviderKind
    ) -> AsyncGenerator[list[Event], None]:
        """Post a chat request and yield the answer's events, in lists of what came together.

        Raises ProviderError, after the events that came before the failure.
        """
        ...

    async def fetch(self, request: JsonRequest) -> Any:
        """Return the JSON value that answers a request. Raises ProviderError."""
        ...

    async def aclose(self) -> None:
        """Close every connection. A later request opens new ones."""
        ...
