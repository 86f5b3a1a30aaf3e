"""Labels whose sentences change while a slider moves, without moving the widgets below them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.ui.theme.words import PlainLabel

#: Least height in pixels of a thing that is clicked.
TARGET = 28


class Lines(PlainLabel):
    """Muted label that keeps room for `lines` lines, and grows only if its text needs more."""

    def __init__(self, lines: int = 0) -> None:
        super().__init__()
        self.setObjectName("muted")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._said = ""
        if lines:
            self.setMinimumHeight(self.fontMetrics().lineSpacing() * lines)

    def say(self, words: str) -> None:
        """Show a sentence; does nothing if it is shown already."""
        if words != self._said:
            self._said = words
            self.setText(words)


class Offer(QWidget):
    """Muted sentence that can become a button."""

    #: The button was clicked.
    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = Lines(1)
        self.button = QPushButton()
        self.button.setObjectName("line")
        self.button.setMinimumHeight(TARGET)
        self.button.clicked.connect(self.wanted)
        # Not a QStackedLayout: it would be as high as its higher page.
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._sentence)
        layout.addWidget(self.button)
        self.button.hide()

    def say(self, words: str) -> None:
        """Show a sentence instead of the button."""
        self._sentence.say(words)
        self._be(button=False)

    def offer(self, words: str) -> None:
        """Show a button with these words instead of the sentence."""
        if words != self.button.text():
            self.button.setText(words)
        self._be(button=True)

    def words(self) -> str:
        """Return the sentence or the label of the button, whichever is shown."""
        return self._sentence.text() if self.button.isHidden() else self.button.text()

    def _be(self, *, button: bool) -> None:
        self.button.setVisible(button)
        self._sentence.setVisible(not button)
