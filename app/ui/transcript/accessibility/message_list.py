"""The painted conversation for screen readers: a list, with one item for each message.

Each item has its words, to be read by character or line, and buttons for what can be done with its
message.
"""

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import VoidPtr, getCppPointer

from app.domain.chat.conversation import Role, Status
from app.domain.providers.models import name_of
from app.domain.text.translation import _
from app.ui.transcript.accessibility.message_text import TextReading
from app.ui.transcript.actions import Button, can_retry
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.strips.head_and_foot import ending_of
from app.ui.transcript.view import TranscriptView

Part = QAccessible.Text


class ActionReading(QAccessibleWidget):
    """What can be done with a message, as a button. Of Qt's interfaces this one can be pressed,
    so it stands for a part of the view, not for the view."""

    def __init__(self, view: TranscriptView, parent: "MessageReading", action: Button) -> None:
        super().__init__(view, QAccessible.Role.Button)
        self._view = view
        self._parent = parent
        self._action = action

    def isValid(self) -> bool:
        return self._parent.isValid() and self._action in self._parent.item.actions()

    def object(self) -> QObject | None:  # type: ignore[override] # it is painted
        return None

    def state(self) -> QAccessible.State:
        return QAccessible.State()

    def parent(self) -> QAccessibleInterface:
        return self._parent

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def rect(self) -> QRect:
        return self._parent.rect()

    def text(self, part: QAccessible.Text) -> str:
        return self._action.name if part == Part.Name else ""

    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction()]

    def doAction(self, name: str) -> None:
        if self.isValid():
            self._view.wanted.emit(self._parent.item.id, self._action.href)


class MessageReading(QAccessibleInterface):
    """One message: who says what."""

    def __init__(self, view: TranscriptView, item: MessageItem, parent: "ListReading") -> None:
        super().__init__()
        self._view = view
        self.item = item
        self._parent = parent
        self._buttons: dict[Button, ActionReading] = {}
        self._words = TextReading(view, item)

    def interface_cast(self, kind: QAccessible.InterfaceType) -> VoidPtr:  # type: ignore[override]
        # In C++ this is a cast; here the words are an object of their own. Qt takes what comes for
        # an address: None was a crash.
        has_words = kind == QAccessible.InterfaceType.TextInterface
        return VoidPtr(getCppPointer(self._words)[0] if has_words else 0)

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
        return state

    def parent(self) -> QAccessibleInterface:
        return self._parent

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        actions = self.item.actions()
        if not 0 <= index < len(actions):
            return None
        action = actions[index]
        if action not in self._buttons:
            self._buttons[action] = ActionReading(self._view, self, action)
        return self._buttons[action]

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return len(self.item.actions())

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        for index, action in enumerate(self.item.actions()):
            if self._buttons.get(action) is child:
                return index
        return -1

    def rect(self) -> QRect:
        if not self.isValid():
            return QRect()
        place = self._view.rectangle_of(self._view.items().index(self.item))
        return QRect(self._view.viewport().mapToGlobal(place.topLeft()), place.size())

    def text(self, part: QAccessible.Text) -> str:
        if part == Part.Name:
            text = self.item.spoken()
            if can_retry(self.item.message):
                text = f"{text}\n{ending_of(self.item.message)}".strip()
            return _("{who}: {text}").format(who=self._author(), text=text)
        if part == Part.Description:
            return ending_of(self.item.message)
        return ""

    def setText(self, part: QAccessible.Text, text: str) -> None:
        """Messages are not edited through the screen reader."""

    def _author(self) -> str:
        if self.item.is_user:
            return _("You")
        if self.item.message.role is Role.TOOL:
            return _("Tools")
        return name_of(self.item.message.model) or _("Assistant")


class ListReading(QAccessibleInterface):
    """The conversation. It keeps the interfaces of its messages, as Qt does not."""

    def __init__(self, view: TranscriptView) -> None:
        super().__init__()
        self._view = view
        self._readings: dict[str, MessageReading] = {}

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
        if not 0 <= index < len(items):
            return None
        item = items[index]
        reading = self._readings.get(item.id)
        if reading is None or reading.item is not item:
            item.held = True
            reading = self._readings[item.id] = MessageReading(self._view, item, self)
        return reading

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        inside = self._view.viewport().mapFromGlobal(QPoint(x, y))
        for index in range(self.childCount()):
            if self._view.rectangle_of(index).contains(inside):
                return self.child(index)
        return None

    def childCount(self) -> int:
        return len(self._view.items())

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        if isinstance(child, MessageReading) and child.isValid():
            return self._view.items().index(child.item)
        return -1

    def rect(self) -> QRect:
        viewport = self._view.viewport()
        return QRect(viewport.mapToGlobal(QPoint(0, 0)), viewport.size())

    def text(self, part: QAccessible.Text) -> str:
        return self._view.accessibleName() if part == Part.Name else ""

    def setText(self, part: QAccessible.Text, text: str) -> None:
        """The list's name is fixed."""
