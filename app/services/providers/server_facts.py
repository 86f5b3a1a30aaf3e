"""What is known of a server's sampling besides the request: its defaults, its vocabulary, and
what stood before an answer."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.api.endpoints.llama_cpp import (
    end_of_prompt,
    sampler_defaults,
    shares_after,
    vocabulary_size,
    whole_prompt,
)
from app.api.http.client import Client
from app.domain.errors import LoquatError
from app.domain.providers.providers import Provider
from app.domain.sampling.logit_offset import PLAIN, TRIED, Offset, learned_offset
from app.domain.tokens.token_table import TokenTable
from app.services.providers.providers import Providers

log = logging.getLogger(__name__)

#: So many tokens before an answer are kept; no penalty looks further back by default.
KEPT = 64
#: Of so many answers what stood before them is remembered.
REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class SamplerFacts:
    """`defaults` has llama.cpp's own names, and is empty where nobody says."""

    defaults: Mapping[str, Any] = field(default_factory=dict)
    #: How many tokens the model knows.
    vocabulary: int | None = None


class ServerFacts:
    """Asks each server once, when the lab is open; a server that says nothing costs nothing."""

    def __init__(self, providers: Providers, client: Client) -> None:
        self._providers = providers
        self._client = client
        self._known: dict[tuple[str, str], SamplerFacts] = {}
        self._prompts: dict[str, tuple[int, ...]] = {}

    def known(self, provider: Provider, model_id: str) -> SamplerFacts:
        """What is known already."""
        return self._known.get((provider.id, model_id), SamplerFacts())

    async def learn(self, provider: Provider, model_id: str) -> SamplerFacts:
        """Ask the server, unless that was done. The embedded engine starts, where it has to."""
        place = (provider.id, model_id)
        if not provider.traits.speaks_llama_cpp or place in self._known:
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

    async def prompt_of(
        self, provider: Provider, model_id: str, answer_id: str, request: Mapping[str, Any]
    ) -> tuple[int, ...] | None:
        """The ids of the last tokens before an answer, which penalties count too: `request` is
        the body that it answers. None where nobody says."""
        if not provider.traits.speaks_llama_cpp:
            return None
        if answer_id not in self._prompts:
            try:
                target = await self._providers.target(provider, model_id)
                found = await end_of_prompt(self._client, target.base_url, target.key, request)
            except LoquatError as failure:
                log.info("%s does not tell its prompt: %s", provider.name, failure.detail)
                return None
            while len(self._prompts) >= REMEMBERED:
                del self._prompts[next(iter(self._prompts))]
            self._prompts[answer_id] = tuple(found[-KEPT:])
        return self._prompts[answer_id] or None

    async def offset_at(
        self,
        provider: Provider,
        model_id: str,
        request: Mapping[str, Any],
        table: TokenTable,
        place: int,
    ) -> Offset | None:
        """What logits are above log probabilities at a token of the answer to a request, learned
        from what a penalty would have done there; None where the server says nothing that fits.
        The model reads all that stands before it. Raises LoquatError."""
        begun = [table.word(one).id for one in range(place)]
        before = [one for one in begun if one is not None]
        if not provider.traits.speaks_llama_cpp or len(before) < len(begun):
            return None
        target = await self._providers.target(provider, model_id)
        prompt = await whole_prompt(self._client, target.base_url, target.key, request)
        if not prompt:
            return None
        prompt += before
        found = {
            penalty: await shares_after(
                self._client,
                target.base_url,
                target.key,
                prompt,
                repetition_penalty=penalty,
                looked_back=KEPT,
            )
            for penalty in (PLAIN, *TRIED)
        }
        return learned_offset(table[place].alternatives, Counter(prompt[-KEPT:]), found)
