"""What is known of a server's sampling besides the request: its defaults and its vocabulary."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.api.client import Client
from app.api.native import sampler_defaults, vocabulary_size
from app.domain.errors import LoquatError
from app.domain.providers import Provider, ProviderKind
from app.services.providers import Providers

log = logging.getLogger(__name__)

#: Whose server says more than the API has.
TALKATIVE = {ProviderKind.EMBEDDED, ProviderKind.LLAMA_CPP}


@dataclass(frozen=True, slots=True)
class SamplerFacts:
    """`defaults` has llama.cpp's own names, and is empty where nobody says."""

    defaults: Mapping[str, Any] = field(default_factory=dict)
    #: How many tokens the model knows.
    vocabulary: int | None = None


class SamplerLore:
    """Asks each server once, when the lab is open; a server that says nothing costs nothing."""

    def __init__(self, providers: Providers, client: Client) -> None:
        self._providers = providers
        self._client = client
        self._known: dict[tuple[str, str], SamplerFacts] = {}

    def known(self, provider: Provider, model_id: str) -> SamplerFacts:
        """What is known already."""
        return self._known.get((provider.id, model_id), SamplerFacts())

    async def learn(self, provider: Provider, model_id: str) -> SamplerFacts:
        """Ask the server, unless that was done. The embedded engine starts, where it has to."""
        place = (provider.id, model_id)
        if provider.kind not in TALKATIVE or place in self._known:
            return self.known(provider, model_id)
        try:
            target = await self._providers.target(provider, model_id)
            defaults = await sampler_defaults(self._client, target.base_url, target.key)
            vocabulary = await vocabulary_size(self._client, target.base_url, target.key)
        except LoquatError as failure:
            log.info("%s says nothing of its samplers: %s", provider.name, failure.detail)
            return SamplerFacts()
        self._known[place] = SamplerFacts(defaults, vocabulary)
        return self._known[place]
