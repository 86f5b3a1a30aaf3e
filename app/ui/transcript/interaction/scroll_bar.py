"""The conversation's scroll bar, which shows where search matches are."""

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar, QWidget


class MarkedScrollBar(QScrollBar):
    """Scroll bar with coloured marks at fractions (0 to 1) of its length."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._marks: list[float] = []
        self._colour = QColor()

    def show_marks(self, marks: list[float], colour: QColor) -> None:
        """Replace the marks; each is a fraction from 0 (top) to 1 (bottom)."""
        self._marks, self._colour = marks, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._marks:
            return
        painter = QPainter(self)
        # Marks on the same pixel are drawn once.
        for y in {round(mark * (self.height() - 3)) for mark in self._marks}:
            painter.fillRect(2, y, self.width() - 4, 3, self._colour)
