"""A screen of a test's own: X server, window manager, and the buses that screen readers use.

Nothing of the person's desktop is touched or asked: display, buses, home and settings are
private, and no bus starts services, so there is no keyring either. Every process ends with the
test, and by the kernel's hand if the test is killed.
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from jeepney import DBusAddress, new_method_call  # type: ignore[import-untyped]
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

#: Seconds after which something that should come is not coming; nothing is measured by it.
PATIENCE = 30.0
#: Between two looks at what can't be awaited.
PAUSE = 0.05
LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")

# No service directories: whoever asks for a name that is not there is told so at once.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
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


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a program is to be shown; `environment` is all that it gets."""

    environment: dict[str, str]
    #: Where the accessibility bus listens.
    accessibility: str

    def press(self, *keys: str) -> None:
        """Press real keys, each as xdotool names it: `Return`, `ctrl+n`."""
        self._xdotool("key", "--clearmodifiers", *keys)

    def resize(self, title: str, width: int, height: int) -> None:
        """Ask the window manager for another size of the window with this title."""
        found = self._xdotool("search", "--onlyvisible", "--name", f"^{title}$").split()
        self._xdotool("windowsize", found[-1], str(width), str(height))

    def point(self, x: int, y: int) -> None:
        """Rest the pointer on a place, having come from beside it."""
        self._xdotool("mousemove", str(x + 3), str(y + 3))
        self._xdotool("mousemove", str(x), str(y))

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Click a place; button 2 is the middle one."""
        self._xdotool("mousemove", str(x), str(y), "click", str(button))

    def double_click(self, x: int, y: int) -> None:
        """Click a place twice in short order."""
        self.point(x, y)
        self._xdotool("click", "1", "click", "1")

    def _xdotool(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        return done.stdout


def wait_until(true: Callable[[], bool], what: str, explain: Callable[[], str] = str) -> None:
    """Look until something is true; fail with what was waited for, and how things are instead."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {PATIENCE:.0f} s\n{explain()}")
        time.sleep(PAUSE)


@contextmanager
def shown_screen(directory: Path) -> Iterator[Screen]:
    """Start everything that a window and a screen reader need; what they write goes below."""
    runtime = directory / "run"
    runtime.mkdir(mode=0o700, parents=True)
    with ExitStack() as stack:
        log = stack.enter_context((directory / "log").open("wb"))
        environment = _environment(directory, runtime)
        environment["DISPLAY"] = f":{_start_server(stack, environment, log)}"
        address = f"unix:path={runtime / 'bus'}"
        environment["DBUS_SESSION_BUS_ADDRESS"] = address
        (directory / "bus.conf").write_text(BUS.format(socket=runtime / "bus"))
        command = ["dbus-daemon", f"--config-file={directory / 'bus.conf'}", "--nofork"]
        _start(stack, command, environment, log)
        wait_until((runtime / "bus").exists, "the session bus")
        launcher = next(path for path in LAUNCHERS if Path(path).exists())
        _start(stack, [launcher, "--launch-immediately", "--a11y=1"], environment, log)
        _start(stack, ["openbox"], environment, log)
        wait_until(lambda: _is_managed(environment), "the window manager")
        yield Screen(environment, _accessibility_address(address))


def _environment(directory: Path, runtime: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "XDG_RUNTIME_DIR": str(runtime),
        "GSETTINGS_BACKEND": "memory",
        "LC_ALL": "C.UTF-8",
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "NO_AT_BRIDGE": "1",
    }


def _start_server(stack: ExitStack, environment: dict[str, str], log: IO[bytes]) -> int:
    reading, writing = os.pipe()
    with os.fdopen(reading) as told:
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24"]
        command += ["-nolisten", "tcp", "-noreset"]
        try:
            _start(stack, command, environment, log, (writing,))
        finally:
            os.close(writing)
        # An end without a number is the server's failure.
        return int(told.readline())


def _start(
    stack: ExitStack,
    command: Sequence[str],
    environment: dict[str, str],
    log: IO[bytes],
    handles: Sequence[int] = (),
) -> None:
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=handles,
    )
    stack.callback(_end, process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _is_managed(environment: dict[str, str]) -> bool:
    command = ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]
    told = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    return "window id" in told.stdout


def _accessibility_address(session: str) -> str:
    bus = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
    told: list[str] = []

    def ask() -> bool:
        with open_dbus_connection(session) as connection:
            reply = connection.send_and_get_reply(new_method_call(bus, "GetAddress"), timeout=5)
        told[:] = reply.body if reply.header.message_type.name == "method_return" else []
        return bool(told)

    wait_until(ask, "the accessibility bus")
    return told[0]
