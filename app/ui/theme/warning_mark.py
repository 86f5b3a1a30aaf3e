"""The warning icon beside a notice."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme.icons import SIZE, paint_glyph
from app.ui.theme.theme import Theme


class WarningMark(QWidget):
    """A warning triangle in the theme's warning colour, as large as the other icons. The words
    beside it say what it warns of."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fit()
        theme.changed.connect(self._fit)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = QColor(self._theme.colours.warning)
        paint_glyph(painter, "warning", QRectF(self.rect()), colour)

    def _fit(self) -> None:
        side = self._theme.scaled(SIZE)
        self.setFixedSize(side, side)
        self.update()
