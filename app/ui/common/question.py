"""A question within a window, asked in a strip with a button for each answer. It is used instead of
a modal message box."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.theme.buttons import dialog_button
from app.ui.theme.words import PlainLabel

#: The words of an answer, and the function that it calls.
Answer = tuple[str, Callable[[], object]]


class Question(QFrame):
    """Strip with a sentence above a row of buttons; hidden while nothing is asked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._words = PlainLabel()
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._row = QHBoxLayout()
        self._row.addStretch(1)
        self.buttons: list[QPushButton] = []
        self._answers: list[Answer] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 12, 8)
        layout.addWidget(self._words)
        layout.addLayout(self._row)
        self.hide()

    def words(self) -> str:
        """Return the sentence; empty while nothing is asked."""
        return "" if self.isHidden() else self._words.text()

    def ask(self, words: str, answers: Sequence[Answer]) -> None:
        """Ask in place of what was asked before. The strip stays until `hide` is called."""
        self._words.setText(words)
        self.setAccessibleName(words)
        if self._answers != list(answers):
            self._answers = list(answers)
            self._put_buttons(answers)
        self.show()

    def _put_buttons(self, answers: Sequence[Answer]) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [dialog_button(name, do) for name, do in answers]
        for button in self.buttons:
            self._row.addWidget(button)
