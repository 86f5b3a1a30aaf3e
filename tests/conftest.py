"""What every test has: no screen unless it starts one, no keys, no library of the person's."""

import asyncio
import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.api.dialects.dialect_table import written
from tests.event_loops import LoopPolicy
from tests.offscreen import qt_platform
from tests.time_limits import limited, repeated

#: So many new objects are worth a collection.
NEW_OBJECTS = 10_000

os.environ["QT_QPA_PLATFORM"] = qt_platform()

# How long an example takes, or its making, says something of the machine alone.
settings.register_profile("loquat", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("loquat")

asyncio.set_event_loop_policy(LoopPolicy())


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keys = ("OPENROUTER", "DEEPSEEK", "OPENAI", "LOQUAT")
    ways = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"]
    for name in [f"{key}_API_KEY" for key in keys] + ways:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("LOQUAT_DATA_DIR", str(tmp_path / "unasked"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one worker run all that load the model: it is loaded once, and leaves a core free."""
    for item in items:
        if item.get_closest_marker("engine"):
            item.add_marker(pytest.mark.xdist_group("engine"))


def pytest_sessionstart() -> None:
    """Have garbage collected here only: as in the program, other threads must not end widgets."""
    gc.disable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Repeat the alarm of a test's time-out until the test ends."""
    with repeated(item):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Limit the time of the teardown, which a failed test otherwise has without end."""
    with limited(item):
        return (yield)


def pytest_runtest_logfinish() -> None:
    """Collect what a test has left."""
    new, older, _ = gc.get_count()
    if new > NEW_OBJECTS:
        gc.collect(1 if older < 20 else 2)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what each provider does with each parameter, where that was checked."""
    passed = terminalreporter.stats.get("passed", [])
    if any("test_dialect_table" in report.nodeid for report in passed):
        terminalreporter.section("parameters and providers")
        for line in written():
            terminalreporter.line(line)
