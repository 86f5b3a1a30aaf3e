"""The painted conversation for screen readers: a list, with one item for each message."""

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QWindow

from app.domain.conversation import Status
from app.domain.models import name_of
from app.domain.texts import _
from app.ui.transcript.message_item import MessageItem
from app.ui.transcript.view import TranscriptView

Part = QAccessible.Text


class MessageReading(QAccessibleInterface):
    """One message: who says what."""

    def __init__(self, view: TranscriptView, item: MessageItem, parent: "ListReading") -> None:
        super().__init__()
        self._view = view
        self._item = item
        self._parent = parent

    def isValid(self) -> bool:
        return self._item in self._view.items()

    def object(self) -> QObject | None:  # type: ignore[override] # a message is no QObject
        return None

    def window(self) -> QWindow:
        return self._view.window().windowHandle()

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.readOnly = True
        state.busy = self._item.message.status is Status.STREAMING
        return state

    def parent(self) -> QAccessibleInterface:
        return self._parent

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def rect(self) -> QRect:
        if not self.isValid():
            return QRect()
        place = self._view.rectangle_of(self._view.items().index(self._item))
        return QRect(self._view.viewport().mapToGlobal(place.topLeft()), place.size())

    def text(self, part: QAccessible.Text) -> str:
        if part == Part.Name:
            return _("{who}: {text}").format(who=self._author(), text=self._item.spoken())
        if part == Part.Description:
            return self._item.ending()
        return ""

    def setText(self, part: QAccessible.Text, text: str) -> None:
        """Messages are not edited through the screen reader."""

    def _author(self) -> str:
        if self._item.is_user:
            return _("You")
        return name_of(self._item.message.model) or _("Assistant")


class ListReading(QAccessibleInterface):
    """The conversation. It keeps the interfaces of its messages, as Qt does not."""

    def __init__(self, view: TranscriptView) -> None:
        super().__init__()
        self._view = view
        self._readings: dict[int, MessageReading] = {}

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
        reading = self._readings.get(id(item))
        if reading is None or not reading.isValid():
            reading = self._readings[id(item)] = MessageReading(self._view, item, self)
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
        for index in range(self.childCount()):
            if self._readings.get(id(self._view.items()[index])) is child:
                return index
        return -1

    def rect(self) -> QRect:
        viewport = self._view.viewport()
        return QRect(viewport.mapToGlobal(QPoint(0, 0)), viewport.size())

    def text(self, part: QAccessible.Text) -> str:
        return self._view.accessibleName() if part == Part.Name else ""

    def setText(self, part: QAccessible.Text, text: str) -> None:
        """The list's name is fixed."""
