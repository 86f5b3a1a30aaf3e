"""The context menu of the conversation."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QPoint, Qt, SignalInstance
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.text.translation import _
from app.ui.transcript.actions import Button, MessageActionId
from app.ui.transcript.interaction.mouse import MouseInput, PointTarget
from app.ui.transcript.interaction.selecting import Selecting
from app.ui.transcript.messages.message_item import MessageItem

#: One entry of a menu: its words, and the function that a click calls.
Entry = tuple[str, Callable[[], object]]


def open_menu(parent: QWidget, groups: Sequence[Sequence[Entry]], where: QPoint) -> None:
    """Open a menu at a point of the screen, with a separator between groups; empty groups are
    left out. The menu is deleted when it closes."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for group in filter(None, groups):
        if menu.actions():
            menu.addSeparator()
        for words, act in group:
            # `triggered` passes whether the entry is checked, which is of no use here.
            menu.addAction(words).triggered.connect(lambda _checked, act=act: act())
    menu.popup(where)


class MenuHost(Protocol):
    """The part of the transcript view that its context menu uses."""

    selecting: Selecting
    pointing: MouseInput

    @property
    def wanted(self) -> SignalInstance: ...

    @property
    def copied(self) -> SignalInstance: ...

    def items(self) -> Sequence[MessageItem]: ...

    def copy(self) -> None: ...

    def copy_markdown(self) -> None: ...


def entries(view: MenuHost, place: PointTarget) -> list[list[Entry]]:
    """Return the groups of entries, each (words, function), of the menu for a click on `place`.

    They are: copying the selection, copying the formula there, and the actions of the message.
    """
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
        (_name(view, place, action), partial(view.wanted.emit, item.id, action.href))
        for action in item.actions()
    ]
    return [chosen, here, whole]


def _name(view: MenuHost, place: PointTarget, action: Button) -> str:
    """Return an action's name; for the request, also the parameters that were set in it."""
    more = view.pointing.about(place.message) if action.href == MessageActionId.REQUEST else ""
    # A menu takes a single & for the mark of an access key.
    return f"{action.name} ({more.replace('&', '&&')})" if more else action.name
