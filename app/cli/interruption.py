"""Handles Ctrl+C and termination signals: the first stops gently, the second at once."""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from app.services.program.ending import signals_to_take


class Interruption:
    """Context manager in which the first signal calls `stop` on the event loop.

    `came` tells whether there was a signal. It uses `signal.signal`, since Windows doesn't have
    the loop's `add_signal_handler`.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._loop = asyncio.get_running_loop()
        self._before: dict[int, Any] = {}
        self.came = False

    def __enter__(self) -> "Interruption":
        for number in signals_to_take():
            try:
                self._before[number] = signal.signal(number, self._take)
            except ValueError:
                # Only the main thread can handle signals.
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
