"""Controls that Qt's own lack a detail of, made once."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox

from app.ui.theme.icons import paint_glyph


class ComboBox(QComboBox):
    """Has its arrow from our icons, and is changed by the wheel only with the keyboard's focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        group = self.palette().currentColorGroup()
        colour = self.palette().color(group, QPalette.ColorRole.PlaceholderText)
        place = QRectF(self.width() - 22, 0, 14, self.height())
        paint_glyph(QPainter(self), "down", place, colour)
