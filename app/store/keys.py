"""Keys, in the system's keyring alone; where there is none, in memory until the program ends.

`keyring` itself takes any back-end that is installed, and keyrings.alt then writes keys to a
plain file without a word. So the trusted ones are named here, and none is searched for.
"""

import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Protocol, TypeVar

from app.domain.errors import KeyringLocked, KeyringMissing
from app.domain.text.translation import _

SERVICE = "Loquat"

# Module, class, and what a person calls it.
_Place = tuple[str, str, str]
_FREEDESKTOP: tuple[_Place, ...] = (
    ("keyring.backends.SecretService", "Keyring", "Secret Service"),
    ("keyring.backends.kwallet", "DBusKeyring", "KWallet"),
    ("keyring.backends.kwallet", "DBusKeyringKWallet4", "KWallet"),
)
_TRUSTED: dict[str, tuple[_Place, ...]] = {
    "darwin": (("keyring.backends.macOS", "Keyring", "macOS Keychain"),),
    "win32": (("keyring.backends.Windows", "WinVaultKeyring", "Windows Credential Manager"),),
}

_Result = TypeVar("_Result")


class Backend(Protocol):
    """What is used of a keyring's back-end."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return a key, None where there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a key."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget a key."""


class Keys:
    """Keys by the origin that they were given for. Any thread may call; one asks at a time.

    A call may wait for minutes while the keyring asks the person, so none is made by the UI
    thread. A key that was seen once is had from memory: it waits for nobody, and stays when
    the keyring dies.
    """

    def __init__(self, backend: Backend | None = None) -> None:
        """Use this back-end, whatever it is; without one, find a trusted one when needed."""
        self._backend = backend
        self._name = _("the keyring")
        #: Why keys are in memory alone, where they are: the words after "since".
        self._reason = ""
        self._session: dict[str, str] = {}
        self._finding = threading.Lock()
        self._asking = threading.Lock()

    @property
    def where(self) -> str:
        """Where keys are kept, as a phrase for the screen."""
        if self.persistent:
            return self._name
        return _("in memory until Loquat closes, since {reason}").format(reason=self._reason)

    @property
    def persistent(self) -> bool:
        """Whether keys outlive the program, as far as the last answer of the keyring tells."""
        try:
            self._found()
        except KeyringMissing:
            return False
        return not self._reason

    def get(self, origin: str) -> str | None:
        """The key for an origin, None where there is none. Raises KeyringLocked."""
        key = self._session.get(origin)
        if key or not origin:
            return key

        def read(backend: Backend) -> str | None:
            key = backend.get_password(SERVICE, origin)
            # One that was put while the keyring took its time is the newer.
            return self._session.setdefault(origin, key) if key else None

        try:
            return self._ask(read)
        except KeyringMissing:
            return None

    def put(self, origin: str, key: str) -> bool:
        """Keep a key; return whether it is in the keyring, else `where` says why it isn't."""
        self._session[origin] = key
        try:
            self._ask(lambda backend: backend.set_password(SERVICE, origin, key))
        except (KeyringMissing, KeyringLocked):
            return False
        return True

    def remove(self, origin: str) -> None:
        """Forget the key for an origin. Raises KeyringLocked where it may still be in there."""
        self._session.pop(origin, None)
        if not origin:
            return

        def delete(backend: Backend) -> None:
            # Asked first, since each back-end has its own words for a key that it doesn't have.
            if backend.get_password(SERVICE, origin) is not None:
                backend.delete_password(SERVICE, origin)
            self._session.pop(origin, None)

        try:
            self._ask(delete)
        except KeyringMissing:
            return

    def _ask(self, question: Callable[[Backend], _Result]) -> _Result:
        """Ask the keyring, and once more where it fails. Raises KeyringMissing, KeyringLocked."""
        with self._asking:
            backend = self._found()
            try:
                try:
                    answer = question(backend)
                except Exception as error:
                    # Its connection may just have died. A person who closed the keyring's
                    # question, though, isn't to be asked again.
                    if type(error).__name__ == "KeyringLocked":
                        raise
                    answer = question(backend)
            except Exception as error:
                # What a back-end raises is not its interface: D-Bus, its library or its own.
                raise self._failed(error) from error
            self._reason = ""
            return answer

    def _failed(self, error: Exception) -> KeyringLocked:
        # Only the kind of the error: its text might quote the key.
        if type(error).__name__ == "KeyringLocked":
            self._reason = _("the keyring is locked")
            sentence = _("The keyring ({name}) is locked. Unlock it, then try again.")
        else:
            self._reason = _("the keyring does not answer")
            sentence = _(
                "The keyring ({name}) does not answer. Start it, then try again; or give the key "
                "again, to be kept until Loquat closes."
            )
        return KeyringLocked(sentence.format(name=self._name), type(error).__qualname__)

    def _found(self) -> Backend:
        """The back-end, looked for each time until there is one. Raises KeyringMissing."""
        with self._finding:
            if self._backend is None:
                places = _TRUSTED.get(sys.platform, _FREEDESKTOP)
                found = [one for place in places if (one := _usable(place))]
                if not found:
                    self._reason = _("there is no keyring that Loquat trusts")
                    raise KeyringMissing(_("There is no keyring that Loquat trusts."))
                self._reason = ""
                _priority, self._backend, self._name = max(found, key=lambda one: one[0])
            return self._backend


def _usable(place: _Place) -> tuple[float, Backend, str] | None:
    """A trusted back-end with its priority, None where it can't be used here."""
    module, name, title = place
    try:
        kind = getattr(import_module(module), name)
        # By keyring's own rule, reading the priority fails where the back-end can't be used.
        return float(kind.priority), kind(), title
    except Exception:
        return None
