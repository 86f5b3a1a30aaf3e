"""API keys, kept in the system's keyring, or in memory until exit if there is no keyring.

The library `keyring` takes any installed back-end; keyrings.alt would silently write keys to a
plain file. Therefore only the trusted back-ends listed here are used.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Protocol, TypeVar

from app.domain.errors import KeyringError, KeyringLocked, KeyringMissing
from app.domain.text.translation import _
from app.store.daemon_threads import DaemonThreads

SERVICE = "Loquat"
#: Time limit in seconds for one question to the keyring.
PATIENCE = 5.0

# A back-end: its module, its class, and its name for people.
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
    """The methods of a keyring back-end that are used."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return a key; None if there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a key."""

    def delete_password(self, service: str, username: str) -> None:
        """Delete a key."""


class Keys:
    """API keys by origin (scheme, host and port). May be called from any thread.

    A call can block for `patience` seconds, so the UI thread must not call. The keyring may take
    longer, for instance until the person has unlocked it: it is asked on a daemon thread, which
    goes on after the caller has given up, and what it then reads is cached. Keys that were read or
    stored once are cached in memory, which makes reading them immediate and independent of the
    keyring.
    """

    def __init__(self, backend: Backend | None = None, patience: float = PATIENCE) -> None:
        """Use the given back-end; None finds a trusted back-end when it is first needed."""
        self._backend = backend
        self._patience = patience
        self._name = _("the keyring")
        #: Reason why keys are only kept in memory, as the words after "since"; "" if they aren't.
        self._reason = ""
        self._session: dict[str, str] = {}
        # A single thread: questions are asked in order, so that the key given last is kept.
        self._thread = DaemonThreads(1, "keyring")

    @property
    def where(self) -> str:
        """The place where keys are kept, as a phrase for the screen."""
        if self.persistent:
            return self._name
        return _("in memory until Loquat closes, since {reason}").format(reason=self._reason)

    @property
    def persistent(self) -> bool:
        """Whether keys outlive the program, judged by the last answer of the keyring."""
        try:
            if self._backend is None:
                self._wait_for(self._found)
        except KeyringError:
            return False
        return not self._reason

    def get(self, origin: str) -> str | None:
        """Return the key for an origin; None if there is none. Raises KeyringLocked."""
        key = self._session.get(origin)
        if key or not origin:
            return key

        def read(backend: Backend) -> str | None:
            key = backend.get_password(SERVICE, origin)
            # A key that was stored meanwhile is newer, and wins.
            return self._session.setdefault(origin, key) if key else None

        try:
            return self._ask(read)
        except KeyringMissing:
            return None

    def put(self, origin: str, key: str) -> bool:
        """Store a key; return whether it is in the keyring. If not, `where` tells the reason."""
        self._session[origin] = key
        try:
            self._ask(lambda backend: backend.set_password(SERVICE, origin, key))
        except (KeyringMissing, KeyringLocked):
            return False
        return True

    def remove(self, origin: str) -> None:
        """Delete the key for an origin. Raises KeyringLocked if it may still be in the keyring."""
        self._session.pop(origin, None)
        if not origin:
            return

        def delete(backend: Backend) -> None:
            # Looked up first, since each back-end raises another error for a missing key.
            if backend.get_password(SERVICE, origin) is not None:
                backend.delete_password(SERVICE, origin)
            self._session.pop(origin, None)

        try:
            self._ask(delete)
        except KeyringMissing:
            return

    def _ask(self, question: Callable[[Backend], _Result]) -> _Result:
        """Ask the back-end, and wait for its answer. Raises KeyringMissing, KeyringLocked."""
        return self._wait_for(lambda: self._answer(question))

    def _wait_for(self, call: Callable[[], _Result]) -> _Result:
        """Run a call on the keyring's thread. Raises KeyringLocked after `patience` seconds."""
        try:
            return self._thread.submit(call).result(self._patience)
        except TimeoutError as error:
            self._reason = _("the keyring doesn't answer")
            sentence = _(
                "The keyring didn't answer for {n} seconds. If it asks for a password, enter it, "
                "then try again; or paste the key again to use it until Loquat closes."
            )
            raise KeyringLocked(sentence.format(n=f"{self._patience:g}"), "no answer") from error

    def _answer(self, question: Callable[[Backend], _Result]) -> _Result:
        """Call the back-end, a second time if it fails. Raises KeyringMissing, KeyringLocked."""
        backend = self._found()
        try:
            try:
                answer = question(backend)
            except Exception as error:
                # The connection may have died. After a person has closed the keyring's
                # dialog, though, the dialog isn't opened again.
                if type(error).__name__ == "KeyringLocked":
                    raise
                answer = question(backend)
        except Exception as error:
            # Back-ends raise undocumented errors: of D-Bus, of libraries, and their own.
            raise self._failed(error) from error
        self._reason = ""
        return answer

    def _failed(self, error: Exception) -> KeyringLocked:
        # Only the class of the error is kept, since its text might quote the key.
        if type(error).__name__ == "KeyringLocked":
            self._reason = _("the keyring is locked")
            sentence = _("The keyring ({name}) is locked. Unlock it, then try again.")
        else:
            self._reason = _("the keyring doesn't answer")
            sentence = _(
                "The keyring ({name}) doesn't answer. Start it, then try again; or paste the key "
                "again to use it until Loquat closes."
            )
        return KeyringLocked(sentence.format(name=self._name), type(error).__qualname__)

    def _found(self) -> Backend:
        """Return the back-end; it is searched in each call until one is found. Raises
        KeyringMissing."""
        if self._backend is None:
            places = _TRUSTED.get(sys.platform, _FREEDESKTOP)
            usable = [backend for place in places if (backend := _usable(place))]
            if not usable:
                self._reason = _("no supported keyring was found")
                raise KeyringMissing(_("No supported keyring was found."))
            self._reason = ""
            _priority, self._backend, self._name = max(usable, key=lambda one: one[0])
        return self._backend


def _usable(place: _Place) -> tuple[float, Backend, str] | None:
    """Return a back-end with its priority and name; None if it can't be used here."""
    module, name, title = place
    try:
        kind = getattr(import_module(module), name)
        # keyring's rule: reading `priority` raises if the back-end can't be used.
        return float(kind.priority), kind(), title
    except Exception:
        return None
