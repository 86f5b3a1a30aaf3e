"""Running the program as a shell would: in a process of its own, with nothing from outside."""

import os
import subprocess
import sys
from pathlib import Path

from tests.checkout import ROOT

#: Seconds after which a test is stuck; nothing is measured by it.
PATIENCE = 30


def environment(**more: str) -> dict[str, str]:
    """The environment without keys, proxies, a library or a keyring."""
    ours = ("OPENROUTER_API_KEY", "LOQUAT_API_KEY", "LOQUAT_DATA_DIR")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.lower().endswith("_proxy")
    }
    return {**kept, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", **more}


def start(directory: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    """Start `loquat` on a data directory; `more` goes into its environment."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "app", "--data-dir", str(directory), *arguments],
        cwd=ROOT,
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def run(directory: Path, *arguments: str, **more: str) -> tuple[int, str, str]:
    """Run `loquat` to its end; return its exit status, its output and its errors."""
    with start(directory, *arguments, **more) as process:
        out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err
