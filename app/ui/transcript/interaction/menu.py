"""A menu that opens at a point, and is gone when it closes."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QPoint, Qt, SignalInstance
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.text.translation import _
from app.ui.transcript.actions import Button, MessageActionId
from app.ui.transcript.interaction.mouse import Place, Pointing
from app.ui.transcript.interaction.selecting import Selecting
from app.ui.transcript.messages.message_item import MessageItem

#: Words, and what they do.
Entry = tuple[str, Callable[[], object]]


def open_menu(parent: QWidget, groups: Sequence[Sequence[Entry]], where: QPoint) -> None:
    """Open a menu of groups, with a line between them, at a point of the screen."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for group in filter(None, groups):
        if menu.actions():
            menu.addSeparator()
        for words, act in group:
            # `triggered` tells whether it is checked, which nothing here is.
            menu.addAction(words).triggered.connect(lambda _checked, act=act: act())
    menu.popup(where)


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


def _name(view: Viewed, place: Place, action: Button) -> str:
    """An action's name; of the request also what it set."""
    more = view.pointing.about(place.message) if action.href == MessageActionId.REQUEST else ""
    # A menu takes a single & for the mark of a key.
    return f"{action.name} ({more.replace('&', '&&')})" if more else action.name
