"""Every benchmark gives its figures, in a short form and in a process of its own; what they are
is not tested."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.lengths import SHORT
from tests.benchmarks.register import BENCHMARKS
from tests.checkout import ROOT

# One worker runs them all: the other core stays free for the rest.
pytestmark = pytest.mark.xdist_group("benchmarks")


def run(module: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, SHORT: "1"},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_of_the_register_gives_its_figures(name: str) -> None:
    [result] = json.loads(run("tests.benchmarks", name, "--json"))
    assert result["name"] == name
    assert all(math.isfinite(result[figure]) for figure in ("ours", "reference", "ratio"))


def test_the_growth_of_figures_is_drawn(tmp_path: Path) -> None:
    picture = tmp_path / "growth.png"
    run("tests.benchmarks", "--plot", str(picture))
    assert picture.stat().st_size > 0


def test_decoding_is_measured_beside_the_openai_package() -> None:
    assert "over loopback" in run("tests.api.stream.benchmark_decoding")


def test_the_library_is_measured_beside_its_rows() -> None:
    assert "times what their rows alone cost" in run("tests.store.benchmark_library")
