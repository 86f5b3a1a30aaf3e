"""The conversation's scroll bar, on which the places of what was found are marked."""

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar, QWidget


class MarkedScrollBar(QScrollBar):
    """Marks stand at fractions of the whole length."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._marks: list[float] = []
        self._colour = QColor()

    def show_marks(self, marks: list[float], colour: QColor) -> None:
        """Show these marks, each from 0 to 1, and no others."""
        self._marks, self._colour = marks, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._marks:
            return
        painter = QPainter(self)
        # One line for all marks of a pixel, however many there are.
        for y in {round(mark * (self.height() - 3)) for mark in self._marks}:
            painter.fillRect(2, y, self.width() - 4, 3, self._colour)
