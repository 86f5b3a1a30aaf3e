"""Labels whose sentences change while a slider moves, without moving the widgets below them."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.ui.theme.words import PlainLabel

#: Least height in pixels of a thing that is clicked.
TARGET = 28


class Lines(QWidget):
    """Muted label that keeps room for `lines` lines, and grows only if its text needs more.

    The label inside is not in a layout: each new text of a label has the layouts above it worked
    out again, which takes a fifth of a slider's move.
    """

    def __init__(self, lines: int = 0) -> None:
        super().__init__()
        self._label = PlainLabel("", self)
        self._label.setObjectName("muted")
        self._label.setWordWrap(True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lines = lines
        #: Height in pixels that the text needs at the present width.
        self._needed = 0
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def say(self, words: str) -> None:
        """Show a sentence; does nothing if it is shown already."""
        if words == self._label.text():
            return
        self._label.setText(words)
        if self.heightForWidth(self.width()) != self._needed:
            self.updateGeometry()

    def text(self) -> str:
        """Return the sentence."""
        return self._label.text()

    def align(self, alignment: Qt.AlignmentFlag) -> None:
        """Set where the text stands in a label that is higher than its text."""
        self._label.setAlignment(alignment)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        least = self._label.fontMetrics().lineSpacing() * self._lines
        return max(least, self._label.heightForWidth(max(1, width)) if self.text() else 0)

    def sizeHint(self) -> QSize:
        # Of the same height at any width: layouts keep a hint, and ask for the height beside it.
        return QSize(self._label.sizeHint().width(), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._label.fontMetrics().lineSpacing() * self._lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._label.setGeometry(self.rect())
        self._needed = self.heightForWidth(self.width())


class Offer(QWidget):
    """Muted sentence with a small button behind it, which is shown if there is anything to do."""

    #: The button was clicked.
    wanted = Signal()

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        """`label` is the text of the button."""
        super().__init__(parent)
        self._sentence = Lines(1)
        self._sentence.align(Qt.AlignmentFlag.AlignVCenter)
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
