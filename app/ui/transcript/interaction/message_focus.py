"""The message that the keyboard acts on, and the button of it that has the keyboard focus.

The transcript is one widget. Its messages are reached by the actions MESSAGE_ABOVE and
MESSAGE_BELOW, and the buttons of a message, from left to right, by Tab, before the focus leaves.
"""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QRect, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollBar

from app.ui.common.actions import ActionId
from app.ui.common.keys import is_pressed
from app.ui.transcript.actions import MORE
from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.strips.hover import Attention

#: Height above a message's end that has its buttons, with those of a failure, in pixels.
BUTTONS = 96


class FocusHost(Protocol):
    """The part of the transcript view that the focus uses."""

    @property
    def wanted(self) -> SignalInstance: ...

    def items(self) -> Sequence[MessageItem]: ...

    def verticalScrollBar(self) -> QScrollBar: ...  # noqa: N802 - Qt's name

    def hasFocus(self) -> bool: ...  # noqa: N802 - Qt's name

    def rectangle_of(self, index: int) -> QRect: ...

    def refresh(self) -> None: ...

    def open_message_menu(self, index: int) -> None: ...


class MessageFocus(QObject):
    """Keyboard focus inside a transcript view. Nothing here moves the focus between widgets."""

    #: The focus moved to another message, or to another button of it.
    moved = Signal()

    def __init__(self, view: FocusHost, column: MessageColumn, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._column = column
        #: Index of the message that the keyboard acts on, or −1.
        self.message = -1
        #: Address of the button of that message that has the focus; empty if the message itself.
        self.button = ""

    def put(self, message: int) -> None:
        """Let the keyboard act on a message, −1 for none; none of its buttons has the focus."""
        self.message, self.button = message, ""

    def move(self, step: int) -> None:
        """Go to the message before (`step` −1) or after (1), and scroll to it."""
        count = len(self._view.items())
        if not count:
            return
        start = self.message if self.message >= 0 else count if step < 0 else -1
        self.put(max(0, min(count - 1, start + step)))
        self._column.show_item(self.message)
        self._view.refresh()
        self.moved.emit()

    def enter(self, *, backwards: bool) -> None:
        """Begin with the current message, or with the last one, because Tab came into the view; at
        its last button if Tab goes backwards."""
        if not self._view.items():
            return
        if self.message < 0:
            self.put(len(self._view.items()) - 1)
        self.button = self._stops()[-1] if backwards else ""
        self._show_button()

    def take_button(self, href: str) -> None:
        """Give the focus to a button of the current message, or to the message itself if it doesn't
        have this button now."""
        self.button = href if href in self._stops() else ""

    def step(self, *, backwards: bool) -> bool:
        """Go to the next button, or to the one before; return False if there is none, so that the
        focus should leave the view."""
        if not self._view.items():
            return False
        if self.message < 0:
            self.put(len(self._view.items()) - 1)
        stops = self._stops()
        now = stops.index(self.button) if self.button in stops else 0
        wanted = now + (-1 if backwards else 1)
        if not 0 <= wanted < len(stops):
            return False
        self.button = stops[wanted]
        self._show_button()
        return True

    def press(self, event: QKeyEvent) -> bool:
        """Press the button that has the focus, if the key is one that does that; return whether it
        was. The repeated events of a held key do nothing."""
        if not self.button or not is_pressed(event, ActionId.PRESS_BUTTON):
            return False
        if not event.isAutoRepeat() and 0 <= self.message < len(self._view.items()):
            self.press_button(self._view.items()[self.message], self.button)
        return True

    def press_button(self, item: MessageItem, href: str) -> None:
        """Do what a button of a message says: open its menu, or announce the action."""
        if href == MORE:
            self._view.open_message_menu(self._column.items.index(item))
        else:
            self._view.wanted.emit(item.id, href)

    def button_of(self, item: MessageItem) -> str | None:
        """Return the address of the button of a message that has the focus, empty if the message
        itself has it; None if another message or another widget has it."""
        index = self._column.items.place_of(item.id)
        return self.button if self._view.hasFocus() and index == self.message else None

    def button_rectangle(self, item: MessageItem, href: str) -> QRect | None:
        """Return the rectangle of a button below a message in pixels of the viewport; None if the
        message has no such button, as for an action that is only in its menu."""
        box = item.button_box(href)
        if box is None:
            return None
        corner = self._view.rectangle_of(self._column.items.index(item)).topLeft()
        return box.translated(corner)

    def attention_for(self, index: int, hovered: int, button: str, *, focused: bool) -> Attention:
        """Return how a message is attended to, if the pointer is at the message `hovered` and its
        `button`, and the view has the focus if `focused`."""
        here = focused and index == self.message
        return Attention(
            active=here or index == hovered,
            in_focus=here,
            hovered=button if index == hovered else "",
            focused=self.button if here else "",
        )

    def _stops(self) -> list[str]:
        """Return the addresses of the buttons of the current message, with the message itself,
        which is "", before them."""
        return ["", *(button.href for button in self._view.items()[self.message].buttons())]

    def _show_button(self) -> None:
        """Scroll as little as brings the current message's buttons into view."""
        item = self._view.items()[self.message]
        self._column.remeasure(item)
        top = self._column.top_of(self.message)
        end = top + self._column.height_of(self.message)
        bar = self._view.verticalScrollBar()
        seen = bar.value()
        place = end if self.button else min(end, top + self._column.page() // 2)
        if place > seen + self._column.page():
            bar.setValue(place - self._column.page())
        elif place - BUTTONS < seen:
            bar.setValue(place - BUTTONS)
        self._view.refresh()
        self.moved.emit()
