"""Keys in a real keyring: open, locked, dying, coming back, absent."""

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import KeyringLocked
from app.store.keys import Keys
from app.store.library import Library
from tests.store.secret_service import SecretService
from tests.store.test_keys import KEY, ORIGIN, OTHER, written

pytestmark = [
    pytest.mark.secrets,
    pytest.mark.skipif(
        shutil.which("gnome-keyring-daemon") is None or shutil.which("dbus-daemon") is None,
        reason="gnome-keyring and dbus-daemon are not installed",
    ),
    # keyring 25.7 leaves its connection to the bus open where the keyring fails.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A bus without a keyring, as this process's own."""
    service = SecretService(tmp_path / "session")
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    yield service
    service.stop()
    # What keyring left open is closed here, where the warning is expected.
    gc.collect()


@pytest.fixture
def keyring(bus: SecretService) -> SecretService:
    """An unlocked keyring."""
    bus.start()
    return bus


def test_a_key_outlives_the_program(keyring: SecretService) -> None:
    keys = Keys()
    assert (keys.where, keys.persistent) == ("Secret Service", True)
    assert keys.put(ORIGIN, KEY)
    later = Keys()
    assert later.get(ORIGIN) == KEY
    assert later.get(OTHER) is None


def test_a_new_key_takes_the_place_of_the_old(keyring: SecretService) -> None:
    Keys().put(ORIGIN, "sk-old")
    Keys().put(ORIGIN, KEY)
    assert Keys().get(ORIGIN) == KEY


def test_a_removed_key_is_out_of_the_keyring(keyring: SecretService) -> None:
    keys = Keys()
    keys.put(ORIGIN, KEY)
    keys.remove(ORIGIN)
    assert Keys().get(ORIGIN) is None
    keys.remove(ORIGIN)


def test_a_key_is_in_no_file_of_the_library_nor_readable_in_the_keyrings(
    keyring: SecretService, directory: Path, tmp_path: Path
) -> None:
    library = Library.open(directory)
    Keys().put(ORIGIN, KEY)
    assert KEY.encode() not in written(tmp_path)
    library.close()
    assert KEY.encode() not in written(tmp_path)


def test_a_locked_keyring_says_so_and_keeps_the_key_for_the_session(
    keyring: SecretService,
) -> None:
    Keys().put(ORIGIN, "sk-old")
    keyring.lock()
    keys = Keys()
    with pytest.raises(KeyringLocked, match="is locked"):
        keys.get(ORIGIN)
    assert not keys.put(ORIGIN, KEY)
    assert keys.where == "in memory until Loquat closes, since the keyring is locked"
    assert keys.get(ORIGIN) == KEY
    with pytest.raises(KeyringLocked):
        keys.remove(ORIGIN)


def test_a_keyring_that_dies_costs_no_key_that_was_seen(keyring: SecretService) -> None:
    keys = Keys()
    keys.put(ORIGIN, KEY)
    keyring.kill_keyring()
    assert keys.get(ORIGIN) == KEY
    with pytest.raises(KeyringLocked, match="doesn't answer"):
        keys.get(OTHER)
    assert not keys.put(OTHER, KEY)
    assert keys.get(OTHER) == KEY


def test_a_bus_that_dies_costs_no_key_that_was_seen(keyring: SecretService) -> None:
    keys = Keys()
    keys.put(ORIGIN, KEY)
    keyring.stop()
    assert keys.get(ORIGIN) == KEY
    with pytest.raises(KeyringLocked, match="doesn't answer"):
        keys.get(OTHER)


def test_a_keyring_that_comes_back_has_its_keys(keyring: SecretService) -> None:
    Keys().put(ORIGIN, KEY)
    keys = Keys()
    keyring.kill_keyring()
    assert not keys.put(OTHER, KEY)
    keyring.start()
    assert keys.get(ORIGIN) == KEY
    assert keys.persistent


def test_a_keyring_that_starts_later_is_found(bus: SecretService) -> None:
    keys = Keys()
    assert not keys.put(ORIGIN, KEY)
    assert "no supported keyring" in keys.where
    bus.start()
    assert keys.where == "Secret Service"
    assert keys.put(ORIGIN, KEY)
    assert Keys().get(ORIGIN) == KEY
