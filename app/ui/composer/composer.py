"""The composer: a message field that grows with its text, Send and Stop, and a token estimate."""

from PySide6.QtCore import QMimeData, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPalette, QTextDocument, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.chat.token_estimate import estimate_tokens
from app.domain.text import figures
from app.domain.text.translation import _, ngettext
from app.ui.common.actions import ACTIONS, ActionId
from app.ui.common.keys import is_enter, is_pressed, with_key
from app.ui.theme.icons import icon
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel, put_tip

#: Lines up to which the field grows; a longer text scrolls.
MOST_LINES = 12
#: Pause after an edit before tokens are estimated, in milliseconds.
METER_DELAY_MS = 120
#: Characters of a line from which on lines wrap at any character. Qt looks for places between words
#: in quadratic time (an unbroken line of 400,000 characters took 8 s, and 0.1 s with WrapAnywhere).
LONGEST_LINE = 20_000
#: Style sheet of the composer while its field has focus; the highlight is the accent colour.
FOCUSED = "QFrame#composer { border: 2px solid palette(highlight); }"


class MessageField(QPlainTextEdit):
    """Plain-text field for a message, as high as its text, up to MOST_LINES lines."""

    #: The key for sending was pressed.
    submitted = Signal()
    #: True when the field gets keyboard focus, False when it loses it.
    focus_changed = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setAccessibleName(_("Message"))
        self.setPlaceholderText(_("Message…"))
        self.setFont(theme.body_font())
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.enter_sends = True
        self.document().contentsChange.connect(self._mind_long_lines)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send on the key of SEND_ALWAYS, and on that of SEND if `enter_sends`; Enter with other
        modifiers starts a new line."""
        if not is_enter(event):
            super().keyPressEvent(event)
            return
        sends = self.enter_sends and is_pressed(event, ActionId.SEND)
        if sends or is_pressed(event, ActionId.SEND_ALWAYS):
            self.submitted.emit()
        else:
            self.insertPlainText("\n")
            self.ensureCursorVisible()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain text only: pasted rich text could name files for Qt to load."""
        if source.hasText():
            self.insertPlainText(source.text())

    def _mind_long_lines(self, start: int, _removed: int, added: int) -> None:
        """Choose how lines wrap. This is connected to `contentsChange`, which Qt emits before it
        lays out an edit, and also for edits by a screen reader, which cause no key events."""
        document, wrap = self.document(), QTextOption.WrapMode
        if document.characterCount() <= LONGEST_LINE:
            wanted = wrap.WrapAtWordBoundaryOrAnywhere
        elif _has_long_line(document, start, start + added):
            wanted = wrap.WrapAnywhere
        else:
            return
        if self.wordWrapMode() != wanted:
            self.setWordWrapMode(wanted)

    def _fit(self) -> None:
        lines = max(1, min(MOST_LINES, int(self.document().size().height())))
        margins = self.document().documentMargin() * 2
        height = round(lines * self.fontMetrics().lineSpacing() + margins) + 4
        # Setting the same height again would lay out the whole window again.
        if height != self.minimumHeight():
            self.setFixedHeight(height)


