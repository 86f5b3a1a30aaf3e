"""Every model of every provider: as listed last, brought up to date behind the scenes."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from app.api.dialects.table import DIALECTS
from app.api.endpoints.model_lists import context_of_props, endpoints_of, models_of
from app.api.http.client import Client
from app.api.http.transport import JsonRequest
from app.domain.errors import LibraryError, NotAnApi, ProviderError
from app.domain.providers.models import Model, ModelHost, completed
from app.domain.providers.providers import Provider, ProviderKind
from app.domain.text.translation import _
from app.services.library.settings import Settings
from app.services.observers import News
from app.store.library import Library

log = logging.getLogger(__name__)

#: Seconds after which a list is asked for again when somebody looks at it.
STALE = 3600.0
MOST_RECENT = 8

#: A model by its provider's id and its own.
Pick = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model with the provider that it is had from."""

    provider: Provider
    model: Model

    @property
    def pick(self) -> Pick:
        """What tells it from every other."""
        return self.provider.id, self.model.id


class Catalogue:
    """The lists of models, in memory once they have been asked for."""

    def __init__(self, library: Library, settings: Settings, client: Client) -> None:
        self._library = library
        self._settings = settings
        self._client = client
        self._lists: dict[str, dict[str, Model]] = {}
        self._fetched: dict[str, float] = {}
        self._hosts: dict[Pick, list[ModelHost]] = {}
        # How often each list was forgotten: what was asked for before is of another server.
        self._forgotten: dict[str, int] = {}
        #: A provider's list is another one now.
        self.changed: News[[str]] = News()

    def models(self, provider: Provider) -> Mapping[str, Model]:
        """What is known of a provider's models, by their ids."""
        if provider.id not in self._lists:
            fetched, models = self._library.catalogue(provider.id)
            self._take(provider, fetched, models)
        return self._lists[provider.id]

    def is_stale(self, provider: Provider) -> bool:
        """Whether a provider's list was asked for long ago, or never."""
        self.models(provider)
        age = time.time() - self._fetched[provider.id]
        # A clock that was set back makes every list new.
        return not 0 <= age < STALE

    def forget(self, provider: Provider) -> None:
        """Forget the list of a provider that is another one now, or gone."""
        self._lists.pop(provider.id, None)
        self._hosts = {pick: one for pick, one in self._hosts.items() if pick[0] != provider.id}
        self._forgotten[provider.id] = self._forgotten.get(provider.id, 0) + 1
        self._library.remove_catalogue(provider.id)

    async def refresh(self, provider: Provider, base_url: str, key: str | None) -> list[Model]:
        """Ask a provider for its list, and keep it. Raises ProviderError, InvalidKey."""
        base, kind = base_url.rstrip("/"), provider.kind
        forgotten = self._forgotten.get(provider.id, 0)
        proof = DIALECTS[kind].key_path
        if proof is not None and key is not None:
            await self._client.fetch(JsonRequest(f"{base}{proof}", key, kind))
        listed = models_of(await self._client.fetch(JsonRequest(f"{base}/models", key, kind)))
        if listed is None:
            raise NotAnApi(
                _("{name} answered with something that is no list of models.").format(
                    name=provider.name
                ),
                "no list of models",
            )
        if provider.traits.speaks_llama_cpp:
            listed = await self._with_true_window(base, key, kind, listed)
        if self._forgotten.get(provider.id, 0) != forgotten:
            return listed
        now = time.time()
        self._take(provider, now, listed)
        try:
            self._library.put_catalogue(provider.id, now, listed)
        except LibraryError as failure:
            log.info("the list of models was not kept: %s", failure.detail)
        self.changed.tell(provider.id)
        return listed

    async def endpoints(
        self, provider: Provider, model_id: str, key: str | None
    ) -> list[ModelHost]:
        """The hosts of a model at a router. Raises ProviderError, InvalidKey."""
        parts = [quote(part, safe=":~") for part in model_id.split("/") if part not in {".", ".."}]
        url = f"{provider.base_url.rstrip('/')}/models/{'/'.join(parts)}/endpoints"
        found = endpoints_of(await self._client.fetch(JsonRequest(url, key, provider.kind)))
        if found is None:
            raise NotAnApi(
                _("{name} said nothing of this model's hosts.").format(name=provider.name),
                "no list of endpoints",
            )
        self._hosts[provider.id, model_id] = found
        self.changed.tell(provider.id)
        return found

    def known_endpoints(self, provider: Provider, model_id: str) -> list[ModelHost]:
        """The hosts of a model as they were last asked for, since the program began."""
        return self._hosts.get((provider.id, model_id), [])

    # What the person likes.

    def favourites(self) -> list[Pick]:
        """The models that the person marked, in the order in which they did."""
        return self._settings.picks("favourite_models")

    def put_favourite(self, pick: Pick, *, marked: bool) -> None:
        """Mark a model, or take the mark away."""
        others = [one for one in self.favourites() if one != pick]
        self._settings.put_picks("favourite_models", [*others, pick] if marked else others)

    def recent(self) -> list[Pick]:
        """The models that were chosen last, the latest first."""
        return self._settings.picks("recent_models")

    def note_choice(self, pick: Pick) -> None:
        """Remember that a model was chosen."""
        others = [one for one in self.recent() if one != pick]
        self._settings.put_picks("recent_models", [pick, *others][:MOST_RECENT])

    def _take(self, provider: Provider, fetched: float, listed: list[Model]) -> None:
        known = provider.traits.models
        models = completed(listed, known) if listed else list(known)
        self._lists[provider.id] = {model.id: model for model in models}
        self._fetched[provider.id] = fetched

    async def _with_true_window(
        self, base: str, key: str | None, kind: ProviderKind, listed: list[Model]
    ) -> list[Model]:
        try:
            url = f"{base.removesuffix('/v1')}/props"
            props = await self._client.fetch(JsonRequest(url, key, kind))
        except ProviderError:
            return listed
        window = context_of_props(props)
        if window is None or len(listed) != 1:
            return listed
        return [replace(listed[0], context_length=window)]
