"""The first line of a parameter's row: its label, and at the right a short message about its
value."""

from PySide6.QtCore import QEvent, QRectF, QSize, Signal
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy

from app.ui.common.fading_text import draw_fading
from app.ui.theme.theme import scaled_font
from app.ui.theme.words import PlainLabel, put_tip

#: Mark of a value that differs from the preset's or the last answer's.
MARK = "◆"
#: Font sizes of label and message at 100 % text, in pixels.
LABEL_PIXELS, MESSAGE_PIXELS = 13, 11
#: Gap between label, mark and message, in pixels.
GAP = 8
#: Height of the line as a share of the font's own line height. Two lines of a row have 44 pixels.
TIGHT = 0.9


class HeadLine(PlainLabel):
    """Label of a row with the message beside it. It is painted by hand, so that no message moves
    the label or the rows below: a message gets the room that the label leaves, and fades out
    where that ends. The tooltip has the whole text."""

    #: The line was double-clicked.
    double_clicked = Signal()

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self._message = ""
        self._details = ""
        self._warns = self._marked = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._take_fonts()

    @property
    def message(self) -> str:
        """The message that is shown; empty for none."""
        return self._message

    def show_message(
        self, words: str, details: str = "", *, warns: bool = False, marked: bool = False
    ) -> None:
        """Show a message, in the colour of warnings if `warns`, and a mark behind the label if
        `marked`. `details` are lines for the tooltip in place of the message."""
        shown = (words, details or words, warns, marked)
        if shown == (self._message, self._details, self._warns, self._marked):
            return
        self._message, self._details, self._warns, self._marked = shown
        self.setAccessibleName(f"{self.text()}: {words}" if words else self.text())
        self._show_tip()
        self.update()

    def sizeHint(self) -> QSize:
        height = round(max(self._label_metrics.height(), self._message_metrics.height()) * TIGHT)
        return QSize(self._label_metrics.horizontalAdvance(self.text()), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ApplicationFontChange:
            self._take_fonts()
            self.updateGeometry()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        painter.setFont(self._label_font)
        left, width = self._label_room()
        draw = palette.color(QPalette.ColorRole.WindowText) if self.isEnabled() else quiet
        draw_fading(painter, self._at(left, width), self.text(), draw, mirrored=self._mirrored)
        painter.setFont(self._message_font)
        if self._marked:
            place = self._at(width + GAP / 2, self._mark_width() - GAP / 2)
            accent = palette.color(QPalette.ColorRole.Link)
            draw_fading(painter, place, MARK, accent, mirrored=self._mirrored)
        if self._message:
            left, width = self._message_room()
            ink = palette.color(QPalette.ColorRole.BrightText) if self._warns else quiet
            draw_fading(
                painter, self._at(left, width), self._message, ink, mirrored=self._mirrored
            )

    @property
    def _mirrored(self) -> bool:
        return self.isRightToLeft()

    def _take_fonts(self) -> None:
        self._label_font: QFont = scaled_font(LABEL_PIXELS)
        self._message_font: QFont = scaled_font(MESSAGE_PIXELS)
        self._label_metrics = QFontMetrics(self._label_font)
        self._message_metrics = QFontMetrics(self._message_font)

    def _label_room(self) -> tuple[float, float]:
        """Return the label's offset from the leading edge and its width, in pixels."""
        wanted = self._label_metrics.horizontalAdvance(self.text())
        return 0, min(wanted, self.width() - self._mark_width())

    def _mark_width(self) -> float:
        if not self._marked:
            return 0
        return self._message_metrics.horizontalAdvance(MARK) + GAP / 2

    def _message_room(self) -> tuple[float, float]:
        """Return the message's offset from the leading edge and its width, in pixels."""
        left = self._label_room()[1] + self._mark_width() + GAP
        room = max(0.0, self.width() - left)
        wanted = min(room, self._message_metrics.horizontalAdvance(self._message))
        return self.width() - wanted, wanted

    def _at(self, left: float, width: float) -> QRectF:
        """Return the rectangle of a part, mirrored in layouts from right to left."""
        x = self.width() - left - width if self._mirrored else left
        return QRectF(x, 0, width, self.height())

    def _show_tip(self) -> None:
        put_tip(self, self._details)
