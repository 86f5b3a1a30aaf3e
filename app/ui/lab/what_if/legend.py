"""The legend of the bars and the strip: two inks, the bounds and the mark of an estimate."""

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.domain.text.translation import _
from app.ui.theme.theme import Theme
from app.ui.theme.words import put_tip

SWATCH = 10.0


class Legend(QWidget):
    """Two swatches: pale with an outline is the model's probability, filled that with the
    parameters."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = theme.small_font()
        self._words = (_("model"), _("with parameters"))
        words = _(
            "Pale: probability that the model gave. Filled: probability with these parameters. "
            "A bracket shows the range in which it lies if it is not exactly known. ≈ marks an "
            "estimate, ? a sampler that likely dropped the token."
        )
        self.setAccessibleName(words)
        put_tip(self, words)
        self.setFixedSize(self.sizeHint())
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._font)
        wide = sum(SWATCH + 6 + metrics.horizontalAdvance(words) for words in self._words) + 14
        return QSize(round(wide), math.ceil(metrics.lineSpacing()))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, metrics = self._theme.colours, QFontMetricsF(self._font)
        painter = QPainter(self)
        painter.setFont(self._font)
        inks = ((colours.raw, colours.raw_line), (colours.accent, colours.accent))
        left = 0.0
        for words, (fill, line) in zip(self._words, inks, strict=True):
            painter.setBrush(QColor(fill))
            painter.setPen(QPen(QColor(line), 1))
            top = (self.height() - SWATCH) / 2
            painter.drawRect(QRectF(left, top, SWATCH, SWATCH - 1))
            left += SWATCH + 6
            wide = metrics.horizontalAdvance(words)
            painter.setPen(QColor(colours.muted))
            place = QRectF(left, 0, wide + 2, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
            left += wide + 12
