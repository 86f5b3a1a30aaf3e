"""Providers as one asks them: which there are, what their models take, and how to reach them."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.api.dialects.table import conflicts, not_taken, wire_name
from app.api.http.client import Client
from app.domain.errors import LoquatError, MissingKey, NotFoundError
from app.domain.parameters.kinds import Found, Values
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import EMBEDDED_MODEL, Endpoint, Model
from app.domain.providers.providers import (
    EMBEDDED,
    OWN_KEY_VARIABLE,
    PRESETS,
    Provider,
    ProviderKind,
    clean_key,
    is_loopback,
    key_variable_for,
    normal_address,
    origin_of,
)
from app.domain.providers.routing import allowed
from app.domain.text.translation import _
from app.engine.engine import Engine
from app.services.library.settings import Settings
from app.services.providers.model_catalogue import Catalogue, Listed
from app.store.keys import Keys
from app.store.library import Library

log = logging.getLogger(__name__)

#: Requests of a sweep that are sent to one provider at once.
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. The key is in no text that is shown or logged."""

    base_url: str
    key: str | None = field(repr=False)
    #: The model's id as this server wants it.
    model: str


class Providers:
    """The providers of the library, their keys, and the embedded engine behind the first."""

    def __init__(
        self, library: Library, keys: Keys, engine: Engine, settings: Settings, client: Client
    ) -> None:
        self._library = library
        self._keys = keys
        self._engine = engine
        self._settings = settings
        #: What the lists of models say, as they were read last.
        self.catalogue = Catalogue(library, settings, client)

    def all(self) -> list[Provider]:
        """Every provider, the embedded one first."""
        found = self._library.providers()
        return sorted(found, key=lambda one: (one.kind is not ProviderKind.EMBEDDED, one.name))

    def get(self, provider_id: str) -> Provider:
        """The provider with this id; one that is gone reads as the embedded one."""
        return self.find(provider_id) or EMBEDDED

    def find(self, provider_id: str) -> Provider | None:
        """The provider with this id; None where it is gone."""
        return next((one for one in self._library.providers() if one.id == provider_id), None)

    def names(self) -> dict[str, str]:
        """The current names of the providers by their ids."""
        return {provider.id: provider.name for provider in self._library.providers()}

    def name_of(self, provider_id: str) -> str:
        """The current name of the provider with this id. An id that no provider has comes back
        as it is: answers of old libraries may have a name in its place."""
        return self.names().get(provider_id, provider_id)

    def named(self, name: str) -> Provider:
        """The provider with this name or id, whatever its case. Raises NotFoundError."""
        wanted = name.strip().casefold()
        for one in self.all():
            if wanted in {one.id.casefold(), one.name.casefold()}:
                return one
        names = ", ".join(one.name for one in self.all())
        raise NotFoundError(
            _("There is no provider “{name}”. There are: {names}.").format(
                name=name[:80], names=names
            )
        )

    def default(self) -> Provider:
        """The provider that a new conversation starts with."""
        return self.get(self._settings.default_provider)

    def put(self, provider: Provider) -> Provider:
        """Add a provider or change one; its address is brought into its normal form.

        Raises AddressError. A changed address has another origin, and so no key until one is
        given for it.
        """
        if provider.kind is not ProviderKind.EMBEDDED:
            provider = replace(provider, base_url=normal_address(provider.base_url))
        before = self.get(provider.id)
        self._library.put_provider(provider)
        if (before.kind, before.base_url) != (provider.kind, provider.base_url):
            self.catalogue.forget(provider)
        return provider

    async def remove(self, provider: Provider) -> None:
        """Forget a provider, and its key unless another provider lives at the same origin."""
        self._library.remove_provider(provider.id)
        self.catalogue.forget(provider)
        if not any(one.origin == provider.origin for one in self.all()):
            await asyncio.to_thread(self._keys.remove, provider.origin)

    def models(self, provider: Provider) -> list[Model]:
        """The models that are known of a provider; its own choice is always among them."""
        if provider.kind is ProviderKind.EMBEDDED:
            return [self._embedded_model()]
        known = self.catalogue.models(provider)
        models = list(known.values())
        if provider.model and provider.model not in known:
            models.append(Model(id=provider.model, name=provider.model))
        return models

    def model(self, provider: Provider, model_id: str) -> Model:
        """The model with this id, known or not; the embedded provider has just its own."""
        if provider.kind is ProviderKind.EMBEDDED:
            return self._embedded_model()
        return self.catalogue.models(provider).get(model_id) or Model(model_id, model_id)

    def listed(self) -> list[Listed]:
        """Every model of every provider that writes text."""
        return [
            Listed(provider, model)
            for provider in self.all()
            for model in self.models(provider)
            if not model.outputs or "text" in model.outputs
        ]

    async def refresh(self, provider: Provider) -> list[Model]:
        """Ask a provider for its models, which shows that it can be reached.

        Raises MissingKey, ProviderError, EngineError, KeyringError.
        """
        target = await self.target(provider, provider.model)
        if provider.kind is ProviderKind.EMBEDDED:
            return self.models(provider)
        return await self.catalogue.refresh(provider, target.base_url, target.key)

    async def refresh_stale(self) -> None:
        """Bring the lists up to date that are old, all at once. What fails stays as it was."""
        old = [
            one
            for one in self.all()
            if one.kind is not ProviderKind.EMBEDDED and self.catalogue.is_stale(one)
        ]
        await asyncio.gather(*(self._refresh_quietly(provider) for provider in old))

    async def _refresh_quietly(self, provider: Provider) -> None:
        try:
            # OpenRouter lists its models for everybody: no key is fetched, and none is asked for.
            public = provider.kind is ProviderKind.OPENROUTER
            key = None if public else await self.key(provider)
            await self.catalogue.refresh(provider, provider.base_url, key)
        except LoquatError as failure:
            log.info(
                "%s was not listed: %s", provider.name, failure.detail or type(failure).__name__
            )

    async def endpoints(self, provider: Provider, model_id: str) -> list[Endpoint]:
        """The hosts of a model at a router. Raises ProviderError, KeyringError."""
        return await self.catalogue.endpoints(provider, model_id, await self.key(provider))

    def not_taken(
        self, provider: Provider, model: Model, routing: Mapping[str, Any] | None = None
    ) -> Mapping[str, str]:
        """Parameter → why it isn't taken here; all others are."""
        return {
            **self._not_taken_by_hosts(provider, model, routing or {}),
            **self.refused(provider, model),
            **not_taken(provider.kind, model),
        }

    def _not_taken_by_hosts(
        self, provider: Provider, model: Model, routing: Mapping[str, Any]
    ) -> dict[str, str]:
        """What none of the hosts takes that may serve, as far as they are known."""
        hosts = allowed(self.catalogue.known_endpoints(provider, model.id), routing)
        taken = frozenset[str]().union(*(host.supported_parameters for host in hosts))
        if not taken:
            return {}
        names = ", ".join(host.name for host in hosts[:3])
        reason = _("No host that may serve takes this, by their own lists: {hosts}.")
        return {
            parameter.name: reason.format(hosts=names)
            for parameter in PARAMETERS
            if not {parameter.name, wire_name(provider.kind, parameter.name)} & taken
        }

    def refused(self, provider: Provider, model: Model) -> Mapping[str, str]:
        """Parameters that this model has refused before: name → sentence."""
        return {
            name: _("{model} refused it at {provider}: “{words}”").format(
                model=model.name, provider=provider.name, words=words
            )
            for name, words in self._settings.refusals(provider.origin, model.id).items()
        }

    def remember_refusal(self, provider: Provider, model: Model, name: str, words: str) -> None:
        """Keep in mind that a parameter was refused, and with what words."""
        known = self._settings.refusals(provider.origin, model.id)
        self._settings.put_refusals(provider.origin, model.id, {**known, name: words[:200]})

    def forget_refusal(self, provider: Provider, model: Model, name: str) -> None:
        """Send a parameter again that was refused before."""
        known = self._settings.refusals(provider.origin, model.id)
        rest = {other: words for other, words in known.items() if other != name}
        self._settings.put_refusals(provider.origin, model.id, rest)

    def conflicts(self, provider: Provider, model: Model, values: Values) -> list[Found]:
        """What contradicts itself, or this provider, among the parameters that are set."""
        return conflicts(provider.kind, model, values)

    def at_once(self, provider: Provider) -> int:
        """How many answers may be asked for at once: of the embedded engine as many as it has
        slots, of others some that nobody minds."""
        return self._engine.slots if provider.kind is ProviderKind.EMBEDDED else AT_ONCE

    async def target(
        self, provider: Provider, model_id: str, progress: Callable[[str], None] | None = None
    ) -> Target:
        """Find the way to a model: start the engine where needed, fetch the key.

        Raises MissingKey, EngineError, KeyringError.
        """
        if provider.kind is ProviderKind.EMBEDDED:
            endpoint = await self._engine.endpoint(progress)
            return Target(endpoint.base_url, endpoint.key, endpoint.model)
        key = await self.key(provider)
        preset = PRESETS.get(provider.kind)
        if key is None and preset is not None and preset.variable:
            raise MissingKey(
                _(
                    "{name} needs a key. Paste one in the settings, or set {variable}, then retry."
                ).format(name=provider.name, variable=key_variable(provider))
            )
        return Target(provider.base_url, key, model_id or provider.model)

    async def key(self, provider: Provider) -> str | None:
        """The key for a provider's origin: from the keyring, else from the environment.

        Raises KeyringLocked. Asking the keyring can take minutes, while it asks the person.
        """
        key = await asyncio.to_thread(self._keys.get, provider.origin)
        return key or _environment_key(provider)

    async def key_state(self, provider: Provider) -> tuple[bool, str]:
        """Whether the keyring has a key for a provider, and a sentence on what there is."""
        kept = await asyncio.to_thread(self._keys.get, provider.origin) is not None
        where = await self.keyring()
        if kept:
            return True, _("There is a key: {where}").format(where=where)
        if _environment_key(provider):
            return False, _("A key comes from the environment.")
        return False, _("There is no key yet. Where it will be: {where}").format(where=where)

    async def save_key(self, provider: Provider, text: str) -> bool:
        """Keep a key as pasted; return whether it will outlive the program. Raises InvalidKey."""
        return await asyncio.to_thread(self._keys.put, provider.origin, clean_key(text))

    async def remove_key(self, provider: Provider) -> None:
        """Forget the key of a provider's origin."""
        await asyncio.to_thread(self._keys.remove, provider.origin)

    async def keyring(self) -> str:
        """Where keys are kept, as a phrase for the person."""
        return await asyncio.to_thread(lambda: self._keys.where)

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
    """The environment variable that stands for a provider's key in texts."""
    preset = PRESETS.get(provider.kind)
    if preset is not None and preset.variable:
        return preset.variable
    # One on this computer that is asked with a key has it from the settings or from here.
    return key_variable_for(provider.base_url) or OWN_KEY_VARIABLE


def _environment_key(provider: Provider) -> str | None:
    # A provider's own variable is sent to that provider alone, or to a stand-in on this computer
    # that was added as one: exported in a shell, it must not reach whatever server is asked next.
    preset = PRESETS.get(provider.kind)
    names = [OWN_KEY_VARIABLE]
    if preset is not None and preset.variable:
        own = origin_of(preset.base_url)
        if provider.origin == own or is_loopback(provider.base_url):
            names.insert(0, preset.variable)
    for name in names:
        if text := os.environ.get(name):
            return clean_key(text)
    return None
