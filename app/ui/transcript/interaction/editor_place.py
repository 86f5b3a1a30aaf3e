"""A widget that edits a message, over the place where the message stands in the transcript.

The message's item keeps the place free, so that the widget scrolls with the conversation, and what
is below it moves down while it grows.
"""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtWidgets import QScrollBar, QWidget

from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.message_item import MessageItem


class EditorHost(Protocol):
    """The part of the transcript view that an editor is placed in."""

    def viewport(self) -> QWidget: ...

    def items(self) -> Sequence[MessageItem]: ...

    def rectangle_of(self, index: int) -> QRect: ...

    def verticalScrollBar(self) -> QScrollBar: ...  # noqa: N802 - Qt's name

    def refresh(self) -> None: ...


class EditorPlace(QObject):
    """Place of the widget that edits a message. There is one such widget at most."""

    def __init__(self, view: EditorHost, column: MessageColumn, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._column = column
        self._widget: QWidget | None = None
        self._message_id = ""
        # Pixels of the message above the viewport before it was edited.
        self._above = 0

    def open(self, message_id: str, widget: QWidget) -> None:
        """Put a widget in the place of a message's words. It has the width of the column, and the
        height of its size hint, also when that changes."""
        self.close()
        self._message_id, self._widget = message_id, widget
        item = self._column.find(message_id)
        if item is not None:
            place = self._view.rectangle_of(self._column.items.index(item))
            self._above = max(0, -place.top())
        widget.setParent(self._view.viewport())
        widget.installEventFilter(self)
        # A hidden widget would not be told its width, from which its height follows.
        widget.resize(self._column.width, widget.sizeHint().height())
        widget.show()
        self._reserve()
        self._show_whole()

    def close(self) -> None:
        """Show the message's words again, and delete the widget."""
        widget, item = self._widget, self._column.find(self._message_id)
        self._widget, self._message_id = None, ""
        if widget is not None:
            widget.removeEventFilter(self)
            widget.hide()
            widget.deleteLater()
        if item is not None:
            seen = widget is not None and self._view.viewport().rect().intersects(widget.geometry())
            item.reserve(None)
            self._column.remeasure(item)
            self._view.refresh()
            if seen and self._above:
                # The reader was further down in the message.
                top = self._column.top_of(self._column.items.index(item))
                self._view.verticalScrollBar().setValue(top + self._above)

    def follow(self) -> None:
        """Move the widget to where its message is now, since the conversation was laid out."""
        item = self._column.find(self._message_id) if self._widget is not None else None
        if self._widget is None or item is None:
            return
        place = self._view.rectangle_of(self._column.items.index(item))
        top = place.top() + item.reserved_top()
        wanted = QRect(place.left(), top, place.width(), self._height())
        if self._widget.geometry() != wanted:
            self._widget.setGeometry(wanted)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        widget = self._widget
        if watched is widget and event.type() is QEvent.Type.LayoutRequest:
            before = widget.height()
            self._reserve()
            if widget.height() != before and widget.isAncestorOf(widget.window().focusWidget()):
                self._show_whole()
        return False

    def _height(self) -> int:
        return self._widget.sizeHint().height() if self._widget is not None else 0

    def _reserve(self) -> None:
        item = self._column.find(self._message_id)
        if item is not None:
            item.reserve(self._height())
            self._column.remeasure(item)
            self._view.refresh()

    def _show_whole(self) -> None:
        """Scroll as little as brings the whole widget into view, its end first."""
        if self._widget is None:
            return
        place, bar = self._widget.geometry(), self._view.verticalScrollBar()
        below = place.bottom() - self._view.viewport().height() + 8
        if below > 0:
            bar.setValue(bar.value() + min(below, place.top()))
        elif place.top() < 0:
            bar.setValue(bar.value() + place.top() - 8)
