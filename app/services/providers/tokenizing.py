"""Looks up the tokens of words for logit biases, and which model's token ids are in use."""

from collections.abc import Iterable, Mapping

from app.api.endpoints.tokenize import Tokenizer
from app.api.http.client import Client
from app.domain.parameters.kinds import FoundConflict, ParameterKind, Values
from app.domain.parameters.logit_bias import Cut, is_id, origin_of, variants, with_origin
from app.domain.parameters.relations import unset
from app.domain.parameters.table import PARAMETERS
from app.domain.parameters.token_origins import Origin
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.text.translation import _
from app.domain.tokens.token_table import Word
from app.services.library.settings import Settings
from app.services.providers.providers import Providers

_BIASED = {parameter.name for parameter in PARAMETERS if parameter.kind is ParameterKind.BIAS}


class Tokenizing:
    """Looks up tokens at servers, and stores in the library what ids stand for."""

    def __init__(self, providers: Providers, settings: Settings, client: Client) -> None:
        self._providers = providers
        self._settings = settings
        self._client = client
        # Cached, because every step of a slider asks.
        self._origins: tuple[Origin, ...] | None = None

    def why_not(self, provider: Provider) -> str:
        """Return why a provider can't tokenize, as a sentence; empty if it can."""
        if provider.traits.tokenize_api is not None:
            return ""
        return _(
            "{name} can't look up the tokens of a word. Enter token ids from the model's own "
            "tokenizer. Words can be looked up with llama.cpp, vLLM and the model on this computer."
        ).format(name=provider.name)

    async def tokens(self, provider: Provider, model_id: str, text: str) -> tuple[Word, ...]:
        """Return the tokens of a text. This may start the embedded engine.

        Raises ProviderError, EngineError, KeyringError.
        """
        target = await self._providers.target(provider, model_id)
        asked = Tokenizer(self._client, target.base_url, target.key, provider.kind, target.model)
        return await asked.tokens(text)

    async def cuts(self, provider: Provider, model_id: str, text: str) -> list[Cut]:
        """Return the tokens of each way of writing a word; ways with the same tokens come once.

        Raises the same errors as `tokens`.
        """
        found: dict[tuple[int | None, ...], Cut] = {}
        for form in variants(text):
            words = await self.tokens(provider, model_id, form)
            if words:
                found.setdefault(tuple(word.id for word in words), Cut(form, words))
        return list(found.values())

    async def moved(
        self, provider: Provider, model_id: str, words: Mapping[int, bytes]
    ) -> dict[int, Word]:
        """Look up another model's tokens in this model: former id → token here.

        A text that is not a single token here is left out. Raises the same errors as `tokens`.
        """
        found = {}
        for id_, raw in words.items():
            try:
                text = raw.decode()
            except UnicodeDecodeError:
                # A part of a character is no text.
                continue
            here = await self.tokens(provider, model_id, text) if text else ()
            if len(here) == 1:
                found[id_] = here[0]
        return found

    def origin(self, ids: Iterable[int], provider: Provider, model_id: str) -> Origin | None:
        """Return the model that token ids were looked up in, and their texts; None if unknown.

        Raises LibraryError.
        """
        return origin_of(ids, provider.id, model_id, self._known())

    def remember(self, origin: Origin) -> None:
        """Store what token ids stand for. Raises LibraryError."""
        known = with_origin(self._known(), origin)
        self._settings.token_origins = known
        self._origins = known

    def foreign(self, provider: Provider, model: Model, values: Values) -> list[FoundConflict]:
        """Return a non-blocking conflict for each bias whose token ids were looked up in another
        model's vocabulary. Raises LibraryError."""
        found = []
        for name in values.keys() & _BIASED:
            biases = values[name] if isinstance(values[name], dict) else {}
            ids = [int(key) for key in biases if is_id(key)]
            origin = self.origin(ids, provider, model.id)
            if origin is not None and not origin.is_of(provider.id, model.id):
                words = foreign_words(origin, model.name or provider.name)
                found.append(FoundConflict(name, words, (unset(name, _("Remove them")),)))
        return found

    def _known(self) -> tuple[Origin, ...]:
        if self._origins is None:
            self._origins = self._settings.token_origins
        return self._origins


def foreign_words(origin: Origin, here: str) -> str:
    """Return a sentence that token ids belong to another model than `here`."""
    words = _("These token ids are from {model}; {other} may use others.")
    return words.format(model=origin.name, other=here)
