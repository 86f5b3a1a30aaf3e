"""Accessible list of messages, for screen readers, since messages are painted and not widgets.

Each message is an item of the list. It has a text, which can be read by character or line, and a
button for each of its actions.
"""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAccessibleWidget, QWidget
from shiboken6 import VoidPtr, getCppPointer

from app.domain.chat.conversation import Status
from app.domain.chat.endings import ending_of
from app.domain.text.translation import _
from app.ui.transcript.accessibility.announce import spoken_actions
from app.ui.transcript.accessibility.message_text import AccessibleText
from app.ui.transcript.actions import Button, MessageActionId, can_retry, delete_words
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.strips.head_and_foot import figures_of, label_of
from app.ui.transcript.view import TranscriptView

TextKind = QAccessible.Text
#: Messages out of view whose readings may wait to be freed.
SPARE = 16


class AccessibleAction(QAccessibleWidget):
    """An action of a message, as an accessible button.

    It derives from QAccessibleWidget, the only interface in PySide that can be pressed, although
    it represents a painted icon and not a widget.
    """

    def __init__(self, view: TranscriptView, parent: "AccessibleMessage", action: Button) -> None:
        super().__init__(view, QAccessible.Role.Button)
        self._view = view
        self._parent = parent
        self._action = action

    def isValid(self) -> bool:
        return self._parent.isValid() and self._action in spoken_actions(self._parent.item)

    def object(self) -> QObject | None:  # type: ignore[override] # it is painted
        return None

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.disabled = not self._action.enabled
        buttons = [button.href for button in self._parent.item.buttons()]
        state.focusable = self._action.href in buttons
        state.focused = self._view.focus.button_of(self._parent.item) == self._action.href
        return state

    def parent(self) -> QAccessibleInterface:
        return self._parent

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def rect(self) -> QRect:
        place = self._view.focus.button_rectangle(self._parent.item, self._action.href)
        if place is None:
            return self._parent.rect()
        return QRect(self._view.viewport().mapToGlobal(place.topLeft()), place.size())

    def text(self, part: QAccessible.Text) -> str:
        match part:
            case TextKind.Name if self._action.href == MessageActionId.DELETE:
                return delete_words(self._view.menu.taken(self._parent.item.id))
            case TextKind.Name:
                return self._action.name
            case TextKind.Accelerator:
                return self._action.key
            case _:
                return ""

    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction()]

    def doAction(self, name: str) -> None:
        if self.isValid() and self._action.enabled:
            self._view.focus.press_button(self._parent.item, self._action.href)


class AccessibleMessage(QAccessibleInterface):
    """A message as an accessible list item. Its name is the author and the text."""

    def __init__(
        self, view: TranscriptView, item: MessageItem, parent: "AccessibleMessageList"
    ) -> None:
        super().__init__()
        self._view = view
        self.item = item
        self._parent = parent
        self._buttons: dict[Button, AccessibleAction] = {}
        self._words = AccessibleText(view, item)

    def interface_cast(self, kind: QAccessible.InterfaceType) -> VoidPtr:  # type: ignore[override]
        # In C++ this is a cast of the same object; here the text is another object, of which Qt
        # needs the address. Returning None crashed.
        has_words = kind == QAccessible.InterfaceType.TextInterface
        return VoidPtr(getCppPointer(self._words)[0] if has_words else 0)

    def stand_for(self, item: MessageItem) -> None:
        """Take the place of another message, so that its own, which is gone, can be freed."""
        self.item = item
        self._words.stand_for(item)

    def isValid(self) -> bool:
        return self.item in self._view.items()

    def object(self) -> QObject | None:  # type: ignore[override] # a message is no QObject
        return None

    def window(self) -> QWindow:
        return self._view.window().windowHandle()

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.readOnly = True
        state.busy = self.item.message.status is Status.STREAMING
        state.focusable = True
        state.focused = self._view.focus.button_of(self.item) == ""
        return state

    def parent(self) -> QAccessibleInterface:
        return self._parent

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        actions = spoken_actions(self.item)
        if not 0 <= index < len(actions):
            return None
        action = actions[index]
        if action not in self._buttons:
            self._buttons[action] = AccessibleAction(self._view, self, action)
        return self._buttons[action]

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return len(spoken_actions(self.item))

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        for index, action in enumerate(spoken_actions(self.item)):
            if self._buttons.get(action) is child:
                return index
        return -1

    def rect(self) -> QRect:
        if not self.isValid():
            return QRect()
        place = self._view.rectangle_of(self._view.items().index(self.item))
        return QRect(self._view.viewport().mapToGlobal(place.topLeft()), place.size())

    def text(self, part: QAccessible.Text) -> str:
        if part == TextKind.Name:
            text = self.item.spoken()
            if can_retry(self.item.message):
                text = f"{text}\n{ending_of(self.item.message)}".strip()
            return _("{who}: {text}").format(who=self._author(), text=text)
        if part == TextKind.Description:
            return "\n".join(filter(None, self._facts()))
        return ""

    def setText(self, part: QAccessible.Text, text: str) -> None:
        """Do nothing, since a screen reader can't edit messages."""

    def _author(self) -> str:
        return _("You") if self.item.is_user else label_of(self.item.message)

    def _facts(self) -> Iterator[str]:
        message, around = self.item.message, self.item.surroundings
        yield ending_of(message)
        if around.branches > 1:
            words = _("Version {number} of {count}")
            yield words.format(number=around.branch, count=around.branches)
        if not self.item.is_user:
            yield figures_of(message)


