"""Shows a token in its context: the words before it, and the token itself in a frame."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.domain.text.invisible_characters import mark_invisible_in_prose
from app.domain.text.translation import _
from app.domain.tokens.token_table import Word
from app.ui.theme.theme import Theme
from app.ui.theme.words import put_tip

#: Least height in pixels, and the space above and below the words.
HEIGHT, SPACE = 28, 4
#: Bytes of each token that are shown at most.
LONGEST = 160


class PlaceWords(QWidget):
    """Line of text such as `…the quick [brown]`; if it is too long it is cut at its beginning."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._before = self._token = ""
        self._font = theme.small_font()
        self.setFixedHeight(max(HEIGHT, QFontMetrics(self._font).height() + 2 * SPACE))
        theme.changed.connect(self.update)

    def show_place(self, before: str, token: str, number: int, count: int) -> None:
        """Show a token after the words before it; `number` is its place, from 1, of `count`."""
        self._before, self._token = before, token
        words = _("Token {number} of {count}: {token}, after {before}").format(
            number=f"{number:,}", count=f"{count:,}", token=token, before=before or "…"
        )
        self.setAccessibleName(words)
        put_tip(self, words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(268, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._token:
            return
        colours, font = self._theme.colours, self._font
        metrics = QFontMetricsF(font)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        elide = Qt.TextElideMode
        token = metrics.elidedText(self._token, elide.ElideRight, self.width() * 0.6)
        wide = metrics.horizontalAdvance(token) + 12
        before = metrics.elidedText(
            self._before, elide.ElideLeft, max(0.0, self.width() - wide - 6)
        )
        left = metrics.horizontalAdvance(before) + 4 if before else 0.0
        single = Qt.TextFlag.TextSingleLine
        middle = Qt.AlignmentFlag.AlignVCenter | single
        painter.setPen(QColor(colours.muted))
        painter.drawText(QRectF(0, 0, left + 2, self.height()), middle, before)
        frame = QRectF(left + 0.5, 2.5, wide, self.height() - 5)
        painter.setBrush(QColor(colours.raw))
        painter.setPen(QPen(QColor(colours.accent), 1.2))
        painter.drawRoundedRect(frame, 4, 4)
        painter.setPen(QColor(colours.text))
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter | single, token)


def running_words(words: Iterable[Word]) -> str:
    """Return tokens as the text that they make, on one line."""
    raw = b"".join(word.raw[:LONGEST] for word in words)
    return mark_invisible_in_prose(" ".join(raw.decode(errors="replace").split()))
