"""Sentences that change under a slider without moving what stands below them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStackedWidget, QWidget

from app.ui.theme.words import Words


class Lines(Words):
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


class Offer(QStackedWidget):
    """A quiet sentence that turns into a button where there is something to be done."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = Lines(1)
        self.button = QPushButton()
        self.button.setObjectName("line")
        self.button.clicked.connect(self.wanted)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.addWidget(self._sentence)
        self.addWidget(self.button)

    def say(self, words: str) -> None:
        """Say something that leads nowhere."""
        self._sentence.say(words)
        self.setCurrentWidget(self._sentence)

    def offer(self, words: str) -> None:
        """Be a button."""
        if words != self.button.text():
            self.button.setText(words)
        self.setCurrentWidget(self.button)

    def words(self) -> str:
        """What it says."""
        return self.button.text() if self.currentWidget() is self.button else self._sentence.text()
