"""The configured providers: their models, supported parameters, keys and addresses."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.api.dialects.table import conflicts, not_taken, wire_name
from app.api.http.client import Client
from app.domain.errors import LoquatError, MissingKey, NotFoundError, ParameterError
from app.domain.parameters.kinds import FoundConflict, Values
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.addresses import normal_address
from app.domain.providers.api_keys import OWN_KEY_VARIABLE, key_variable_for
from app.domain.providers.models import EMBEDDED_MODEL, Model, ModelHost
from app.domain.providers.providers import EMBEDDED, Provider
from app.domain.providers.routed_model import RoutedModel
from app.domain.providers.routing import allowed, checked_routing
from app.domain.text.translation import _
from app.engine.engine import Engine
from app.services.library.settings import Settings
from app.services.providers.model_catalogue import Catalogue, ListedModel
from app.services.providers.provider_keys import ProviderKeys
from app.store.keys import Keys
from app.store.library import Library

log = logging.getLogger(__name__)

#: Concurrent requests of a sweep to one provider.
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Target:
    """Address, key and model of a request. The key is never shown or logged."""

    base_url: str
    key: str | None = field(repr=False)
    #: The model's id at this server.
    model: str


class Providers:
    """The providers in the library, their keys, and the embedded engine."""

    def __init__(
        self, library: Library, keys: Keys, engine: Engine, settings: Settings, client: Client
    ) -> None:
        self._library = library
        self._keys = ProviderKeys(keys, settings, library)
        self._engine = engine
        self._settings = settings
        #: The providers' lists of models.
        self.catalogue = Catalogue(library, settings, client)
        settings.changed.connect(self._take_setting)

    def all(self) -> list[Provider]:
        """Return all providers by name, the embedded one first."""
        found = self._library.providers()
        return sorted(found, key=lambda provider: (not provider.traits.embedded, provider.name))

    def get(self, provider_id: str) -> Provider:
        """Return the provider with this id; the embedded one if there is none."""
        return self.find(provider_id) or EMBEDDED

    def find(self, provider_id: str) -> Provider | None:
        """Return the provider with this id; None if there is none."""
        providers = self._library.providers()
        return next((provider for provider in providers if provider.id == provider_id), None)

    def names(self) -> dict[str, str]:
        """Return the current names of the providers by their ids."""
        return {provider.id: provider.name for provider in self._library.providers()}

    def name_of(self, provider_id: str) -> str:
        """Return the current name of the provider with this id; the id itself if there is none,
        since answers in old libraries may have a name in its place."""
        return self.names().get(provider_id, provider_id)

    def named(self, name: str) -> Provider:
        """Return the provider with this name or id, ignoring case. Raises NotFoundError."""
        wanted = name.strip().casefold()
        for provider in self.all():
            if wanted in {provider.id.casefold(), provider.name.casefold()}:
                return provider
        names = ", ".join(provider.name for provider in self.all())
        raise NotFoundError(
            _("There is no provider “{name}”. The providers are: {names}.").format(
                name=name[:80], names=names
            )
        )

    def default(self) -> Provider:
        """Return the provider that is asked where none was chosen and none was used before."""
        return self.get(self._settings.default_provider)

    def starting(self) -> RoutedModel:
        """Return the model that a new conversation starts with, and its routing: the model that was
        used last, or else that of the default provider."""
        used = self._settings.last_model
        if used is not None and self.find(used.provider) is not None:
            try:
                checked_routing(used.routing)
            except ParameterError:
                return RoutedModel(used.provider, used.model)
            return used
        provider = self.default()
        return RoutedModel(provider.id, provider.model)

    def note_use(self, used: RoutedModel) -> None:
        """Have new conversations start with this model. Raises LibraryError."""
        if used != self._settings.last_model:
            self._settings.last_model = used

    def start_with(self, provider: Provider) -> None:
        """Have new conversations start with the model of this provider. Raises LibraryError."""
        self._settings.default_provider = provider.id
        self._settings.last_model = None

    def _take_setting(self, name: str) -> None:
        if name == Settings.default_provider.name:
            self._settings.last_model = None

    def put(self, provider: Provider) -> Provider:
        """Add or change a provider, and return it with its address in normal form.

        A key belongs to an origin: if the address gets another origin, the provider has no key
        until the person enters one. Raises AddressError.
        """
        if not provider.traits.embedded:
            provider = replace(provider, base_url=normal_address(provider.base_url))
        before = self.get(provider.id)
        self._keys.adopt()
        self._library.put_provider(provider)
        if (before.kind, before.base_url) != (provider.kind, provider.base_url):
            self.catalogue.forget(provider)
        return provider

    async def remove(self, provider: Provider) -> None:
        """Remove a provider, and its key unless another provider has the same origin."""
        self._library.remove_provider(provider.id)
        self.catalogue.forget(provider)
        if not any(other.origin == provider.origin for other in self.all()):
            await self._keys.remove(provider)

    def models(self, provider: Provider) -> list[Model]:
        """Return the known models of a provider, including the model that it starts with."""
        if provider.traits.embedded:
            return [self._embedded_model()]
        known = self.catalogue.models(provider)
        models = list(known.values())
        if provider.model and provider.model not in known:
            models.append(Model(id=provider.model, name=provider.model))
        return models

    def model(self, provider: Provider, model_id: str) -> Model:
        """Return the model with this id, made of the id alone if unknown.

        The embedded provider has only one model, which is returned for every id.
        """
        if provider.traits.embedded:
            return self._embedded_model()
        if not model_id and provider.traits.speaks_llama_cpp:
            return Model("", _("The server's model"))
        return self.catalogue.models(provider).get(model_id) or Model(model_id, model_id)

    def listed(self) -> list[ListedModel]:
        """Return the models of all providers that write text. A server that answers with a model
        of its own, and has not listed it, has the model with the empty id."""
        found = []
        for provider in self.all():
            models = self.models(provider)
            if not models and provider.traits.speaks_llama_cpp:
                models = [self.model(provider, "")]
            found += [
                ListedModel(provider, model)
                for model in models
                if not model.outputs or "text" in model.outputs
            ]
        return found

    async def refresh(self, provider: Provider) -> list[Model]:
        """Fetch and return a provider's models, which proves that it can be reached.

        Raises MissingKey, ProviderError, EngineError, KeyringError.
        """
        target = await self.target(provider, provider.model)
        if provider.traits.embedded:
            return self.models(provider)
        return await self.catalogue.refresh(provider, target.base_url, target.key)

    async def refresh_stale(self) -> None:
        """Fetch all stale lists concurrently. If one fails, its old list stays."""
        old = [
            provider
            for provider in self.all()
            if not provider.traits.embedded and self.catalogue.is_stale(provider)
        ]
        await asyncio.gather(*(self._refresh_quietly(provider) for provider in old))

    async def _refresh_quietly(self, provider: Provider) -> None:
        try:
            # A list that needs no key is not worth asking the person to unlock the keyring.
            key = None if provider.traits.lists_publicly else await self.key(provider)
            await self.catalogue.refresh(provider, provider.base_url, key)
        except LoquatError as failure:
            log.info(
                "%s was not listed: %s", provider.name, failure.detail or type(failure).__name__
            )

    async def endpoints(self, provider: Provider, model_id: str) -> list[ModelHost]:
        """Fetch the hosts of a model at a router. Raises ProviderError, KeyringError."""
        return await self.catalogue.endpoints(provider, model_id, await self.key(provider))

    def not_taken(
        self, provider: Provider, model: Model, routing: Mapping[str, Any] | None = None
    ) -> Mapping[str, str]:
        """Return the parameters that are not sent: name → sentence with the reason."""
        return {
            **self._not_taken_by_hosts(provider, model, routing or {}),
            **self.refused(provider, model),
            **not_taken(provider.kind, model),
        }

    def _not_taken_by_hosts(
        self, provider: Provider, model: Model, routing: Mapping[str, Any]
    ) -> dict[str, str]:
        """Return the parameters that no admitted host supports; none if the hosts are unknown."""
        hosts = allowed(self.catalogue.known_endpoints(provider, model.id), routing)
        taken = frozenset[str]().union(*(host.supported_parameters for host in hosts))
        if not taken:
            return {}
        names = ", ".join(host.name for host in hosts[:3])
        reason = _("None of the allowed hosts supports this: {hosts}.")
        return {
            parameter.name: reason.format(hosts=names)
            for parameter in PARAMETERS
            if not {parameter.name, wire_name(provider.kind, parameter.name)} & taken
        }

    def refused(self, provider: Provider, model: Model) -> Mapping[str, str]:
        """Return the parameters that this model has refused before: name → sentence."""
        return {
            name: _("{model} at {provider} refused this: “{words}”").format(
                model=model.name, provider=provider.name, words=words
            )
            for name, words in self._settings.refusals(provider.origin, model.id).items()
        }

    def remember_refusal(self, provider: Provider, model: Model, name: str, words: str) -> None:
        """Store a refusal with the provider's words, so that the parameter is not sent again."""
        known = self._settings.refusals(provider.origin, model.id)
        self._settings.put_refusals(provider.origin, model.id, {**known, name: words[:200]})

    def forget_refusal(self, provider: Provider, model: Model, name: str) -> None:
        """Forget a refusal, so that the parameter is sent again."""
        known = self._settings.refusals(provider.origin, model.id)
        rest = {other: words for other, words in known.items() if other != name}
        self._settings.put_refusals(provider.origin, model.id, rest)

    def conflicts(self, provider: Provider, model: Model, values: Values) -> list[FoundConflict]:
        """Return the conflicts among the set parameters, including those of the kind."""
        return conflicts(provider.kind, model, values)

    def at_once(self, provider: Provider) -> int:
        """Return the number of concurrent requests: the embedded engine's slots, or `AT_ONCE`."""
        return self._engine.slots if provider.traits.embedded else AT_ONCE

    async def target(
        self, provider: Provider, model_id: str, progress: Callable[[str], None] | None = None
    ) -> Target:
        """Return address, key and model id for a request; start the embedded engine if needed.

        `progress` gets sentences about what is awaited: the engine or the keyring. Raises
        MissingKey, EngineError, KeyringError.
        """
        if provider.traits.embedded:
            endpoint = await self._engine.endpoint(progress)
            return Target(endpoint.base_url, endpoint.key, endpoint.model)
        key = await self.key(provider, progress)
        if key is None and provider.traits.key_variable:
            raise MissingKey(
                _(
                    "{name} needs an API key. Add it in Settings or set {variable}, then try again."
                ).format(name=provider.name, variable=key_variable(provider))
            )
        return Target(provider.base_url, key, model_id or provider.model)

    async def key(
        self, provider: Provider, progress: Callable[[str], None] | None = None
    ) -> str | None:
        """Return the key for a provider's origin, from the keyring, else from the environment.

        `progress` gets a sentence if the keyring is slow. Raises KeyringLocked.
        """
        return await self._keys.find(provider, progress)

    async def key_state(self, provider: Provider) -> tuple[bool, str]:
        """Return whether the keyring has a provider's key, and a sentence about the key.

        Raises KeyringLocked.
        """
        return await self._keys.state(provider)

    def lacks_key(self, provider: Provider) -> bool:
        """Return whether it is known, without asking the keyring, that a provider needs a key and
        has none."""
        return self._keys.known_missing(provider) is True

    async def without_key(self) -> frozenset[str]:
        """Return the ids of the providers that need a key and have none, as far as is known."""
        return frozenset([one.id for one in self.all() if await self._keys.is_missing(one)])

    async def save_key(self, provider: Provider, text: str) -> bool:
        """Store a pasted key; return whether it outlives the program. Raises InvalidKey."""
        return await self._keys.save(provider, text)

    async def remove_key(self, provider: Provider) -> None:
        """Remove the key of a provider's origin. Raises KeyringLocked."""
        await self._keys.remove(provider)

    async def keyring(self) -> str:
        """Return where keys are stored, as a phrase for the person."""
        return await self._keys.where()

    def _embedded_model(self) -> Model:
        chosen = self._settings.engine_model
        if chosen is None:
            return EMBEDDED_MODEL
        return replace(
            EMBEDDED_MODEL,
            id=chosen.stem,
            name=chosen.stem,
            description=_("Your own model file, run on this computer: {path}").format(path=chosen),
        )


def key_variable(provider: Provider) -> str:
    """Return the environment variable that stands for a provider's key in printed requests."""
    if provider.traits.key_variable:
        return provider.traits.key_variable
    # A server on this computer has a key only if the person gave it one, here or in the settings.
    return key_variable_for(provider.base_url) or OWN_KEY_VARIABLE
