"""The two programs that are compared, ours and an empty window, each in a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.checkout import ROOT
from tests.offscreen import qt_platform

REFERENCE = ("tests.benchmarks.empty_window",)
#: Seconds that a program may take to end, on a busy machine.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Running:
    """A program whose first frame is painted: how long that took, and its process."""

    wall: float
    cpu: float
    process_id: int


def ours(directory: Path) -> tuple[str, ...]:
    """The program, as a person starts it, on a data directory."""
    return ("app", "--data-dir", str(directory))


@contextmanager
def running(program: tuple[str, ...]) -> Iterator[Running]:
    """Start a program, wait for its first frame, and close its window in the end.

    Raises RuntimeError where it shows no window, or doesn't end as it should.
    """
    begun = time.clock_gettime(time.CLOCK_MONOTONIC)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.probe", *program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=_environment(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        words = process.stdout.readline().split()
        if len(words) == 2:
            yield Running(float(words[0]) - begun, float(words[1]), process.pid)
        # Closing standard input asks for the end.
        _out, errors = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
    if len(words) != 2 or process.returncode:
        raise RuntimeError(
            f"{program[0]} ended with {process.returncode}: {errors.decode(errors='replace')}"
        )


def _environment() -> dict[str, str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": qt_platform()}
    # Without its byte code every start would compile the program again.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment
