"""The composer: frame with the message field, its buttons, and the estimate of the cost."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.chat.token_estimate import estimate_tokens
from app.domain.chat.unsent import Folds
from app.ui.common.actions import ACTIONS, ActionId
from app.ui.common.exact_text import insert_exact
from app.ui.common.keys import with_key
from app.ui.common.shortened_label import ShortenedLabel
from app.ui.composer.message_field import MessageField
from app.ui.theme.icons import icon
from app.ui.theme.theme import Theme
from app.ui.theme.words import put_tip

#: Pause after an edit before tokens are estimated, in milliseconds.
METER_DELAY_MS = 120
#: Diameter of Send and Stop at a text size of 100 %, and the radius of the frame's corners, in
#: pixels.
ROUND, CORNER = 32, 12


class Composer(QFrame):
    """Frame with the message field, its buttons and the token estimate. Sending does not empty the
    field; the owner calls `clear` once the text is stored."""

    #: The text to send, never blank.
    sent = Signal(str)
    #: The text to send when the answer that is under way has ended, never blank.
    queued = Signal(str)
    #: Stop was pressed while an answer streams.
    stop_wanted = Signal()
    #: The text of the field has changed.
    edited = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self._answering = False
        self._held = self._held_label = ""
        self._rest = 0
        self._meter_of: Callable[[int], tuple[str, str, bool]] = _no_meter
        self.field = MessageField(theme)
        self.field.submitted.connect(self.submit)
        self.field.focus_changed.connect(self.update)
        self.field.composing.connect(self._show_state)
        self.field.textChanged.connect(self._note_edit)
        self._meter = ShortenedLabel(
            QPalette.ColorRole.PlaceholderText, Qt.AlignmentFlag.AlignTrailing
        )
        self._meter.setFont(theme.small_font())
        self._make_buttons(theme.scaled(ROUND))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(METER_DELAY_MS)
        self._timer.timeout.connect(self._show_meter)
        self._arrange()
        self._show_state()

    def text(self) -> str:
        """Return the text of the field, every character as it was typed or pasted."""
        return self.field.text()

    def put_text(self, text: str, folds: Folds = ()) -> None:
        """Replace the text of the field, with these ranges folded, and put the cursor at its
        end."""
        self.field.put_text(text, folds)

    def put_before(self, text: str) -> None:
        """Insert a text before that of the field, with a blank line between. It can be undone."""
        cursor = self.field.textCursor()
        cursor.movePosition(cursor.MoveOperation.Start)
        insert_exact(cursor, text if self.field.document().isEmpty() else f"{text}\n\n")

    def clear(self) -> None:
        """Empty the field."""
        self.put_text("")

    def submit(self) -> None:
        """Send the text, or queue it while an answer streams."""
        if text := self.take_text():
            (self.queued if self._answering else self.sent).emit(text)

    def take_text(self) -> str:
        """Return the text to send, without line feeds at its end; empty if it is blank. Letters
        under composition are taken into it."""
        self.field.commit_composition()
        text = self.text().rstrip("\r\n")
        return text if text.strip() else ""

    def show_answering(self, answering: bool) -> None:
        """Show Stop in place of Send while an answer streams. The field stays editable."""
        had_focus = self.stop.hasFocus() or self.send.hasFocus() or self.queue.hasFocus()
        self._answering = answering
        self._show_state()
        if had_focus:
            self.field.setFocus()

    def hold(self, reason: str, label: str = "") -> None:
        """Disable Send for a reason, its tooltip, with a `label` in place of the estimate; an empty
        reason enables it again."""
        self._held, self._held_label = reason, label
        self._show_state()
        self._show_meter()

    def show_context(self, used: int, meter_of: Callable[[int], tuple[str, str, bool]]) -> None:
        """Show a new estimate, from the tokens `used` by the rest of the request. `meter_of` gives
        the meter for the tokens of the whole request (see the function of that name)."""
        self._rest, self._meter_of = used, meter_of
        self._show_meter()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, and a darker one while the field has focus, where the cursor is the mark
        that counts. A style sheet for the focus would polish every child again."""
        super().paintEvent(event)
        if not self.field.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show_meter()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_meter()

    def _make_buttons(self, side: int) -> None:
        """Make the buttons; `side` is the diameter of Send and Stop in pixels."""
        send, stop, queue = (
            ACTIONS[action] for action in (ActionId.SEND, ActionId.STOP, ActionId.QUEUE)
        )
        self.send = QPushButton(icon(send.icon, QPalette.ColorRole.HighlightedText), "")
        self.send.setObjectName("send")
        self.send.setAccessibleName(send.words)
        self.send.clicked.connect(self.submit)
        self.stop = QPushButton(icon(stop.icon), "")
        self.stop.setObjectName("stop")
        self.stop.setAccessibleName(stop.words)
        put_tip(self.stop, with_key(stop.sentence, ActionId.STOP))
        self.stop.clicked.connect(self.stop_wanted)
        for button in (self.send, self.stop):
            button.setFixedSize(side, side)
        self.stop.hide()
        self.queue = QPushButton(queue.words)
        self.queue.clicked.connect(self.submit)
        self.queue.hide()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._meter, 1)
        row.addWidget(self.queue)
        row.addWidget(self.stop)
        row.addWidget(self.send)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.field)
        layout.addLayout(row)
        QWidget.setTabOrder(self.field, self.queue)
        QWidget.setTabOrder(self.queue, self.stop)
        QWidget.setTabOrder(self.stop, self.send)

    def _note_edit(self) -> None:
        self._show_state()
        self._timer.start()
        self.edited.emit()

    def _show_state(self) -> None:
        has_text = not self.field.document().isEmpty() or bool(self.field.composed())
        self.stop.setVisible(self._answering)
        self.queue.setVisible(self._answering and has_text)
        self.send.setVisible(not self._answering)
        self.send.setEnabled(has_text and not self._held)
        action = ActionId.SEND if self.field.enter_sends else ActionId.SEND_ALWAYS
        put_tip(self.send, self._held or with_key(ACTIONS[ActionId.SEND].words, action))
        put_tip(self.queue, with_key(ACTIONS[ActionId.QUEUE].sentence, action))

    def _show_meter(self) -> None:
        """Show the meter. Figures that are not notable step back until the person writes, or has
        the mouse over the composer."""
        words, tip, notable = self._meter_of(self._rest + estimate_tokens(self.text()))
        if self._held_label:
            self._meter.show_words(self._held_label, self._held)
        elif notable or self.underMouse() or not self.field.document().isEmpty():
            self._meter.show_words(words, tip)
        else:
            self._meter.show_words("")


def _no_meter(_tokens: int) -> tuple[str, str, bool]:
    return "", "", False
