"""A slider that shows whether its value is set, and that the wheel can't move by accident."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider

KNOB = 14.0
GROOVE = 4.0


class ValueSlider(QSlider):
    """Accent-coloured once a value is set, grey while the provider's default holds."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._is_set = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(24)

    def show_set(self, is_set: bool) -> None:
        """Show whether the place of the knob is a value, or only where one would start."""
        if is_set != self._is_set:
            self._is_set = is_set
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move only with the keyboard's focus: else the panel scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        role, palette = QPalette.ColorRole, self.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self.width() - KNOB - 4
        share = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        middle, knob = self.height() / 2, 2 + room * share
        groove = QRectF(2, middle - GROOVE / 2, self.width() - 4, GROOVE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(role.Midlight))
        painter.drawRoundedRect(groove, 2, 2)
        lively = self._is_set and self.isEnabled()
        ink = palette.color(role.Highlight if lively else role.Mid)
        if lively:
            painter.setBrush(ink)
            painter.drawRoundedRect(QRectF(2, groove.top(), knob + KNOB / 2, GROOVE), 2, 2)
        painter.setBrush(ink if lively else palette.color(role.Base))
        edge = palette.color(role.WindowText) if self.hasFocus() else ink
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1.2))
        painter.drawEllipse(QRectF(knob, middle - KNOB / 2, KNOB, KNOB))
