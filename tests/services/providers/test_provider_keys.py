"""Whether the keyring is asked for a provider's key, and what happens if it gives no answer."""

from collections.abc import Iterator

import pytest

from app.domain.errors import KeyringLocked
from app.domain.providers.providers import OPENROUTER, Provider, ProviderKind
from app.services.library.settings import Settings
from app.services.providers import provider_keys
from app.services.providers.provider_keys import ProviderKeys
from app.store.keys import Keys
from app.store.library import Library
from tests.store.test_keys import Kept, Silent

KEY = "sk-canary-0123456789"
LOCAL = Provider("l", "l", ProviderKind.OPENAI_COMPATIBLE, "http://127.0.0.1:8080/v1", "m")
REMOTE = Provider("r", "r", ProviderKind.OPENAI_COMPATIBLE, "https://api.example/v1", "m")


@pytest.fixture
def library() -> Iterator[Library]:
    """A new library in memory."""
    made = Library.in_memory()
    yield made
    made.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    """A keyring that gives no answer before the end of the test."""
    backend = Silent()
    yield backend
    backend.answered.set()


def keys_in(library: Library, backend: Kept, patience: float = 5.0) -> ProviderKeys:
    """The keys of a program that has just started."""
    return ProviderKeys(Keys(backend, patience), Settings(library), library)


async def test_a_local_server_that_was_added_here_is_asked_without_the_keyring(
    library: Library, silent: Silent
) -> None:
    keys = keys_in(library, silent)
    keys.adopt()
    library.put_provider(LOCAL)
    assert await keys.find(LOCAL) is None
    assert silent.asked == 0


async def test_a_server_of_an_older_library_may_have_a_key(library: Library) -> None:
    library.put_provider(LOCAL)
    backend = Kept()
    backend.kept[f"Loquat {LOCAL.origin}"] = KEY
    assert await keys_in(library, backend).find(LOCAL) == KEY


async def test_a_server_without_a_key_is_asked_without_the_keyring_the_second_time(
    library: Library,
) -> None:
    backend = Kept()
    assert await keys_in(library, backend).find(REMOTE) is None
    asked = backend.asked
    assert await keys_in(library, backend).find(REMOTE) is None
    assert (asked, backend.asked) == (1, 1)


async def test_a_server_with_a_key_is_not_asked_without_it(
    library: Library, silent: Silent
) -> None:
    assert await keys_in(library, Kept()).save(LOCAL, KEY)
    with pytest.raises(KeyringLocked, match="didn't answer"):
        await keys_in(library, silent, 0.01).find(LOCAL)


async def test_a_server_that_perhaps_has_a_key_waits_for_the_keyring_once(
    library: Library, silent: Silent
) -> None:
    keys = keys_in(library, silent, 0.01)
    assert await keys.find(REMOTE) is None
    silent.answered.set()
    assert await keys.find(REMOTE) is None
    assert silent.asked == 1


async def test_a_provider_that_needs_a_key_says_that_the_keyring_gives_none(
    library: Library, silent: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = keys_in(library, silent, 0.01)
    with pytest.raises(KeyringLocked):
        await keys.find(OPENROUTER)
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    assert await keys.find(OPENROUTER) == KEY


async def test_a_forgotten_key_is_not_looked_for(library: Library, silent: Silent) -> None:
    keys = keys_in(library, Kept())
    await keys.save(REMOTE, KEY)
    await keys.remove(REMOTE)
    assert await keys_in(library, silent).find(REMOTE) is None
    assert silent.asked == 0


async def test_a_provider_without_a_key_is_removed_without_the_keyring(
    library: Library, silent: Silent
) -> None:
    keys = keys_in(library, silent)
    keys.adopt()
    library.put_provider(LOCAL)
    await keys.remove(LOCAL)
    assert silent.asked == 0


async def test_a_slow_keyring_is_named_to_who_waits(
    library: Library, silent: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_keys, "SILENCE", 0.0)
    said: list[str] = []

    def progress(words: str) -> None:
        said.append(words)
        silent.answered.set()

    assert await keys_in(library, silent).find(REMOTE, progress) is None
    assert said == ["Waiting for the keyring…"]


async def test_a_key_is_never_in_the_setting(library: Library) -> None:
    await keys_in(library, Kept()).save(REMOTE, KEY)
    assert Settings(library).key_origins == {OPENROUTER.origin: None, REMOTE.origin: True}
