"""Signing in with the browser: from the address to open to the key in the keyring."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from app.api.endpoints import openrouter_sign_in as sign_in
from app.api.endpoints.openrouter_sign_in import Returned
from app.api.http.client import Client
from app.domain.errors import Interrupted, LoquatError
from app.domain.providers.key_limits import KeyFacts
from app.domain.providers.providers import Provider
from app.domain.text.translation import _, ngettext
from app.services.providers.providers import Providers
from app.services.providers.sign_in_callback import LOOPBACK, CallbackListener

#: Seconds for the person to sign in; a code is valid as long.
PATIENCE = 600.0
#: Seconds for the provider to exchange a code for a key.
EXCHANGE = 60.0
#: Seconds for the provider to tell the key's limits.
FACTS = 15.0


@dataclass(frozen=True, slots=True)
class Connected:
    """The result of signing in: whether the key is stored lastingly, and its limits."""

    lasting: bool
    #: The place where keys are stored, as a phrase for the person.
    where: str
    facts: KeyFacts

    def sentence(self) -> str:
        """Return the result as sentences for the person."""
        kept = _("The key is saved in {where}.") if self.lasting else _("The key is kept {where}.")
        said = [_("Connected."), self.facts.sentence(), kept.format(where=self.where)]
        return " ".join(sentence for sentence in said if sentence)


class SigningIn:
    """An attempt to sign in, an async context manager. Leaving it closes the listener.

    A code comes from the browser after `listen`, or from `paste`; `finish` waits for the first.
    """

    def __init__(
        self,
        providers: Providers,
        client: Client,
        provider: Provider,
        *,
        patience: float = PATIENCE,
        hosts: Sequence[str] = LOOPBACK,
    ) -> None:
        """`patience` is the time for the person in seconds, counted from `finish`."""
        self._providers = providers
        self._client = client
        self._provider = provider
        self._patience = patience
        self._verifier = sign_in.new_verifier()
        self._path = sign_in.new_path()
        self._listener = CallbackListener(self._read, self._take, hosts=hosts)
        self._came = asyncio.Event()
        self._returned = Returned()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._listener.close()

    async def listen(self) -> bool:
        """Listen for the browser if not yet done; return False if no port is free."""
        return self._listener.port is not None or await self._listener.open()

    @property
    def address(self) -> str:
        """The address to open in a browser. Without a listener, its page shows a code to paste.

        Raises AddressError unless the provider's address is https or on this computer.
        """
        port = self._listener.port
        callback = None if port is None else f"http://localhost:{port}{self._path}"
        return sign_in.sign_in_address(self._provider.base_url, self._verifier, callback)

    @property
    def code_address(self) -> str:
        """The address of a page with a code to paste. Raises AddressError as `address` does."""
        return sign_in.sign_in_address(self._provider.base_url, self._verifier)

    def paste(self, text: str) -> None:
        """Continue with a code that the person pasted, alone or within the browser's address.

        Ignored if a code has arrived already. Raises InputError if the text has no code.
        """
        self._take(Returned(code=sign_in.read_pasted(text)))

    async def finish(self, progress: Callable[[str], None] | None = None) -> Connected:
        """Wait for a code, exchange it for a key, and store the key.

        Raises ProviderError, AddressError. If cancelled before the key came, nothing is stored.
        """
        try:
            async with asyncio.timeout(self._patience):
                await self._came.wait()
        except TimeoutError as error:
            raise _too_late(self._patience) from error
        finally:
            await self._listener.close()
        if self._returned.error:
            raise sign_in.refusal(self._provider.base_url, self._returned.error)
        if progress is not None:
            progress(_("Fetching the key…"))
        key = await self._exchange()
        if progress is not None:
            # This may take long, because the keyring may ask to be unlocked.
            progress(_("Saving the key…"))
        lasting = await self._providers.save_key(self._provider, key)
        return Connected(lasting, await self._providers.keyring(), await self._facts(key))

    async def _exchange(self) -> str:
        base_url = self._provider.base_url
        try:
            async with asyncio.timeout(EXCHANGE):
                return await sign_in.exchange(
                    self._client, base_url, self._returned.code, self._verifier
                )
        except TimeoutError as error:
            host = urlsplit(base_url).netloc
            raise Interrupted(
                _("{host} accepted the code but sent no answer. Try again.").format(host=host)
            ) from error

    async def _facts(self, key: str) -> KeyFacts:
        try:
            async with asyncio.timeout(FACTS):
                return await sign_in.key_facts(self._client, self._provider.base_url, key)
        except (LoquatError, TimeoutError):
            # The key is stored already; the settings page asks for its limits again.
            return KeyFacts()

    def _read(self, target: str) -> Returned | None:
        return sign_in.read_callback(target, self._path)

    def _take(self, returned: Returned) -> None:
        if not self._came.is_set():
            self._returned = returned
            self._came.set()


async def key_facts(providers: Providers, client: Client, provider: Provider) -> KeyFacts | None:
    """Return the spending limits of a provider's key; None if there is no key.

    Raises ProviderError, KeyringLocked.
    """
    key = await providers.key(provider)
    return None if key is None else await sign_in.key_facts(client, provider.base_url, key)


def _too_late(seconds: float) -> Interrupted:
    minutes = max(1, round(seconds / 60))
    sentence = ngettext(
        "Sign-in wasn't finished within {n} minute. Try again.",
        "Sign-in wasn't finished within {n} minutes. Try again.",
        minutes,
    )
    return Interrupted(sentence.format(n=minutes), "no callback")
