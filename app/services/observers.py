"""Callback lists by which services announce changes to the window without importing it."""

from collections.abc import Callable
from typing import Generic, ParamSpec

Facts = ParamSpec("Facts")


class Observers(Generic[Facts]):
    """A list of callbacks for one kind of event, called in the order of their connection.

    `Facts` are the types of the callbacks' arguments. Use from the event loop's thread only.
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[Facts, None]] = []

    def connect(self, listener: Callable[Facts, None]) -> None:
        """Add a callback for each `notify`. Connect bound methods, so that they can disconnect."""
        self._listeners.append(listener)

    def disconnect(self, listener: Callable[Facts, None]) -> None:
        """Remove a callback; does nothing if it is not connected."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def notify(self, *facts: Facts.args, **named: Facts.kwargs) -> None:
        """Call every callback with these arguments; a callback may disconnect itself meanwhile.

        An exception in a callback doesn't stop the others or reach the caller, whose change has
        already happened: it goes to the running loop's exception handler. If no loop runs, the
        first exception is raised after all callbacks were called.
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
    # Imported late, so that the first frame doesn't wait for asyncio.
    import asyncio

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        loop = None
    if loop is None:
        raise failures[0]
    for failure in failures:
        loop.call_exception_handler({"message": "a listener failed", "exception": failure})
