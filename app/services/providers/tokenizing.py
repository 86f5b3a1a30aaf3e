"""Words and tokens: how a model cuts a word, where its server tells; and whose ids are whose."""

from collections.abc import Iterable, Mapping

from app.api.endpoints.tokenize import Tokenizer
from app.api.http.client import Client
from app.domain.parameters.kinds import Found, Kind, Values
from app.domain.parameters.logit_bias import Cut, Origin, is_id, origin_of, remembered, variants
from app.domain.parameters.relations import unset
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.text.translation import _
from app.domain.tokens.token_table import Word
from app.services.library.settings import Settings
from app.services.providers.providers import Providers

_BIASED = {one.name for one in PARAMETERS if one.kind is Kind.BIAS}


class Tokenizing:
    """Asks servers only when it is asked; remembers in the library."""

    def __init__(self, providers: Providers, settings: Settings, client: Client) -> None:
        self._providers = providers
        self._settings = settings
        self._client = client
        # Read when it is first needed: every step of a slider asks.
        self._origins: tuple[Origin, ...] | None = None

    def why_not(self, provider: Provider) -> str:
        """Why a provider can't be asked for tokens, as a sentence; empty where it can."""
        if provider.traits.tokenize_api is not None:
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
        """Whose model's the ids are, and what they stand for, as far as is remembered. Raises
        LibraryError."""
        return origin_of(ids, provider.id, model_id, self._known())

    def remember(self, origin: Origin) -> None:
        """Remember what ids stand for. Raises LibraryError."""
        known = remembered(self._known(), origin)
        self._settings.token_origins = known
        self._origins = known

    def foreign(self, provider: Provider, model: Model, values: Values) -> list[Found]:
        """Biases by the ids of another model than will answer, each as a conflict that one may
        live with. Raises LibraryError."""
        found = []
        for name in values.keys() & _BIASED:
            biases = values[name] if isinstance(values[name], dict) else {}
            ids = [int(one) for one in biases if is_id(one)]
            origin = self.origin(ids, provider, model.id)
            if origin is not None and not origin.is_of(provider.id, model.id):
                words = foreign_words(origin, model.name or provider.name)
                found.append(Found(name, words, (unset(name, _("Drop them")),)))
        return found

    def _known(self) -> tuple[Origin, ...]:
        if self._origins is None:
            self._origins = self._settings.token_origins
        return self._origins


def foreign_words(origin: Origin, here: str) -> str:
    """That ids are those of another model than the one that is here."""
    words = _("These ids are those of {model}; {other} may cut words differently.")
    return words.format(model=origin.name, other=here)
