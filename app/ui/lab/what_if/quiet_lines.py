"""Labels whose sentences change while a slider moves, without moving the widgets below them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

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
    """Muted sentence with a small button behind it, which is shown if there is anything to do."""

    #: The button was clicked.
    wanted = Signal()

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        """`label` is the text of the button."""
        super().__init__(parent)
        self._sentence = Lines(1)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.button = QPushButton(label)
        self.button.setObjectName("line")
        self.button.setMinimumHeight(TARGET)
        self.button.clicked.connect(self.wanted)
        policy = self.button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.button.setSizePolicy(policy)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._sentence, 1)
        layout.addWidget(self.button)
        self.button.hide()

    def say(self, words: str, *, button: bool = False) -> None:
        """Show a sentence, with or without the button."""
        self._sentence.say(words)
        self.button.setVisible(button)

    def words(self) -> str:
        """Return the sentence."""
        return self._sentence.text()