class Composer(QFrame):
    """Frame with the message field, its buttons and the token estimate. Sending does not empty the
    field; the owner calls `clear` once the text is stored."""

    #: The text to send, never blank.
    sent = Signal(str)
    #: Stop was pressed while an answer streams.
    stop_wanted = Signal()
    #: Cancel was pressed: the message that was being edited stays as it was.
    edit_cancelled = Signal()
    #: Discard was pressed: the rewrite of the message that was being edited is not wanted.
    edit_discarded = Signal()
    #: The text of the field has changed.
    edited = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self._answering = False
        self._context: int | None = None
        self._rest = 0
        self.field = MessageField(theme)
        self.field.submitted.connect(self._submit)
        self.field.focus_changed.connect(self._show_focus)
        self.field.textChanged.connect(self._note_edit)
        self._meter = PlainLabel()
        self._meter.setObjectName("muted")
        self._meter.setFont(theme.small_font())
        send, stop = ACTIONS[ActionId.SEND], ACTIONS[ActionId.STOP]
        self.send = QPushButton(icon(send.icon, QPalette.ColorRole.HighlightedText), send.words)
        self.send.setObjectName("primary")
        self.send.setAccessibleName(send.words)
        self.send.clicked.connect(self._submit)
        self.stop = QPushButton(icon(stop.icon), stop.words)
        self.stop.setAccessibleName(stop.words)
        put_tip(self.stop, with_key(stop.sentence, ActionId.STOP))
        self.stop.clicked.connect(self.stop_wanted)
        self.stop.hide()
        self._editing = PlainLabel(_("Editing a message"))
        self._editing.setObjectName("muted")
        self._editing.hide()
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.setAccessibleName(_("Cancel editing"))
        self.cancel.clicked.connect(self.edit_cancelled)
        self.cancel.hide()
        self.discard = QPushButton(_("Discard"))
        self.discard.setAccessibleName(_("Discard the rewrite"))
        self.discard.clicked.connect(self.edit_discarded)
        self.discard.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(METER_DELAY_MS)
        self._timer.timeout.connect(self._show_meter)
        self._arrange()
        self._show_state()

    def text(self) -> str:
        """Return the text of the field."""
        return self.field.toPlainText()

    def put_text(self, text: str) -> None:
        """Replace the text of the field and put the cursor at its end."""
        self.field.setPlainText(text)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)

    def clear(self) -> None:
        """Empty the field."""
        self.put_text("")

    def show_answering(self, answering: bool) -> None:
        """Show Stop in place of Send while an answer streams. The field stays editable."""
        had_focus = self.stop.hasFocus() or self.send.hasFocus()
        self._answering = answering
        self._show_state()
        if had_focus:
            self.field.setFocus()

    def show_editing(self, editing: bool) -> None:
        """Show whether the text will replace an earlier message, with a button to cancel that."""
        self._editing.setVisible(editing)
        self.cancel.setVisible(editing)
        if not editing:
            self.show_rewritten(False)
        self._show_state()

    def show_rewritten(self, rewritten: bool) -> None:
        """Show whether the edited message has another text in the field, with a button to discard
        it."""
        self.discard.setVisible(rewritten)

    def show_context(self, used: int, window: int | None) -> None:
        """Show a new token estimate, from the tokens `used` by the rest of the request and the
        model's context length `window`, in tokens; None if that is not known."""
        self._rest, self._context = used, window
        self._show_meter()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._meter, 1)
        row.addWidget(self._editing)
        row.addWidget(self.discard)
        row.addWidget(self.cancel)
        row.addWidget(self.stop)
        row.addWidget(self.send)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.field)
        layout.addLayout(row)
        for button in (self.send, self.stop):
            button.setIconSize(QSize(16, 16))
        QWidget.setTabOrder(self.field, self.stop)
        QWidget.setTabOrder(self.stop, self.send)

    def _submit(self) -> None:
        if not self._answering and self.text().strip():
            self.sent.emit(self.text())

    def _note_edit(self) -> None:
        self._show_state()
        self._timer.start()
        self.edited.emit()

    def _show_state(self) -> None:
        self.stop.setVisible(self._answering)
        self.send.setVisible(not self._answering)
        self.send.setEnabled(not self.field.document().isEmpty())
        action = ActionId.SEND if self.field.enter_sends else ActionId.SEND_ALWAYS
        put_tip(self.send, with_key(self.send.text(), action))

    def _show_focus(self, focused: bool) -> None:
        # A property with `style().polish` would do as well, but would delay the first frame by the
        # 10 ms of loading QStyle's enumerations.
        self.setStyleSheet(FOCUSED if focused else "")

    def _show_meter(self) -> None:
        used = self._rest + estimate_tokens(self.text())
        if self._context:
            words = _("≈ {used} of {window} tokens").format(
                used=figures.token_count(used), window=figures.window(self._context)
            )
        else:
            words = ngettext("≈ {used} token", "≈ {used} tokens", used).format(
                used=figures.token_count(used)
            )
        self._meter.setText(words if used else "")


def _has_long_line(document: QTextDocument, start: int, end: int) -> bool:
    block = document.findBlock(start)
    while block.isValid() and block.position() <= end:
        if block.length() > LONGEST_LINE:
            return True
        block = block.next()
    return False
