"""A run goes on after a test that failed, and ends, whatever that test has left running."""

import subprocess
import sys

import pytest

from tests.checkout import ROOT


@pytest.mark.parametrize(
    ("module", "failed"),
    [("blocked_thread", 1), ("stubborn_task", 1), ("streaming_answer", 1), ("window", 3)],
)
def test_a_run_ends_after_a_failed_test(module: str, failed: int) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.ui.conftest"]
    run = subprocess.run(
        [*command, f"tests/hanging/{module}.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert f"{failed} failed, 1 passed" in run.stdout, run.stdout[-4000:] + run.stderr[-2000:]
    assert run.returncode == pytest.ExitCode.TESTS_FAILED
