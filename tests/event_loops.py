"""Event loops for tests, which close within seconds whatever a failed test has left running.

Closing a loop of asyncio joins the threads of its default executor without a deadline, and so
does the interpreter at its exit. A thread that is blocked in a read would keep the run for ever.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")

#: Seconds that cancelled tasks, and threads, have to end before a loop is closed over them.
CLOSING = 3.0


class DaemonExecutor(ThreadPoolExecutor):
    """Executor that runs each job in a daemon thread of its own.

    asyncio takes only a ThreadPoolExecutor as default executor; of that class nothing else is
    used.
    """

    def __init__(self) -> None:
        super().__init__(max_workers=1)
        self._running: list[threading.Thread] = []

    def submit(
        self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Result]:
        future: Future[Result] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:
                future.set_exception(error)

        thread = threading.Thread(target=work, name=f"executor {fn!r}", daemon=True)
        self._running = [other for other in self._running if other.is_alive()]
        self._running.append(thread)
        thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Join the threads for CLOSING seconds at most. Raises TimeoutError, once, where one
        still runs then; it is left behind."""
        running, self._running = self._running, []
        deadline = time.monotonic() + CLOSING
        for thread in running if wait else ():
            thread.join(max(0.0, deadline - time.monotonic()))
        if blocked := [thread.name for thread in running if wait and thread.is_alive()]:
            raise TimeoutError(f"still running after {CLOSING:.0f} s: {', '.join(blocked)}")


class LoopPolicy(asyncio.DefaultEventLoopPolicy):
    """Policy whose loops have a DaemonExecutor."""

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        loop = super().new_event_loop()
        loop.set_default_executor(DaemonExecutor())
        return loop


async def within(work: Coroutine[Any, Any, Result], seconds: float) -> Result:
    """Await a coroutine. Raises TimeoutError after `seconds`, or a little later if the coroutine
    ignores its cancellation, for which `asyncio.wait_for` would wait without end."""
    task = asyncio.ensure_future(work)
    if not (await asyncio.wait({task}, timeout=seconds))[0]:
        task.cancel()
        await asyncio.wait({task}, timeout=min(CLOSING, seconds / 4))
        raise TimeoutError(f"the test's work did not end within {seconds:.0f} s")
    return task.result()


async def cancel_others() -> None:
    """Cancel all other tasks of the running loop, and wait CLOSING seconds for them to end.

    Raises TimeoutError where one is still running then.
    """
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks and (running := (await asyncio.wait(tasks, timeout=CLOSING))[1]):
        names = ", ".join(task.get_name() for task in running)
        raise TimeoutError(f"tasks that ignore their cancellation: {names}")
