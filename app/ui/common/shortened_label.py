"""A label with one line of text, which ends with an ellipsis where there is no room for all."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme.words import put_tip


class ShortenedLabel(QWidget):
    """A line of plain text, shortened to the width that the label gets."""

    def __init__(
        self,
        colour: QPalette.ColorRole = QPalette.ColorRole.WindowText,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeading,
        parent: QWidget | None = None,
    ) -> None:
        """`side` is the side at which the line stands where there is more room than it needs."""
        super().__init__(parent)
        self._side = side
        self._colour = colour
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def show_words(self, words: str, tip: str = "") -> None:
        """Show a line of text; `tip` is the tooltip."""
        self._words = words
        self.setAccessibleName(words)
        put_tip(self, tip)
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """Return the whole line."""
        return self._words

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._words) + 1, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        shown = self.fontMetrics().elidedText(
            self._words, Qt.TextElideMode.ElideRight, self.width()
        )
        painter = QPainter(self)
        painter.setPen(self.palette().color(self._colour))
        sides = self._side | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), int(sides), shown)
