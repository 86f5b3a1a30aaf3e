"""Input methods on a test's own screen: a real IBus or Fcitx with an engine for hangul."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.end_to_end.screen import Screen, wait_until

IBUS_NEEDS = ("ibus-daemon", "ibus", "/usr/libexec/ibus-engine-hangul", "/usr/libexec/ibus-memconf")
FCITX_NEEDS = ("fcitx5", "fcitx5-remote", "/usr/share/fcitx5/inputmethod/hangul.conf")
FCITX_PROFILE = """[Groups/0]
Name=Default
Default Layout=us
DefaultIM=hangul

[Groups/0/Items/0]
Name=keyboard-us
Layout=

[Groups/0/Items/1]
Name=hangul
Layout=

[GroupOrder]
0=Default
"""


def need(*programs: str) -> None:
    """Skip the test, with the reason, if one of these programs or files is missing."""
    missing = [each for each in programs if not (shutil.which(each) or Path(each).exists())]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@contextmanager
def ibus(screen: Screen) -> Iterator[Screen]:
    """Start IBus with hangul; yield the screen with the environment of a session with IBus."""
    need(*IBUS_NEEDS)
    inside = replace(screen, environment=screen.environment | {"QT_IM_MODULE": "ibus"})
    options = ["--panel=disable", "--emoji-extension=disable", "--config=/usr/libexec/ibus-memconf"]
    with _running(inside, ["ibus-daemon", *options]):
        wait_until(lambda: "hangul" in _said(inside, "ibus", "list-engine"), "the engine is known")
        yield inside


def choose_ibus_hangul(screen: Screen) -> None:
    """Have the focused field compose hangul. IBus has engines only while a program is there."""
    wait_until(
        lambda: (
            _said(screen, "ibus", "engine", "hangul") is not None
            and _said(screen, "ibus", "engine").strip() == "hangul"
        ),
        "the engine is chosen",
    )
    # It begins with Latin letters.
    screen.press("shift+space")


@contextmanager
def fcitx(screen: Screen) -> Iterator[Screen]:
    """Start Fcitx 5 with hangul; yield the screen with the environment of a session with Fcitx."""
    need(*FCITX_NEEDS)
    profile = Path(screen.environment["HOME"]) / ".config" / "fcitx5" / "profile"
    profile.parent.mkdir(parents=True, exist_ok=True)
    profile.write_text(FCITX_PROFILE)
    inside = replace(
        screen,
        environment=screen.environment
        | {"QT_IM_MODULE": "fcitx", "XMODIFIERS": "@im=fcitx", "GTK_IM_MODULE": "fcitx"},
    )
    with _running(inside, ["fcitx5", "--disable=wayland,notificationitem"]):
        wait_until(lambda: _said(inside, "fcitx5-remote").strip() != "", "Fcitx answers")
        yield inside


def choose_fcitx_hangul(screen: Screen) -> None:
    """Have the focused field compose hangul."""

    def is_on() -> bool:
        _said(screen, "fcitx5-remote", "-s", "hangul")
        return _said(screen, "fcitx5-remote", "-n").strip() == "hangul"

    wait_until(is_on, "hangul is chosen")


@contextmanager
def _running(screen: Screen, command: list[str]) -> Iterator[None]:
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", *command],
        env=screen.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        # With its engines, which are children of its own.
        os.killpg(process.pid, 15)
        process.wait(10)


def _said(screen: Screen, *command: str) -> str:
    done = subprocess.run(
        command, env=screen.environment, check=False, capture_output=True, text=True, timeout=30
    )
    return done.stdout
