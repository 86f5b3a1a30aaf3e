"""Two parts of the main window's panes: the handle that changes a pane's width, and the scrim
beneath a drawer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

#: Colour of the scrim: black of this opacity, 0 to 255.
SCRIM_OPACITY = 110


class Handle(QWidget):
    """Invisible strip along the edge of a pane. Dragging it changes the width of the pane."""

    #: The mouse was pressed, dragged, or double-clicked; each with the number of the handle.
    #: `moved` also has the distance to the right since the press, in pixels.
    gripped = Signal(int)
    moved = Signal(int, int)
    reset_wanted = Signal(int)

    def __init__(self, parent: QWidget, number: int) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self._number = number
        self._from = 0

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().toPoint().x()
            self.gripped.emit(self._number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.moved.emit(self._number, event.globalPosition().toPoint().x() - self._from)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_wanted.emit(self._number)


class Scrim(QWidget):
    """Dark, translucent cover over the conversation while a drawer is open. It takes all mouse
    events."""

    #: The mouse was pressed on it.
    pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(0, 0, 0, SCRIM_OPACITY))
        painter.end()
