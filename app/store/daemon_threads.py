"""A thread pool whose threads never keep the program from ending.

Apart from `ThreadPoolExecutor`, whose threads the interpreter joins at exit: a call that hangs (a
keyring, a network drive, a name server) would keep the process alive until it returns.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class DaemonThreads(ThreadPoolExecutor):
    """An executor with at most `most` daemon threads, which end when there is no more work.

    With `most` 1 calls run in the order in which they were submitted. It derives from
    `ThreadPoolExecutor` because asyncio accepts no other class as a loop's default executor.
    """

    def __init__(self, most: int, name: str) -> None:
        super().__init__(most)
        self._most = most
        self._name = name
        self._calls: deque[Callable[[], None]] = deque()
        self._count = 0
        self._guard = threading.Lock()

    def submit(
        self, function: Callable[..., _Result], /, *args: Any, **named: Any
    ) -> "Future[_Result]":
        """Call a function on a thread; return the future of its result."""
        future: Future[_Result] = Future()

        def call() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = function(*args, **named)
            except BaseException as failure:
                # Bugs too, or the waiter would wait for ever.
                future.set_exception(failure)
            else:
                future.set_result(result)

        with self._guard:
            self._calls.append(call)
            if self._count == self._most:
                return future
            self._count += 1
        threading.Thread(target=self._work, name=self._name, daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Return at once: the threads end by themselves, or with the process."""

    def _work(self) -> None:
        while True:
            with self._guard:
                if not self._calls:
                    self._count -= 1
                    return
                call = self._calls.popleft()
            call()
