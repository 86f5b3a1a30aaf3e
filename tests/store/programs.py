"""Other processes with the same library: what they do is Python, what they say comes by line."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.checkout import ROOT

PREAMBLE = """
import sys
from pathlib import Path
from app.domain.chat.conversation import Conversation, Status
from app.domain.errors import LibraryError, LibraryFull, LibraryReadOnly
from app.store.library import Library
from tests.store.values import REQUEST, URL, answer, question
directory = Path(sys.argv[1])
"""


def command(code: str, directory: Path) -> list[str]:
    """The command that runs code, which finds `directory` and the names of PREAMBLE."""
    return [sys.executable, "-c", PREAMBLE + code, str(directory)]


@contextmanager
def running(code: str, directory: Path) -> Iterator[subprocess.Popen[str]]:
    """Run code beside this process, to be talked to by lines; it is killed at the end."""
    with subprocess.Popen(
        command(code, directory),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def on_a_disk(mount: str, code: str, directory: Path) -> str:
    """Run code where `mount`, a shell command, has changed the disk for it alone; its output."""
    unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "-rm"]
    if shutil.which("unshare") is None or subprocess.call([*unshare, "true"]):
        pytest.skip("mounting a disk for one process alone is not allowed here")
    script = f'{mount}\nshift; exec "$@"'
    done = subprocess.run(
        [*unshare, "sh", "-ec", script, "sh", str(directory), *command(code, directory)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


READ_ONLY = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"'
SMALL = 'mount -t tmpfs -o size=2m small "$1"'
