"""Words and tokens: how a model cuts a word, where its server tells; and whose ids are whose."""

from collections.abc import Iterable, Mapping

from app.api.client import Client
from app.api.tokenizing import Tokenizer
from app.domain.providers import Provider, ProviderKind
from app.domain.texts import _
from app.domain.token_bias import Cut, Origin, origin_of, remembered, variants
from app.domain.token_table import Word
from app.services.providers import Providers
from app.services.settings import Settings

TELLING = {ProviderKind.EMBEDDED, ProviderKind.LLAMA_CPP, ProviderKind.VLLM}


class Tokenizing:
    """Asks servers only when it is asked; remembers in the library."""

    def __init__(self, providers: Providers, settings: Settings, client: Client) -> None:
        self._providers = providers
        self._settings = settings
        self._client = client

    def why_not(self, provider: Provider) -> str:
        """Why a provider can't be asked for tokens, as a sentence; empty where it can."""
        if provider.kind in TELLING:
            return ""
        return _(
            "{name} doesn't say how its models cut words. Enter token ids, from the model's "
            "own tokenizer. Words can be looked up with llama.cpp, vLLM and the model on this "
            "computer."
        ).format(name=provider.name)

    async def tokens(self, provider: Provider, model_id: str, text: str) -> tuple[Word, ...]:
        """The tokens of a text. Starts the engine where it has to. Raises ProviderError,
        EngineError, KeyringError."""
        target = await self._providers.target(provider, model_id)
        asked = Tokenizer(self._client, target.base_url, target.key, provider.kind, target.model)
        return await asked.tokens(text)

    async def cuts(self, provider: Provider, model_id: str, text: str) -> list[Cut]:
        """How the model cuts each way of writing a word; ways that are the same tokens come once.
        Raises as `tokens` does."""
        found: dict[tuple[int | None, ...], Cut] = {}
        for form in variants(text):
            words = await self.tokens(provider, model_id, form)
            if words:
                found.setdefault(tuple(one.id for one in words), Cut(form, words))
        return list(found.values())

    async def moved(
        self, provider: Provider, model_id: str, words: Mapping[int, bytes]
    ) -> dict[int, Word]:
        """Another model's tokens, looked up in this one: former id → its token here. Left out is
        what here is no single token. Raises as `tokens` does."""
        found = {}
        for id_, raw in words.items():
            try:
                text = raw.decode()
            except UnicodeDecodeError:
                # Half of a character can't be asked about.
                continue
            here = await self.tokens(provider, model_id, text) if text else ()
            if len(here) == 1:
                found[id_] = here[0]
        return found

    def origin(self, ids: Iterable[int], provider: Provider, model_id: str) -> Origin | None:
        """Whose model's the ids are, and what they stand for, as far as is remembered."""
        return origin_of(ids, provider.id, model_id, self._settings.token_origins)

    def remember(self, origin: Origin) -> None:
        """Remember what ids stand for. Raises LibraryError."""
        known = self._settings.token_origins
        self._settings.token_origins = remembered(known, origin)
