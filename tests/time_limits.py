"""Time limits for what pytest-timeout leaves without one: the teardown of a test that failed, and
a coroutine that swallows the time-out.

pytest-timeout sets one alarm for a whole test and takes it back at the first failure, so that a
teardown which waits for something that the failed test left behind waits for ever.
"""

import faulthandler
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

#: Seconds that a teardown may take, where the test's own limit is not lower.
TEARDOWN = 30.0
#: Seconds between two alarms, from the first until the test or its teardown has ended.
REPEATED = 2.0
#: Seconds after the limit until the process is ended (xdist starts another one): only for code
#: that runs no Python instruction, and so never notices an alarm.
GRACE = 60.0


def limit_of(item: pytest.Item) -> float:
    """Seconds that a test may take, 0 without a limit: those of its `timeout` marker, of the
    command line, or of the configuration."""
    if marker := item.get_closest_marker("timeout"):
        return float(marker.args[0])
    asked = item.config.getoption("timeout")
    return float(item.config.getini("timeout") if asked is None else asked)


@contextmanager
def repeated(item: pytest.Item) -> Iterator[None]:
    """Let the alarm that pytest-timeout has set ring again and again, since the exception that
    the first one raises is lost in a task that swallows exceptions."""
    left, _interval = signal.getitimer(signal.ITIMER_REAL)
    signal.setitimer(signal.ITIMER_REAL, left, REPEATED)
    try:
        with _ended_after(limit_of(item)):
            yield
    finally:
        left, _interval = signal.getitimer(signal.ITIMER_REAL)
        signal.setitimer(signal.ITIMER_REAL, left)


@contextmanager
def limited(item: pytest.Item) -> Iterator[None]:
    """Fail a teardown when its time is up."""
    seconds = min(TEARDOWN, limit_of(item))

    def fail(_number: int, _frame: FrameType | None) -> None:
        pytest.fail(f"Timeout (>{seconds}s) of the teardown")

    former = signal.signal(signal.SIGALRM, fail)
    signal.setitimer(signal.ITIMER_REAL, seconds, REPEATED)
    try:
        with _ended_after(seconds):
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


@contextmanager
def _ended_after(limit: float) -> Iterator[None]:
    """End the process GRACE seconds after a limit."""
    if limit:
        faulthandler.dump_traceback_later(limit + GRACE, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
