"""The slider of a numeric parameter."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSlider, QStyle

from app.ui.parameters.steps import Stepping, StepSize

#: Diameter of the knob, height of the groove and height of the tick, in pixels.
KNOB = 14.0
GROOVE = 4.0
TICK = 12.0


class ValueSlider(QSlider):
    """Horizontal slider that is accent-coloured while its value is set and grey while the
    provider's default applies. A tick marks the neutral value; the coloured part of the groove
    begins there."""

    #: Steps to take, upwards positive, and their size.
    stepped = Signal(int, StepSize)
    #: A double click asked for the provider's default.
    reset_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._is_set = False
        self._tick: int | None = None
        self._stepping = Stepping(sideways=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(24)

    def put_tick(self, place: int | None) -> None:
        """Mark the slider position of the neutral value; None for no mark."""
        self._tick = place
        self.update()

    def show_set(self, is_set: bool) -> None:
        """Show whether the knob's position is a set value or only where dragging would start."""
        if is_set != self._is_set:
            self._is_set = is_set
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if step := self._stepping.of_key(event):
            self.stepped.emit(*step)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step only while the slider has keyboard focus; otherwise the panel scrolls."""
        if step := self._stepping.of_wheel(event, focused=self.hasFocus()):
            self.stepped.emit(*step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the knob to the pointer at once and drag it from there."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the provider's default."""
        self.setSliderDown(False)
        self.reset_wanted.emit()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        role, palette = QPalette.ColorRole, self.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, knob = self.height() / 2, self._left_of(self.value())
        groove = QRectF(2, middle - GROOVE / 2, self.width() - 4, GROOVE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(role.Midlight))
        painter.drawRoundedRect(groove, 2, 2)
        lively = self._is_set and self.isEnabled()
        ink = palette.color(role.Highlight if lively else role.Mid)
        if self._tick is not None:
            painter.setBrush(palette.color(role.Mid))
            tick = self._left_of(self._tick) + KNOB / 2
            painter.drawRect(QRectF(tick - 0.75, middle - TICK / 2, 1.5, TICK))
        if lively:
            start = 2.0 if self._tick is None else self._left_of(self._tick) + KNOB / 2
            end = knob + KNOB / 2
            painter.setBrush(ink)
            coloured = QRectF(min(start, end), groove.top(), abs(end - start), GROOVE)
            painter.drawRoundedRect(coloured, 2, 2)
        painter.setBrush(ink if lively else palette.color(role.Base))
        edge = palette.color(role.WindowText) if self.hasFocus() else ink
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1.2))
        painter.drawEllipse(QRectF(knob, middle - KNOB / 2, KNOB, KNOB))

    def _left_of(self, place: int) -> float:
        """Return the x coordinate of the knob's left edge for a slider position, in pixels."""
        share = (place - self.minimum()) / max(1, self.maximum() - self.minimum())
        return 2 + (self.width() - KNOB - 4) * share

    def _follow(self, event: QMouseEvent) -> None:
        room = round(self.width() - KNOB - 4)
        where = round(event.position().x() - 2 - KNOB / 2)
        low, high = self.minimum(), self.maximum()
        self.setValue(QStyle.sliderValueFromPosition(low, high, where, max(1, room)))
