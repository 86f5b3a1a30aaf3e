"""How services tell the screen that something happened, without knowing a screen."""

from collections.abc import Callable
from typing import Generic, ParamSpec

Facts = ParamSpec("Facts")


class News(Generic[Facts]):
    """Those who want to know, in the order in which they asked. Called on the loop's thread."""

    def __init__(self) -> None:
        self._listeners: list[Callable[Facts, None]] = []

    def connect(self, listener: Callable[Facts, None]) -> None:
        """Have `listener` called at each `tell`; connect bound methods."""
        self._listeners.append(listener)

    def disconnect(self, listener: Callable[Facts, None]) -> None:
        """Stop calling it; a listener that isn't there is no error."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def tell(self, *facts: Facts.args, **named: Facts.kwargs) -> None:
        """Call every listener; one may disconnect itself meanwhile.

        One that fails stops neither the others nor the teller, whose answer or change is real:
        its failure goes to the running loop's exception handler. Where no loop runs, the first
        one is raised when all have been told.
        """
        failures = []
        for listener in tuple(self._listeners):
            try:
                listener(*facts, **named)
            except Exception as failure:
                failures.append(failure)
        if failures:
            _report(failures)


def _report(failures: list[Exception]) -> None:
    # The first frame needs this module, and nothing of asyncio.
    import asyncio

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        loop = None
    if loop is None:
        raise failures[0]
    for failure in failures:
        loop.call_exception_handler({"message": "a listener failed", "exception": failure})
