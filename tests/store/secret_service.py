"""A real Secret Service on a bus of its own: gnome-keyring, which can be locked and killed."""

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import secretstorage
from jeepney import DBusAddress, new_method_call  # type: ignore[import-untyped]
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

# Nothing is started by being asked for: no daemon comes back by itself, and no prompt opens.
BUS = """
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
PASSWORD = "a password"
NAME = "org.freedesktop.secrets"


class SecretService:
    """A bus, and perhaps gnome-keyring on it. `environment` is how to find them."""

    def __init__(self, folder: Path) -> None:
        """Start the bus."""
        folder.mkdir(mode=0o700)
        self.folder = folder
        settings = folder / "bus.conf"
        settings.write_text(BUS.format(socket=folder / "bus"))
        self._bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={settings}", "--print-address", "--nofork"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._keyring: int | None = None
        assert self._bus.stdout is not None
        with self._bus.stdout as said:
            address = said.readline().strip()
        self.environment = {
            "DBUS_SESSION_BUS_ADDRESS": address,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_DATA_HOME": str(folder / "share"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_CACHE_HOME": str(folder / "cache"),
        }

    def start(self) -> None:
        """Start gnome-keyring, unlocked, and wait until it is there."""
        with _Watch() as watch:
            subprocess.run(
                ["gnome-keyring-daemon", "--unlock", "--components=secrets"],
                env={**os.environ, **self.environment},
                input=PASSWORD.encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
            self._keyring = watch.wait_for_it()

    def lock(self) -> None:
        """Lock the keyring, as a screen saver may."""
        connection = secretstorage.dbus_init()
        secretstorage.get_default_collection(connection).lock()
        connection.close()

    def kill_keyring(self) -> None:
        """Kill gnome-keyring, and wait until the bus knows."""
        with _Watch() as watch:
            self._kill()
            watch.wait_until_it_is_gone()

    def stop(self) -> None:
        """End gnome-keyring and the bus. Twice is once."""
        self._kill()
        self._bus.kill()
        self._bus.wait()

    def _kill(self) -> None:
        if self._keyring is not None:
            os.kill(self._keyring, signal.SIGKILL)
            self._keyring = None


class _Watch:
    """Hears from the bus who has the service's name."""

    def __enter__(self) -> "_Watch":
        self._connection = open_dbus_connection()
        self._ask("AddMatch", "type='signal',member='NameOwnerChanged'")
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def wait_for_it(self) -> int:
        """Wait until somebody has the name; return its process."""
        while not self._ask("NameHasOwner", NAME):
            self._connection.receive(timeout=10)
        process: int = self._ask("GetConnectionUnixProcessID", NAME)
        return process

    def wait_until_it_is_gone(self) -> None:
        """Wait until nobody has it."""
        while self._ask("NameHasOwner", NAME):
            self._connection.receive(timeout=10)

    def _ask(self, method: str, word: str) -> Any:
        bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        reply = self._connection.send_and_get_reply(new_method_call(bus, method, "s", (word,)))
        return reply.body[0] if reply.body else None
