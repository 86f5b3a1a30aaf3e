"""The first line of a parameter's row: its label, and at the right a short message about its
value."""

from PySide6.QtCore import QEvent, QRect, QSize, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy

from app.ui.theme.fading import paint_fading
from app.ui.theme.theme import TextSize
from app.ui.theme.words import PlainLabel, put_tip

#: Mark of a value that differs from the preset's or the last answer's.
MARK = "◆"
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_tip()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        ink = palette.color(QPalette.ColorRole.WindowText) if self.isEnabled() else quiet
        label, mark, message = self._places()
        self._draw(painter, self._label_font, ink, label, self.text())
        if self._marked:
            link = palette.color(QPalette.ColorRole.Link)
            self._draw(painter, self._message_font, link, mark, MARK)
        if self._message:
            ink = palette.color(QPalette.ColorRole.BrightText) if self._warns else quiet
            self._draw(painter, self._message_font, ink, message, self._message)

    def _draw(self, painter: QPainter, font: QFont, ink: QColor, place: QRect, words: str) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        paint_fading(painter, place, words)

    def _take_fonts(self) -> None:
        self._label_font, self._message_font = QFont(QApplication.font()), caption_font()
        self._label_metrics = QFontMetrics(self._label_font)
        self._message_metrics = QFontMetrics(self._message_font)

    def _places(self) -> tuple[QRect, QRect, QRect]:
        """Return the places of label, mark and message. The label comes first; the message ends at
        the far edge."""
        sign = self._message_metrics.horizontalAdvance(MARK) + GAP // 2 if self._marked else 0
        wanted = self._label_metrics.horizontalAdvance(self.text()) + 1
        label = min(wanted, self.width() - sign)
        room = max(0, self.width() - label - sign - GAP)
        message = min(room, self._message_metrics.horizontalAdvance(self._message) + 1)
        return (
            self._at(0, label),
            self._at(label + GAP // 2, sign),
            self._at(self.width() - message, message),
        )

    def _at(self, left: int, width: int) -> QRect:
        """Return a place by its distance from the leading edge: left, or right where the layout
        goes from right to left."""
        x = self.width() - left - width if self.isRightToLeft() else left
        return QRect(x, 0, width, self.height())

    def _show_tip(self) -> None:
        is_cut = self._label_metrics.horizontalAdvance(self.text()) > self.width()
        lines = (self.text() if is_cut else "", self._details)
        put_tip(self, "\n".join(line for line in lines if line))


class FadingLine(PlainLabel):
    """Label of one line in the size of captions, which fades out where its room ends. The tooltip
    has the whole text."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("muted")
        self.setFont(caption_font())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def show_words(self, words: str) -> None:
        """Show a text on one line."""
        self.setText(words)
        put_tip(self, words)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        paint_fading(painter, self.rect(), self.text())


def caption_font() -> QFont:
    """Return the application's font in the size of captions, larger where all text is."""
    font = QFont(QApplication.font())
    # A font in points, as without a theme, has no size in pixels of its own.
    font.setPixelSize(round(QFontInfo(font).pixelSize() * TextSize.CAPTION / TextSize.LABEL))
    return font
