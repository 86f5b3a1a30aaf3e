"""The model catalogue: each provider's list of models, cached in the library and refreshed."""

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
from app.services.observers import Observers
from app.store.library import Library

log = logging.getLogger(__name__)

#: Age in seconds at which a list is fetched again when the picker is opened.
STALE = 3600.0
#: Number of recently chosen models that are remembered.
MOST_RECENT = 8

#: A model's key: its provider's id and its own id.
Pick = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model with its provider."""

    provider: Provider
    model: Model

    @property
    def pick(self) -> Pick:
        """The model's key: its provider's id and its own id."""
        return self.provider.id, self.model.id


class Catalogue:
    """The lists of models. A list is read from the library when it is first needed."""

    def __init__(self, library: Library, settings: Settings, client: Client) -> None:
        self._library = library
        self._settings = settings
        self._client = client
        self._lists: dict[str, dict[str, Model]] = {}
        self._fetched: dict[str, float] = {}
        self._hosts: dict[Pick, list[ModelHost]] = {}
        # Provider id → number of times its list was forgotten. An answer to a request from before
        # is discarded, because the provider's address may be another now.
        self._forgotten: dict[str, int] = {}
        #: Told the provider's id after its list or a model's hosts changed.
        self.changed: Observers[[str]] = Observers()

    def models(self, provider: Provider) -> Mapping[str, Model]:
        """Return the known models of a provider, without fetching: id → model.

        They are those of the stored list, or the kind's built-in models if it is empty.
        """
        if provider.id not in self._lists:
            fetched, models = self._library.catalogue(provider.id)
            self._take(provider, fetched, models)
        return self._lists[provider.id]

    def is_stale(self, provider: Provider) -> bool:
        """Return whether a list is an hour old or older, was never fetched, or has a date ahead."""
        self.models(provider)
        age = time.time() - self._fetched[provider.id]
        # A negative age means that the clock was set back; the true age is unknown then.
        return not 0 <= age < STALE

    def forget(self, provider: Provider) -> None:
        """Delete the stored list of a provider that was changed or removed, and its models' hosts.

        The result of a request that is still running is then not stored.
        """
        self._lists.pop(provider.id, None)
        self._hosts = {pick: hosts for pick, hosts in self._hosts.items() if pick[0] != provider.id}
        self._forgotten[provider.id] = self._forgotten.get(provider.id, 0) + 1
        self._library.remove_catalogue(provider.id)

    async def refresh(self, provider: Provider, base_url: str, key: str | None) -> list[Model]:
        """Fetch a provider's list of models, store it and return it.

        If the provider gives its list without a key, a given key is checked by another request
        first. Raises ProviderError, InvalidKey.
        """
        base, kind = base_url.rstrip("/"), provider.kind
        forgotten = self._forgotten.get(provider.id, 0)
        proof = DIALECTS[kind].key_path
        if proof is not None and key is not None:
            await self._client.fetch(JsonRequest(f"{base}{proof}", key, kind))
        listed = models_of(await self._client.fetch(JsonRequest(f"{base}/models", key, kind)))
        if listed is None:
            raise NotAnApi(
                _("{name} didn't send a list of models. Check its address in Settings.").format(
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
        self.changed.notify(provider.id)
        return listed

    async def endpoints(
        self, provider: Provider, model_id: str, key: str | None
    ) -> list[ModelHost]:
        """Fetch the hosts of a model at a router, keep them in memory, and return them.

        Raises ProviderError, InvalidKey.
        """
        parts = [quote(part, safe=":~") for part in model_id.split("/") if part not in {".", ".."}]
        url = f"{provider.base_url.rstrip('/')}/models/{'/'.join(parts)}/endpoints"
        found = endpoints_of(await self._client.fetch(JsonRequest(url, key, provider.kind)))
        if found is None:
            raise NotAnApi(
                _("{name} listed no hosts for this model.").format(name=provider.name),
                "no list of endpoints",
            )
        self._hosts[provider.id, model_id] = found
        self.changed.notify(provider.id)
        return found

    def known_endpoints(self, provider: Provider, model_id: str) -> list[ModelHost]:
        """Return the hosts of a model if they were fetched since the program started, else none."""
        return self._hosts.get((provider.id, model_id), [])

    # Favourites and recent models.

    def favourites(self) -> list[Pick]:
        """Return the favourite models, in the order in which they were marked."""
        return self._settings.picks("favourite_models")

    def put_favourite(self, pick: Pick, *, marked: bool) -> None:
        """Add a model to the end of the favourites, or remove it if not `marked`."""
        others = [other for other in self.favourites() if other != pick]
        self._settings.put_picks("favourite_models", [*others, pick] if marked else others)

    def recent(self) -> list[Pick]:
        """Return the recently chosen models, the latest first."""
        return self._settings.picks("recent_models")

    def note_choice(self, pick: Pick) -> None:
        """Put a model at the head of the recently chosen ones, of which MOST_RECENT are kept."""
        others = [other for other in self.recent() if other != pick]
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
