"""The slider of a numeric parameter."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSlider, QStyle

from app.ui.parameters.editor import LEAST_HEIGHT
from app.ui.parameters.steps import Stepping, StepSize

#: Diameter of the thumb, height of the groove and height of the tick, in pixels.
THUMB = 14.0
GROOVE = 4.0
TICK = 10.0
#: Least width of a slider in pixels.
LEAST_WIDTH = 40
#: Reasons for keyboard focus with which the ring is shown.
_BY_KEYBOARD = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}


class ValueSlider(QSlider):
    """Horizontal slider of a value that may be unset. Without a value it has no thumb, only the
    groove; a click or a key sets one. The coloured part of the groove begins at the left end; where
    values may be negative, at 0. A tick marks the server's own default, if it is known."""

    #: Steps to take, upwards positive, and their size.
    stepped = Signal(int, StepSize)
    #: A double click asked for the provider's default.
    reset_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._is_set = self._shows_ring = False
        self._origin: int | None = None
        self._tick: int | None = None
        self._stepping = Stepping(sideways=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(LEAST_HEIGHT)
        self.setMinimumWidth(LEAST_WIDTH)

    @property
    def has_thumb(self) -> bool:
        """Whether a thumb is drawn: a value is set."""
        return self._is_set

    def put_origin(self, place: int) -> None:
        """Begin the coloured part at a slider position in place of the left end."""
        self._origin = place

    def put_tick(self, place: int | None) -> None:
        """Mark the slider position of the server's default; None for no mark."""
        if place != self._tick:
            self._tick = place
            self.update()

    def show_set(self, is_set: bool) -> None:
        """Show whether the position is a set value, with a thumb, or none."""
        if is_set != self._is_set:
            self._is_set = is_set
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._shows_ring = event.reason() in _BY_KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
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
        """Move the thumb to the pointer at once and drag it from there."""
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
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, thumb = self.height() / 2, self._left_of(self.value())
        groove = QRectF(2, middle - GROOVE / 2, self.width() - 4, GROOVE)
        self._paint_groove(painter, groove)
        if self._is_set:
            self._paint_value(painter, groove, thumb)
        if self.hasFocus() and self._shows_ring:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _paint_groove(self, painter: QPainter, groove: QRectF) -> None:
        edge = self.palette().color(QPalette.ColorRole.Mid)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Midlight))
        painter.drawRoundedRect(groove.adjusted(0.5, 0.5, -0.5, -0.5), 1.5, 1.5)
        if self._tick is not None:
            tick = self._left_of(self._tick) + THUMB / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(edge)
            painter.drawRect(QRectF(tick - 1, groove.center().y() - TICK / 2, 2, TICK))

    def _paint_value(self, painter: QPainter, groove: QRectF, thumb: float) -> None:
        role = QPalette.ColorRole.Highlight if self.isEnabled() else QPalette.ColorRole.Mid
        ink = self.palette().color(role)
        start = 2.0 if self._origin is None else self._left_of(self._origin) + THUMB / 2
        end = thumb + THUMB / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawRoundedRect(
            QRectF(min(start, end), groove.top(), abs(end - start), GROOVE), 2, 2
        )
        painter.drawEllipse(QRectF(thumb, (self.height() - THUMB) / 2, THUMB, THUMB))

    def _left_of(self, place: int) -> float:
        """Return the x coordinate of the thumb's left edge for a slider position, in pixels."""
        share = (place - self.minimum()) / max(1, self.maximum() - self.minimum())
        return 2 + (self.width() - THUMB - 4) * share

    def _follow(self, event: QMouseEvent) -> None:
        room = round(self.width() - THUMB - 4)
        where = round(event.position().x() - 2 - THUMB / 2)
        low, high = self.minimum(), self.maximum()
        place = QStyle.sliderValueFromPosition(low, high, where, max(1, room))
        if place == self.value() and not self._is_set:
            # The position is that of an unset slider: the click sets it all the same.
            self.valueChanged.emit(place)
        self.setValue(place)
