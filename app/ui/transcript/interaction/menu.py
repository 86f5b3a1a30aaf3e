"""The context menu of the conversation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QPoint, Qt, SignalInstance
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.text.translation import _
from app.ui.common.actions import ActionId
from app.ui.common.keys import key_of
from app.ui.theme.menu import Menu
from app.ui.transcript.actions import (
    Button,
    MenuGroup,
    MessageActionId,
    delete_words,
    group_of,
)
from app.ui.transcript.interaction.mouse import MouseInput, PointTarget
from app.ui.transcript.interaction.selecting import Selecting
from app.ui.transcript.messages.message_item import MessageItem


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a menu: its words, the function that a click calls, and the key that does the
    same, in words. An entry that is not `enabled` is greyed."""

    words: str
    act: Callable[[], object]
    key: str = ""
    enabled: bool = True


def make_menu(parent: QWidget, groups: Sequence[Sequence[Entry]]) -> QMenu:
    """Make a menu with a separator between groups; empty groups are left out. It is deleted when it
    closes."""
    menu = Menu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for group in filter(None, groups):
        if menu.actions():
            menu.addSeparator()
        for entry in group:
            # A menu takes a single & for the mark of an access key, and shows what follows a tab
            # at its right edge. A shortcut of the entry's own would take the window's key.
            words = entry.words.replace("&", "&&")
            action = menu.addAction(f"{words}\t{entry.key}" if entry.key else words)
            action.setEnabled(entry.enabled)
            # `triggered` passes whether the entry is checked, which is of no use here.
            action.triggered.connect(lambda _checked, act=entry.act: act())
    return menu


class MenuHost(Protocol):
    """The part of the transcript view that its context menu uses."""

    selecting: Selecting
    pointing: MouseInput

    @property
    def wanted(self) -> SignalInstance: ...

    @property
    def copied(self) -> SignalInstance: ...

    def items(self) -> Sequence[MessageItem]: ...

    def viewport(self) -> QWidget: ...

    def copy(self) -> None: ...

    def copy_markdown(self) -> None: ...


class MessageMenu:
    """The menu of a message, by a right click anywhere on it or by its ⋯ button."""

    def __init__(self, view: MenuHost) -> None:
        self._view = view
        #: Returns the number of messages that the deletion of a message takes, by its id.
        self.taken: Callable[[str], int] = _one

    def open(self, place: PointTarget, where: QPoint) -> None:
        """Open the menu for a place at a point of the screen."""
        make_menu(self._view.viewport(), self.entries(place)).popup(where)

    def entries(self, place: PointTarget) -> list[list[Entry]]:
        """Return the groups of entries: copying the selection, copying the formula at the place,
        and the actions of the message by their groups."""
        view = self._view
        chosen: list[Entry] = []
        if view.selecting.selection:
            chosen = [
                Entry(_("Copy selection"), view.copy, key_of(ActionId.COPY)),
                Entry(_("Copy selection as Markdown"), view.copy_markdown),
            ]
        here: list[Entry] = []
        if place.latex:
            here = [Entry(_("Copy LaTeX"), partial(view.copied.emit, place.latex))]
        item = view.items()[place.message]
        groups: dict[MenuGroup, list[Entry]] = {}
        for button in item.actions():
            # With a selection, the key copies that.
            key = "" if chosen and button.href == MessageActionId.COPY else button.key
            act = partial(view.wanted.emit, item.id, button.href)
            entry = Entry(self._words(place, item, button), act, key, button.enabled)
            groups.setdefault(group_of(button), []).append(entry)
        return [chosen, here, *groups.values()]

    def _words(self, place: PointTarget, item: MessageItem, button: Button) -> str:
        """Return an action's words; for the parameters also those that were sent."""
        match button.href:
            case MessageActionId.DELETE:
                return delete_words(self.taken(item.id))
            case MessageActionId.PARAMETERS if more := self._view.pointing.about(place.message):
                return f"{button.name} ({more})"
            case _:
                return button.name


def _one(_message_id: str) -> int:
    return 1
