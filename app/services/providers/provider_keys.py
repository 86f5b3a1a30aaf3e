"""The API key of a provider: asked of the keyring only where one may be, else the environment's."""

import asyncio
import logging
import os
from collections.abc import Callable

from app.domain.errors import InvalidKey, KeyringError, LibraryError
from app.domain.providers.addresses import is_loopback, origin_of
from app.domain.providers.api_keys import OWN_KEY_VARIABLE, clean_key
from app.domain.providers.providers import Provider
from app.domain.text.translation import _
from app.services.library.settings import Settings
from app.store.keys import Keys
from app.store.library import Library

#: Seconds after which the person is told that the keyring is awaited.
SILENCE = 0.5

log = logging.getLogger(__name__)


class ProviderKeys:
    """Finds, stores and removes the keys of providers; each call leaves the keyring to a thread.

    The setting `key_origins` remembers which origins have a key, without the key, so that a server
    without one is asked although the keyring is locked or doesn't answer.
    """

    def __init__(self, keys: Keys, settings: Settings, library: Library) -> None:
        self._keys = keys
        self._settings = settings
        self._library = library
        #: Origins that perhaps have a key, for which the keyring gave no answer in this run.
        self._unanswered: set[str] = set()

    def adopt(self) -> None:
        """Note the origins of a library that has no `key_origins` yet as unknown.

        Called before a provider is added: from then on an origin that isn't noted is new. Raises
        LibraryError.
        """
        if self._settings.key_origins is None:
            self._settings.key_origins = self._origins()

    async def find(
        self, provider: Provider, progress: Callable[[str], None] | None = None
    ) -> str | None:
        """Return the key for a provider's origin, from the keyring, else from the environment.

        `progress` gets a sentence if the keyring is slow. Raises KeyringLocked if the provider
        needs a key, or had one, and the keyring doesn't give it.
        """
        fallback = environment_key(provider)
        if not self._may_have_key(provider):
            return fallback
        try:
            key = await self._read(provider.origin, progress)
        except KeyringError as failure:
            if fallback is None and self._needs_key(provider):
                raise
            log.info("asked %s without the keyring: %s", provider.name, failure.detail)
            self._unanswered.add(provider.origin)
            return fallback
        return key or fallback

    async def state(self, provider: Provider) -> tuple[bool, str]:
        """Return whether the keyring has a provider's key, and a sentence about the key.

        Raises KeyringLocked.
        """
        kept = await self._read(provider.origin) is not None
        where = await self.where()
        if kept:
            return True, _("Key saved: {where}").format(where=where)
        if environment_key(provider):
            return False, _("The key comes from an environment variable.")
        return False, _("No key yet. It will be saved here: {where}").format(where=where)

    def known_missing(self, provider: Provider) -> bool | None:
        """Return whether a provider needs a key and has none, by what was noted before; None where
        only the keyring knows."""
        try:
            if not provider.traits.key_variable or environment_key(provider):
                return False
        except InvalidKey:
            # The sentence about the key in the environment comes when it is sent.
            return False
        noted = self._noted(provider)
        return None if noted is None else not noted

    async def is_missing(self, provider: Provider) -> bool:
        """Return whether a provider needs a key and has none. The keyring is asked only where that
        was never noted; if it gives no answer, the key may be there."""
        known = self.known_missing(provider)
        if known is not None or provider.origin in self._unanswered:
            return known is True
        try:
            return await self._read(provider.origin) is None
        except KeyringError:
            self._unanswered.add(provider.origin)
            return False

    async def save(self, provider: Provider, text: str) -> bool:
        """Store a pasted key; return whether it outlives the program. Raises InvalidKey."""
        stored = await asyncio.to_thread(self._keys.put, provider.origin, clean_key(text))
        # A keyring that answers later stores the key then, so it is not known to have none.
        self._note(provider.origin, True if stored else None)
        return stored

    async def remove(self, provider: Provider) -> None:
        """Remove the key of a provider's origin, if it perhaps has one.

        Raises KeyringLocked if the key may still be in the keyring.
        """
        if self._noted(provider) is not False:
            await asyncio.to_thread(self._keys.remove, provider.origin)
            self._note(provider.origin, False)

    async def where(self) -> str:
        """Return where keys are stored, as a phrase for the person."""
        return await asyncio.to_thread(lambda: self._keys.where)

    async def _read(self, origin: str, progress: Callable[[str], None] | None = None) -> str | None:
        reading = asyncio.ensure_future(asyncio.to_thread(self._keys.get, origin))
        try:
            if progress is not None and not (await asyncio.wait({reading}, timeout=SILENCE))[0]:
                progress(_("Waiting for the keyring…"))
            key = await reading
        finally:
            reading.cancel()
        self._unanswered.discard(origin)
        if key is not None:
            self._note(origin, True)
        elif self._origins().get(origin) is None and await asyncio.to_thread(self._persistent):
            # Not without a keyring: the key may be in the keyring of another session.
            self._note(origin, False)
        return key

    def _persistent(self) -> bool:
        return self._keys.persistent

    def _origins(self) -> dict[str, bool | None]:
        known = self._settings.key_origins
        if known is not None:
            return dict(known)
        return {provider.origin: None for provider in self._library.providers() if provider.origin}

    def _may_have_key(self, provider: Provider) -> bool:
        """Whether the keyring is worth asking: it may want the person to unlock it."""
        if provider.traits.key_variable:
            return True
        if provider.origin in self._unanswered:
            return False
        return self._noted(provider) is not False

    def _needs_key(self, provider: Provider) -> bool:
        return bool(provider.traits.key_variable) or self._noted(provider) is True

    def _noted(self, provider: Provider) -> bool | None:
        """Whether the keyring has a key for the provider; None if that is not known."""
        # A server on this computer that was added here has no key but the one that is given here.
        unknown = False if is_loopback(provider.base_url) else None
        return self._origins().get(provider.origin, unknown)

    def _note(self, origin: str, has_key: bool | None) -> None:
        known = self._origins()
        if not origin or (origin in known and known[origin] is has_key):
            return
        try:
            self._settings.key_origins = {**known, origin: has_key}
        except LibraryError as failure:
            # A library that can't be written costs a question to the keyring next time.
            log.info("where keys are was not kept: %s", failure.detail)


def environment_key(provider: Provider) -> str | None:
    """Return the key that the environment gives for a provider. Raises InvalidKey."""
    # The key in a kind's own variable goes only to that kind's own address, or to a stand-in on
    # this computer. A variable that the person exports must not reach other servers.
    traits = provider.traits
    names = [OWN_KEY_VARIABLE]
    if traits.key_variable:
        own = origin_of(traits.base_url)
        if provider.origin == own or is_loopback(provider.base_url):
            names.insert(0, traits.key_variable)
    for name in names:
        if text := os.environ.get(name):
            return clean_key(text)
    return None
