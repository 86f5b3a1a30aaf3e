"""The legend of the bars and the strip: two inks, the bounds and the mark of an estimate."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.domain.text.translation import _
from app.ui.theme.theme import Theme
from app.ui.theme.words import put_tip

HEIGHT, SWATCH = 18, 10.0


class Legend(QWidget):
    """Two swatches: pale with an outline is before the parameters, filled is after them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = QFont(theme.small_font())
        self._font.setPixelSize(12)
        self._words = (_("before"), _("after"))
        self._wanted = False
        self.setFixedSize(self.sizeHint())
        theme.changed.connect(self.update)

    def want(self, *, wanted: bool) -> None:
        """Show the legend, or keep its place empty while there are no bars."""
        self._wanted = wanted
        words = _(
            "Pale with an outline is before the parameters, filled is after them. A bracket "
            "reaches from the least to the greatest probability that is possible. ≈ marks an "
            "estimate, a ? a sampler that likely dropped the token."
        )
        self.setAccessibleName(words if wanted else "")
        put_tip(self, words if wanted else "")
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._font)
        wide = sum(SWATCH + 5 + metrics.horizontalAdvance(words) for words in self._words) + 14
        return QSize(round(wide), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._wanted:
            return
        colours, metrics = self._theme.colours, QFontMetricsF(self._font)
        painter = QPainter(self)
        painter.setFont(self._font)
        inks = ((colours.raw, colours.raw_line), (colours.accent, colours.accent))
        left = 0.0
        for words, (fill, line) in zip(self._words, inks, strict=True):
            painter.setBrush(QColor(fill))
            painter.setPen(QPen(QColor(line), 1))
            top = (HEIGHT - SWATCH) / 2
            painter.drawRect(QRectF(left, top, SWATCH, SWATCH - 1))
            left += SWATCH + 5
            wide = metrics.horizontalAdvance(words)
            painter.setPen(QColor(colours.muted))
            place = QRectF(left, 0, wide + 2, HEIGHT)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
            left += wide + 12
