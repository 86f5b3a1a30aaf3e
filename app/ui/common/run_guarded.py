"""Starts asynchronous work for a window, and shows expected failures in that window."""

from collections.abc import Callable, Coroutine
from typing import Any

from app.domain.errors import LoquatError
from app.services.program.core import Core

#: A function that returns a coroutine. It is called only in the task: if the task never started, a
#: coroutine made before would be left behind unawaited.
Work = Callable[..., Coroutine[Any, Any, None]]


def run_guarded(
    core: Core, name: str, say: Callable[[LoquatError], None], work: Work, *facts: Any
) -> None:
    """Start `work(*facts)` as a task called `name` in the log. A LoquatError goes to `say`, which
    shows it in the window; any other exception is reported by the core as a bug."""

    async def guarded() -> None:
        try:
            await work(*facts)
        except LoquatError as failure:
            say(failure)

    core.tasks.spawn(guarded(), name)
