"""Keys without a keyring, with one that fails, and with several threads at once."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from app.domain.errors import KeyringLocked
from app.store.keys import Keys
from tests.checkout import ROOT

ORIGIN = "https://provider.example:443"
OTHER = "http://127.0.0.1:8080"
KEY = "sk-canary-7f3a9c"

USES_A_KEY = f"""
import sys
from pathlib import Path
from app.store.keys import Keys
from app.store.library import Library
library = Library.open(Path(sys.argv[1]))
keys = Keys()
print(keys.put({ORIGIN!r}, {KEY!r}))
print(keys.persistent)
print(keys.where)
print(keys.get({ORIGIN!r}) == {KEY!r})
print(Keys().get({ORIGIN!r}) == {KEY!r})
library.close()
"""
#: What keyrings.alt does, and announces as better than any other back-end.
PLAIN_TEXT = """
from pathlib import Path
from keyring.backend import KeyringBackend
class PlaintextKeyring(KeyringBackend):
    priority = 99
    def get_password(self, service, username):
        return Path.home().joinpath("plain").read_text()
    def set_password(self, service, username, password):
        Path.home().joinpath("plain").write_text(password)
"""


class Kept:
    """A keyring in memory that fails as often as it is told to."""

    def __init__(self, failures: int = 0, error: type[Exception] = ConnectionError) -> None:
        self.kept: dict[str, str] = {}
        self.failures = failures
        self.asked = 0
        self._error = error

    def get_password(self, service: str, username: str) -> str | None:
        """Return a key."""
        self._fail()
        return self.kept.get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a key."""
        self._fail(password)
        self.kept[f"{service} {username}"] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget a key."""
        self._fail()
        del self.kept[f"{service} {username}"]

    def _fail(self, *words: str) -> None:
        self.asked += 1
        if self.failures:
            self.failures -= 1
            raise self._error("the bus is gone", *words)


class Silent(Kept):
    """A keyring that gives no answer until `answered` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = Event()

    def _fail(self, *words: str) -> None:
        super()._fail(*words)
        self.answered.wait()


