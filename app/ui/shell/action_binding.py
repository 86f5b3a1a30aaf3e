"""Binds each action of the window to the function that does it, and checks that none is missing."""

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QWidget

from app.ui.common.action_widgets import bind
from app.ui.common.actions import ACTIONS_BY_SCOPE, ActionId, Handlers, Scope


def bind_actions(window: QWidget, owners: Iterable[Handlers]) -> Handlers:
    """Bind the keys of every action of the window, and return the handlers of all.

    Raises ValueError if an action of the window has no handler or several, or if there is a
    handler for an action of another scope.
    """
    handlers: dict[ActionId, Callable[[], object]] = {}
    for declared in owners:
        if twice := handlers.keys() & declared.keys():
            raise ValueError(f"several handlers: {', '.join(sorted(twice))}")
        handlers.update(declared)
    wanted = [action.id for action in ACTIONS_BY_SCOPE[Scope.WINDOW]]
    if wrong := handlers.keys() ^ wanted:
        raise ValueError(f"no handler, or no action of the window: {', '.join(sorted(wrong))}")
    for action in wanted:
        bind(window, action, handlers[action])
    return handlers
