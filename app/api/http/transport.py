"""The interface of a connection pool, apart so that `client` needs no httpx to name it."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Protocol

from app.domain.events import Event
from app.domain.providers.providers import ProviderKind


class Transport(Protocol):
    """What `apart.ApartAsking` offers, named here so that its module need not be imported."""

    def stream(
        self, url: str, body: Mapping[str, Any], key: str | None, kind: ProviderKind
    ) -> AsyncGenerator[list[Event], None]: ...

    async def fetch(
        self,
        url: str,
        key: str | None,
        kind: ProviderKind,
        *,
        body: Mapping[str, Any] | None = None,
        secrets: Sequence[str] = (),
        most: int | None = None,
    ) -> Any: ...

    async def aclose(self) -> None: ...