def run(code: str, home: Path, **environment: str) -> list[str]:
    """Run code where no bus can be found and `home` is everything; return its lines."""
    home.mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(home / "data")],
        cwd=ROOT,
        env={**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def written(folder: Path) -> bytes:
    """Everything that is in any file, and the names."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"".join(os.fsencode(path) + path.read_bytes() for path in files)


def test_without_a_bus_a_key_is_in_memory_and_in_no_file(tmp_path: Path) -> None:
    lines = run(USES_A_KEY, tmp_path / "home")
    assert lines == [
        "False",
        "False",
        "in memory until Loquat closes, since no supported keyring was found",
        "True",
        "False",
    ]
    everything = written(tmp_path)
    assert b"SQLite format 3" in everything
    assert KEY.encode() not in everything


@pytest.mark.parametrize("way", ["environment", "settings"])
def test_a_plain_text_back_end_is_not_used_even_where_it_is_asked_for(
    tmp_path: Path, way: str
) -> None:
    plugins, home = tmp_path / "plugins", tmp_path / "home"
    (plugins / "plain_text").mkdir(parents=True)
    (plugins / "plain_text" / "__init__.py").write_text(PLAIN_TEXT)
    information = plugins / "plain_text-1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: plain-text\nVersion: 1\n")
    (information / "entry_points.txt").write_text("[keyring.backends]\nplain = plain_text\n")
    environment = {"PYTHONPATH": f"{plugins}{os.pathsep}{ROOT}"}
    name = "plain_text.PlaintextKeyring"
    if way == "environment":
        environment["PYTHON_KEYRING_BACKEND"] = name
    else:
        (home / ".config" / "python_keyring").mkdir(parents=True)
        settings = home / ".config" / "python_keyring" / "keyringrc.cfg"
        settings.write_text(f"[backend]\ndefault-keyring={name}\n")
    # It would be taken by keyring itself:
    code = "import keyring; print(keyring.get_keyring().priority)"
    assert run(code, home, **environment) == ["99"]
    assert run(USES_A_KEY, home, **environment)[:2] == ["False", "False"]
    assert KEY.encode() not in written(home)


def test_importing_keys_does_not_import_keyring(tmp_path: Path) -> None:
    code = "import sys; import app.store.keys; print('keyring' in sys.modules)"
    assert run(code, tmp_path) == ["False"]


def test_a_key_is_kept_by_its_origin_under_the_programs_name() -> None:
    backend = Kept()
    assert Keys(backend).put(ORIGIN, KEY)
    assert backend.kept == {f"Loquat {ORIGIN}": KEY}
    assert Keys(backend).get(ORIGIN) == KEY
    assert Keys(backend).get(OTHER) is None


def test_a_removed_key_is_nowhere() -> None:
    backend = Kept()
    keys = Keys(backend)
    keys.put(ORIGIN, KEY)
    keys.remove(ORIGIN)
    keys.remove(ORIGIN)
    assert (backend.kept, keys.get(ORIGIN)) == ({}, None)


def test_the_embedded_provider_has_no_key_and_asks_nobody() -> None:
    backend = Kept()
    keys = Keys(backend)
    assert keys.get("") is None
    keys.remove("")
    assert backend.asked == 0


def test_a_key_that_was_seen_is_not_asked_for_again() -> None:
    backend = Kept()
    Keys(backend).put(ORIGIN, KEY)
    keys = Keys(backend)
    keys.get(ORIGIN)
    backend.failures = 99
    assert keys.get(ORIGIN) == KEY


def test_a_keyring_that_fails_once_is_asked_again() -> None:
    backend = Kept(failures=1)
    keys = Keys(backend)
    assert keys.put(ORIGIN, KEY)
    assert (backend.asked, keys.persistent) == (2, True)


def test_a_keyring_that_fails_twice_leaves_the_key_in_memory_and_says_so() -> None:
    keys = Keys(Kept(failures=2))
    assert not keys.put(ORIGIN, KEY)
    assert keys.get(ORIGIN) == KEY
    assert not keys.persistent
    assert keys.where == "in memory until Loquat closes, since the keyring doesn't answer"


def test_a_keyring_that_comes_back_is_trusted_again() -> None:
    keys = Keys(Kept(failures=2))
    keys.put(ORIGIN, KEY)
    assert keys.put(ORIGIN, KEY)
    assert (keys.persistent, keys.where) == (True, "the keyring")


def test_a_failing_keyring_is_an_error_for_who_needs_a_key_and_quotes_none() -> None:
    backend = Kept(failures=2)
    keys = Keys(backend)
    with pytest.raises(KeyringLocked, match="doesn't answer") as raised:
        keys.get(ORIGIN)
    assert raised.value.detail == "ConnectionError"
    backend.failures = 2
    with pytest.raises(KeyringLocked):
        keys.remove(ORIGIN)


def test_a_person_who_declined_is_not_asked_twice_at_once() -> None:
    # By its name, as the back-end's own error is only imported with it.
    locked = type("KeyringLocked", (Exception,), {})
    backend = Kept(failures=1, error=locked)
    with pytest.raises(KeyringLocked, match="Unlock it"):
        Keys(backend).get(ORIGIN)
    assert backend.asked == 1


class Slow(Kept):
    """A keyring that waits for a person."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = Event()
        self.answered = Event()
        self.together = 0

    def get_password(self, service: str, username: str) -> str | None:
        """Wait until the person has answered."""
        self.together += 1
        assert self.together == 1
        self.waiting.set()
        assert self.answered.wait(10)
        self.together -= 1
        return super().get_password(service, username)


def test_a_keyring_that_waits_holds_up_no_key_that_was_seen() -> None:
    backend = Slow()
    keys = Keys(backend)
    keys.put(ORIGIN, KEY)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(keys.get, OTHER)
        assert backend.waiting.wait(10)
        second = pool.submit(keys.get, "https://third.example:443")
        assert keys.get(ORIGIN) == KEY
        assert keys.persistent
        backend.answered.set()
        assert (first.result(10), second.result(10)) == (None, None)


def test_a_key_that_is_given_while_the_keyring_waits_is_the_one_that_counts() -> None:
    backend = Slow()
    backend.kept[f"Loquat {ORIGIN}"] = "sk-old"
    keys = Keys(backend)
    with ThreadPoolExecutor() as pool:
        reading = pool.submit(keys.get, ORIGIN)
        assert backend.waiting.wait(10)
        writing = pool.submit(keys.put, ORIGIN, KEY)
        while keys.get(ORIGIN) != KEY:
            pass
        backend.answered.set()
        assert (reading.result(10), writing.result(10)) == (KEY, True)
    assert (keys.get(ORIGIN), backend.kept) == (KEY, {f"Loquat {ORIGIN}": KEY})


def test_a_keyring_that_gives_no_answer_is_given_up_and_said() -> None:
    keys = Keys(Silent(), patience=0.01)
    with pytest.raises(KeyringLocked, match="didn't answer for"):
        keys.get(ORIGIN)
    assert not keys.put(ORIGIN, KEY)
    assert keys.get(ORIGIN) == KEY
    assert keys.where == "in memory until Loquat closes, since the keyring doesn't answer"
    with pytest.raises(KeyringLocked):
        keys.remove(ORIGIN)


def test_an_answer_that_comes_too_late_counts_for_the_next_try() -> None:
    backend = Silent()
    backend.kept[f"Loquat {ORIGIN}"] = KEY
    keys = Keys(backend, patience=0.01)
    with pytest.raises(KeyringLocked):
        keys.get(ORIGIN)
    backend.answered.set()
    # Answered in order: the first question was answered before this one.
    patient = Keys(backend)
    patient._thread = keys._thread
    assert patient.get(OTHER) is None
    backend.kept.clear()
    assert keys.get(ORIGIN) == KEY


def test_a_process_ends_although_its_keyring_gives_no_answer(tmp_path: Path) -> None:
    code = """
from tests.store.test_keys import Silent
from app.store.keys import Keys
print(Keys(Silent(), patience=0.01).put("origin", "key"))
"""
    assert run(code, tmp_path / "home") == ["False"]