class AccessibleMessageList(QAccessibleInterface):
    """The conversation as an accessible list. It keeps the Python objects of its messages alive,
    because Qt doesn't. Behind the messages comes the viewport with the widgets in it: the editor
    of a message, and the button that leads to the end."""

    def __init__(self, view: TranscriptView) -> None:
        super().__init__()
        self._view = view
        self._readings: dict[MessageItem, AccessibleMessage] = {}
        #: Readings of messages that are gone: Qt holds plain pointers until the program ends. They
        #: all stand for one message that is gone, since the laid out texts take much memory.
        self._gone: list[AccessibleMessage] = []

    def isValid(self) -> bool:
        return True

    def object(self) -> QObject:
        return self._view

    def window(self) -> QWindow:
        return self._view.window().windowHandle()

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.focusable = True
        state.focused = self._view.hasFocus()
        state.readOnly = True
        return state

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._view.parentWidget() or self._view)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        items = self._view.items()
        if index == len(items):
            return self._widgets()
        if not 0 <= index < len(items):
            return None
        item = items[index]
        reading = self._readings.get(item)
        if reading is None:
            if len(self._readings) > len(items) + SPARE:
                self._free_gone(items)
            item.is_referenced = True
            reading = self._readings[item] = AccessibleMessage(self._view, item, self)
        return reading

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        viewport = self._view.viewport()
        inside = viewport.mapFromGlobal(QPoint(x, y))
        # PySide's stubs leave out that there may be none.
        widget: QWidget | None = viewport.childAt(inside)
        if widget is not None:
            return self._widgets()
        for index in range(len(self._view.items())):
            if self._view.rectangle_of(index).contains(inside):
                return self.child(index)
        return None

    def childCount(self) -> int:
        return len(self._view.items()) + 1

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        if isinstance(child, AccessibleMessage) and child.isValid():
            return self._view.items().index(child.item)
        return len(self._view.items()) if child.object() is self._view.viewport() else -1

    def rect(self) -> QRect:
        viewport = self._view.viewport()
        return QRect(viewport.mapToGlobal(QPoint(0, 0)), viewport.size())

    def text(self, part: QAccessible.Text) -> str:
        return self._view.accessibleName() if part == TextKind.Name else ""

    def setText(self, part: QAccessible.Text, text: str) -> None:
        """Do nothing, since the list's name can't be changed."""

    def _free_gone(self, items: Sequence[MessageItem]) -> None:
        """Free the messages that are not in view any more."""
        shown = set(items)
        for item in [item for item in self._readings if item not in shown]:
            reading = self._readings.pop(item)
            if self._gone:
                reading.stand_for(self._gone[0].item)
            self._gone.append(reading)

    def _widgets(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._view.viewport())
