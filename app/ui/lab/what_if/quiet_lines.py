"""Sentences that change under a slider without moving what stands below them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.ui.theme.words import PlainLabel


class Lines(PlainLabel):
    """A quiet label that keeps room for so many lines, and takes more only where it must."""

    def __init__(self, lines: int = 0) -> None:
        super().__init__()
        self.setObjectName("muted")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        font = self.font()
        font.setPixelSize(12)
        self.setFont(font)
        self._said = ""
        if lines:
            self.setMinimumHeight(self.fontMetrics().lineSpacing() * lines + 2)

    def say(self, words: str) -> None:
        """Say something else; the same again costs nothing."""
        if words != self._said:
            self._said = words
            self.setText(words)


class Offer(QWidget):
    """A quiet sentence that turns into a button where there is something to be done."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = Lines(1)
        self.button = QPushButton()
        self.button.setObjectName("line")
        self.button.clicked.connect(self.wanted)
        # No stack of pages: it would be as high as the higher one.
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._sentence)
        layout.addWidget(self.button)
        self.button.hide()

    def say(self, words: str) -> None:
        """Say something that leads nowhere."""
        self._sentence.say(words)
        self._be(button=False)

    def offer(self, words: str) -> None:
        """Be a button."""
        if words != self.button.text():
            self.button.setText(words)
        self._be(button=True)

    def words(self) -> str:
        """What it says."""
        return self._sentence.text() if self.button.isHidden() else self.button.text()

    def _be(self, *, button: bool) -> None:
        self.button.setVisible(button)
        self._sentence.setVisible(not button)
