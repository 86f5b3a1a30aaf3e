"""Start of background coroutines: tasks are referenced until they end, and failures are reported.

asyncio itself keeps only weak references to tasks, and reports a task's exception only when the
task is garbage-collected, perhaps never.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from app.store.daemon_threads import DaemonThreads

#: Most threads that work at once for a loop, such as those that read files.
MOST_THREADS = 4

log = logging.getLogger(__name__)


def use_daemon_threads(loop: asyncio.AbstractEventLoop) -> None:
    """Let `asyncio.to_thread` use threads that do not keep the program from ending."""
    loop.set_default_executor(DaemonThreads(MOST_THREADS, "loquat"))


class Tasks:
    """The running tasks of the program; `report` is called with each uncaught exception."""

    def __init__(self, report: Callable[[BaseException], None] | None = None) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._report = report

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Start a coroutine as a task on the running loop; `name` is for the log."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._finish)
        return task

    async def close(self, within: float = 2.0) -> None:
        """Cancel all running tasks and wait for their end, at most `within` seconds."""
        running = [task for task in self._running if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=within)

    def _finish(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if task.cancelled() or (failure := task.exception()) is None:
            return
        log.error("task %s failed", task.get_name(), exc_info=failure)
        if self._report is not None:
            self._report(failure)
