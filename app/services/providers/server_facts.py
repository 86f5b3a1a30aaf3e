"""Facts about a llama.cpp server for the lab: default samplers, vocabulary, prompt tokens."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.api.endpoints.llama_cpp import (
    end_of_prompt,
    sampler_defaults,
    shares_after,
    spelled_answer,
    vocabulary_size,
    whole_prompt,
)
from app.api.http.client import Client
from app.domain.errors import LoquatError
from app.domain.providers.providers import Provider
from app.domain.sampling.logit_offset import PLAIN, TRIED, Offset, learned_offset
from app.domain.tokens.token_table import TokenTable, Word
from app.domain.tokens.unlisted_tokens import Unlisted, answer_bytes, unlisted_tokens
from app.services.providers.providers import Providers

log = logging.getLogger(__name__)

#: Tokens before an answer that are kept: penalties look back no further by default.
KEPT = 64
#: Number of answers whose prompt tokens are cached.
REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class SamplerFacts:
    """A server's sampling. `defaults` has llama.cpp's names, and is empty if unknown."""

    defaults: Mapping[str, Any] = field(default_factory=dict)
    #: Size of the model's vocabulary in tokens.
    vocabulary: int | None = None


class ServerFacts:
    """Cache of facts about servers. Each server is asked once, when the lab is open."""

    def __init__(self, providers: Providers, client: Client) -> None:
        self._providers = providers
        self._client = client
        self._known: dict[tuple[str, str], SamplerFacts] = {}
        self._prompts: dict[str, tuple[int, ...]] = {}
        self._spellings: dict[tuple[str, str, bytes], tuple[Word, ...]] = {}

    def known(self, provider: Provider, model_id: str) -> SamplerFacts:
        """Return the facts that are known already."""
        return self._known.get((provider.id, model_id), SamplerFacts())

    async def learn(self, provider: Provider, model_id: str) -> SamplerFacts:
        """Return the facts, asking the server if needed. This may start the embedded engine."""
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
        """Return the ids of the prompt's last tokens, which penalties count, too; None if unknown.

        `request` is the body of the request that the answer belongs to.
        """
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

    async def spelling_of(
        self, provider: Provider, model_id: str, table: TokenTable
    ) -> Sequence[Word]:
        """Return an answer's tokens as the server's tokenizer cuts its text.

        The server is asked only if the answer has or may have tokens without an entry of their own
        (`unlisted_tokens`). Empty otherwise, or if the server does not tell.
        """
        if not provider.traits.speaks_llama_cpp or not unlisted_tokens(table):
            return ()
        raw = answer_bytes(table)
        key = (provider.id, model_id, raw)
        if key not in self._spellings:
            try:
                text = raw.decode()
                target = await self._providers.target(provider, model_id)
                words = await spelled_answer(self._client, target.base_url, target.key, text)
            except LoquatError as failure:
                log.info("%s does not tokenize: %s", provider.name, failure.detail)
                return ()
            except UnicodeDecodeError:
                # The answer ends within a character.
                return ()
            while len(self._spellings) >= REMEMBERED:
                del self._spellings[next(iter(self._spellings))]
            self._spellings[key] = tuple(words)
        return self._spellings[key]

    async def offset_at(
        self,
        provider: Provider,
        model_id: str,
        request: Mapping[str, Any],
        table: TokenTable,
        place: int,
    ) -> Offset | None:
        """Return c in logit = log p + c (nats) at token `place` of the answer to a request.

        It is estimated from the effect of repetition penalties there, for which the model reads
        the whole prompt. None if the server's answers don't fit. Raises LoquatError.
        """
        if not provider.traits.speaks_llama_cpp:
            return None
        spelled = await self.spelling_of(provider, model_id, table)
        before = _ids_before(table, place, unlisted_tokens(table, spelled))
        if before is None:
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


def _ids_before(
    table: TokenTable, place: int, unlisted: Mapping[int, Unlisted]
) -> list[int] | None:
    """Return the ids of all tokens of an answer before the one at `place`; None if some of them
    are not known."""
    ids: list[int] = []
    for number in range(place + 1):
        if (before := unlisted.get(number)) is not None:
            if before.ids is None:
                return None
            ids += before.ids
        if number < place:
            id_ = table.word(number).id
            if id_ is None:
                return None
            ids.append(id_)
    return ids
