"""What the program itself has to say: a banner that stays, and a toast that goes."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from app.domain.text.translation import _
from app.ui.theme.icons import icon
from app.ui.theme.words import Words

TOAST_MS = 6000
#: With nothing to click, a glance is enough.
GLANCE_MS = 2500


class Banner(QFrame):
    """A sentence above the conversation, until it is closed. Never a box in the way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._words = Words()
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setAccessibleName(_("Close this notice"))
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.addWidget(self._words, 1)
        row.addWidget(close)
        self.hide()

    def show_words(self, words: str) -> None:
        """Say something; a second thing is put below the first."""
        before = self._words.text() if self.isVisible() else ""
        if words not in before.split("\n"):
            self._words.setText(f"{before}\n{words}".strip())
        self._words.setAccessibleName(self._words.text())
        self.show()


class Toast(QFrame):
    """A few words over another widget's upper edge, with perhaps one thing to do about them.

    Not the lower one: there stand the newest message and what was just clicked in it.
    """

    def __init__(self, parent: QWidget, top: QWidget) -> None:
        super().__init__(parent)
        self._top = top
        self.setObjectName("toast")
        self._words = Words()
        self._button = QPushButton()
        self._button.clicked.connect(self._act)
        self._action: Callable[[], None] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.addWidget(self._words)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        top.installEventFilter(self)
        self.hide()

    def show_words(
        self, words: str, button: str = "", action: Callable[[], None] | None = None
    ) -> None:
        """Say something for a few seconds."""
        self._words.setText(words)
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self._action = action
        self.setMinimumHeight(44 if button else 36)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(TOAST_MS if button else GLANCE_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move} and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.adjustSize()
            top = self._top.mapTo(parent, QPoint(0, 0)).y()
            self.move((parent.width() - self.width()) // 2, top + 8)

    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()
