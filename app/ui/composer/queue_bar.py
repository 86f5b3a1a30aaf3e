"""The bar above the composer with the messages that wait for the end of the answer."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.chat.unsent import QueuedMessage
from app.domain.text.translation import _
from app.ui.common.shortened_label import ShortenedLabel
from app.ui.theme.icons import icon
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel, put_tip

#: Rows that are shown at once; more scroll.
MOST_ROWS = 3
#: Height of a row in pixels at least, and characters of a tooltip.
ROW, LONGEST_TIP = 32, 600


class QueueBar(QFrame):
    """A row for each waiting message of the conversation in view, with Edit, Send now and Drop.
    Hidden while none waits."""

    #: The id of the message whose Edit, Send now or Drop was pressed.
    edit_wanted = Signal(str)
    send_wanted = Signal(str)
    drop_wanted = Signal(str)
    #: Resume was pressed: the queue goes on.
    resume_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.rows: list[QueueRow] = []
        self._head = PlainLabel()
        self._head.setObjectName("muted")
        self._head.setFont(theme.small_font())
        self._head.setWordWrap(True)
        self.resume = QPushButton(_("Resume"))
        self.resume.setAccessibleName(_("Resume the queue"))
        put_tip(self.resume, _("Send the queued messages, one after each answer"))
        self.resume.clicked.connect(self.resume_wanted)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._inside)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 4, 0)
        head.addWidget(self._head, 1)
        head.addWidget(self.resume)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 4, 4)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._area)
        self.hide()

    def show_messages(self, messages: Sequence[QueuedMessage], words: str, *, paused: bool) -> None:
        """Show the waiting messages under a sentence, and Resume if the queue is paused."""
        if [row.message for row in self.rows] != list(messages):
            self._make_rows(messages)
        self._head.setText(words)
        self.setAccessibleName(words)
        self.resume.setVisible(paused)
        for row in self.rows:
            put_tip(row.send, _("Send now") if paused else _("Stop the answer, and send this now"))
        self.setVisible(bool(messages))

    def has_focus(self) -> bool:
        """Return whether one of the buttons has keyboard focus."""
        buttons = [self.resume, *(b for row in self.rows for b in (row.edit, row.send, row.drop))]
        return any(button.hasFocus() for button in buttons)

    def words(self) -> str:
        """Return the sentence above the messages."""
        return self._head.text()

    def _make_rows(self, messages: Sequence[QueuedMessage]) -> None:
        for row in self.rows:
            row.setParent(None)
            row.deleteLater()
        self.rows = [QueueRow(message) for message in messages]
        for row in self.rows:
            row.edit_wanted.connect(self.edit_wanted)
            row.send_wanted.connect(self.send_wanted)
            row.drop_wanted.connect(self.drop_wanted)
            self._column.addWidget(row)
        if self.rows:
            height = max(ROW, self.rows[0].sizeHint().height())
            self._area.setFixedHeight(height * min(MOST_ROWS, len(self.rows)))


class QueueRow(QWidget):
    """Row of one waiting message: its beginning, and three buttons."""

    #: Edit, Send now or Drop was pressed: the id of the message.
    edit_wanted = Signal(str)
    send_wanted = Signal(str)
    drop_wanted = Signal(str)

    def __init__(self, message: QueuedMessage) -> None:
        super().__init__()
        self.message = message
        beginning = " ".join(message.text[:LONGEST_TIP].split())
        self._words = ShortenedLabel()
        self._words.show_words(beginning, tip=message.text[:LONGEST_TIP])
        short = beginning[:80]
        self.edit = _button("rename", _("Edit"), _("Edit: {text}").format(text=short))
        self.send = _button("send", _("Send now"), _("Send now: {text}").format(text=short))
        self.drop = _button("close", _("Remove"), _("Remove: {text}").format(text=short))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setSpacing(4)
        layout.addWidget(self._words, 1)
        for button in (self.edit, self.send, self.drop):
            layout.addWidget(button)
        self.edit.clicked.connect(self._edit)
        self.send.clicked.connect(self._send)
        self.drop.clicked.connect(self._drop)

    def _edit(self) -> None:
        self.edit_wanted.emit(self.message.id)

    def _send(self) -> None:
        self.send_wanted.emit(self.message.id)

    def _drop(self) -> None:
        self.drop_wanted.emit(self.message.id)


def _button(glyph: str, words: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(glyph))
    button.setMinimumSize(28, 28)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(name)
    put_tip(button, words)
    return button
