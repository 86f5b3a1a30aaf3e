"""Work that a window starts and that may fail as expected: the failure is said there."""

from collections.abc import Callable, Coroutine
from typing import Any

from app.domain.errors import LoquatError
from app.services.program.core import Core

#: A coroutine's function, not yet called: a task that never starts would leave a coroutine behind.
Work = Callable[..., Coroutine[Any, Any, None]]


def run_guarded(
    core: Core, name: str, say: Callable[[LoquatError], None], work: Work, *facts: Any
) -> None:
    """Start work under a name for the log; an expected failure goes to `say`."""

    async def guarded() -> None:
        try:
            await work(*facts)
        except LoquatError as failure:
            say(failure)

    core.tasks.spawn(guarded(), name)
