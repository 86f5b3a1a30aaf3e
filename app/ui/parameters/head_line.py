"""The texts of a parameter's row: its label with a mark, and a line of small text."""

from functools import lru_cache

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
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

from app.domain.parameters.table import PARAMETERS
from app.ui.theme.fading import paint_fading
from app.ui.theme.theme import TextSize
from app.ui.theme.words import PlainLabel, put_tip

#: Mark of a value that differs from another preset's, in the comparison of presets.
MARK = "◆"
#: Diameter of the dot behind a label, and the room for it with its gap, in pixels.
DOT, DOT_ROOM = 6, 10
#: Height of the line as a share of the font's own line height: a row has 44 pixels.
TIGHT = 0.9


class HeadLine(PlainLabel):
    """Label of a row. A dot behind it marks a value that differs from the preset's or the last
    answer's; the tooltip says how. Nothing that appears moves the label."""

    #: The line was double-clicked.
    double_clicked = Signal()

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self._details = ""
        self._marked = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def marked(self) -> bool:
        """Whether the dot is shown."""
        return self._marked

    def show_details(self, details: str, *, marked: bool) -> None:
        """Take lines for the tooltip, and whether the dot is shown."""
        if (details, marked) == (self._details, self._marked):
            return
        self._details, self._marked = details, marked
        self.setAccessibleName(f"{self.text()}: {details}" if details else self.text())
        self._show_tip()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + 1 + DOT_ROOM
        return QSize(width, round(metrics.height() * TIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_tip()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        painter.setFont(self.font())
        painter.setPen(palette.color(QPalette.ColorRole.WindowText) if self.isEnabled() else quiet)
        label = self._label_width()
        paint_fading(painter, self._at(0, label), self.text())
        if self._marked:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(quiet)
            dot = QRectF(self._at(label + DOT_ROOM - DOT, DOT))
            painter.drawEllipse(QRectF(dot.x(), (self.height() - DOT) / 2, DOT, DOT))

    def _label_width(self) -> int:
        wanted = self.fontMetrics().horizontalAdvance(self.text()) + 1
        return min(wanted, max(0, self.width() - DOT_ROOM))

    def _at(self, left: int, width: int) -> QRect:
        """Return a place by its distance from the leading edge: left, or right where the layout
        goes from right to left."""
        x = self.width() - left - width if self.isRightToLeft() else left
        return QRect(x, 0, width, self.height())

    def _show_tip(self) -> None:
        is_cut = self.fontMetrics().horizontalAdvance(self.text()) + DOT_ROOM > self.width()
        lines = (self.text() if is_cut else "", self._details)
        put_tip(self, "\n".join(line for line in lines if line))


@lru_cache(4)
def label_width(font: QFont) -> int:
    """Return the width of the widest label of the table in pixels, with the room for its dot."""
    metrics = QFontMetrics(font)
    return max(metrics.horizontalAdvance(one.label) for one in PARAMETERS) + 1 + DOT_ROOM


class FadingLine(PlainLabel):
    """Label of one line in the size of captions, which fades out where its room ends. The tooltip
    has the whole text, and more if there is more to say."""

    def __init__(self) -> None:
        super().__init__()
        self._warns = False
        self.setObjectName("muted")
        self.setFont(caption_font())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def show_words(self, words: str, details: str = "", *, warns: bool = False) -> None:
        """Show a text on one line, in the colour of warnings if `warns`."""
        self._warns = warns
        self.setText(words)
        put_tip(self, details or words)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ApplicationFontChange:
            self.setFont(caption_font())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        role = QPalette.ColorRole.BrightText if self._warns else QPalette.ColorRole.WindowText
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(role))
        paint_fading(painter, self.contentsRect(), self.text())


def caption_font() -> QFont:
    """Return the application's font in the size of captions, larger where all text is."""
    font = QFont(QApplication.font())
    # A font in points, as without a theme, has no size in pixels of its own.
    font.setPixelSize(round(QFontInfo(font).pixelSize() * TextSize.CAPTION / TextSize.LABEL))
    return font
