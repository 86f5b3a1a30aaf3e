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
        """Call every listener; one may disconnect itself meanwhile."""
        for listener in tuple(self._listeners):
            listener(*facts, **named)
