"""Ctrl+C and the signals to end: the first one stops the work gently, the second one at once."""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

#: What ends a program politely; the last is the terminal's window being closed.
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Interruption:
    """While entered, the first signal calls `stop` on the loop; `came` says that there was one.

    `signal.signal` rather than the loop's own `add_signal_handler`, which Windows doesn't have.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._loop = asyncio.get_running_loop()
        self._before: dict[int, Any] = {}
        self.came = False

    def __enter__(self) -> "Interruption":
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            # Under nohup the closing of the window is meant to be ignored.
            if number is None or (name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN):
                continue
            try:
                self._before[number] = signal.signal(number, self._take)
            except ValueError:
                # Only the main thread has signals; elsewhere whoever started it stops it.
                return self
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self.came = True
        self.__exit__()
        self._loop.call_soon_threadsafe(self._stop)
