"""What the menu of a place in the conversation offers."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import SignalInstance

from app.domain.texts import _
from app.ui.transcript.framing import REQUEST, Action
from app.ui.transcript.menu import Entry
from app.ui.transcript.message_item import MessageItem
from app.ui.transcript.pointing import Place, Pointing
from app.ui.transcript.selecting import Selecting


class Viewed(Protocol):
    """The view, as far as its menu goes."""

    selecting: Selecting
    pointing: Pointing

    @property
    def wanted(self) -> SignalInstance: ...

    @property
    def copied(self) -> SignalInstance: ...

    def items(self) -> Sequence[MessageItem]: ...

    def copy(self) -> None: ...

    def copy_markdown(self) -> None: ...


def entries(view: Viewed, place: Place) -> list[list[Entry]]:
    """What can be done at a place: copied there, or with its message."""
    chosen: list[Entry] = []
    if view.selecting.selection:
        chosen = [
            (_("Copy selection"), view.copy),
            (_("Copy selection as Markdown"), view.copy_markdown),
        ]
    here: list[Entry] = []
    if place.latex:
        here = [(_("Copy LaTeX"), partial(view.copied.emit, place.latex))]
    item = view.items()[place.message]
    whole: list[Entry] = [
        (_name(view, place, one), partial(view.wanted.emit, item.id, one.href))
        for one in item.actions()
    ]
    return [chosen, here, whole]


def _name(view: Viewed, place: Place, action: Action) -> str:
    """An action's name; of the request also what it set."""
    more = view.pointing.about(place.message) if action.href == REQUEST else ""
    # A menu takes a single & for the mark of a key.
    return f"{action.name} ({more.replace('&', '&&')})" if more else action.name
