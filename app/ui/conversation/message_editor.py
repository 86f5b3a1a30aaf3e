"""The widget in which a message is edited, in the place where it stands in the transcript."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.text.translation import _
from app.ui.common.actions import ActionId
from app.ui.common.keys import with_key
from app.ui.composer.message_field import MessageField
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel, put_tip

#: Style sheet of the editor while its field has focus; the highlight is the accent colour.
FOCUSED = "QFrame#messageEditor { border-color: palette(highlight); }"


class MessageEditor(QFrame):
    """Frame with the text of a message, and buttons to send or save the new version, to leave it,
    and to discard the rewrite."""

    #: The new version is wanted.
    sent = Signal()
    #: The edit should be left; its text is kept.
    cancelled = Signal()
    #: The text is not wanted any more.
    discarded = Signal()
    #: The text has changed.
    edited = Signal()

    def __init__(self, theme: Theme, *, answer: bool, enter_sends: bool) -> None:
        """`answer` says that a model's answer is edited, which is saved and not sent: Enter starts
        a new line then."""
        super().__init__()
        self.setObjectName("messageEditor")
        self.setAccessibleName(_("Edit message"))
        self.field = MessageField(theme)
        self.field.setAccessibleName(_("Edit message"))
        self.field.setPlaceholderText("")
        self.field.enter_sends = enter_sends and not answer
        self.field.submitted.connect(self._submit)
        self.field.focus_changed.connect(self._show_focus)
        self.field.textChanged.connect(self._note_edit)
        self._answering = False
        self.kept = PlainLabel(_("The old version is kept."))
        self.kept.setObjectName("muted")
        self.kept.setFont(theme.small_font())
        self.send = QPushButton(_("Save") if answer else _("Send"))
        self.send.setObjectName("primary")
        self.send.clicked.connect(self._submit)
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.setAccessibleName(_("Cancel editing"))
        put_tip(self.cancel, with_key(_("Leave the message as it was"), ActionId.CLOSE))
        self.cancel.clicked.connect(self.cancelled)
        self.discard = QPushButton(_("Discard"))
        self.discard.setAccessibleName(_("Discard changes"))
        put_tip(self.discard, _("Leave the message as it was, and forget the changes"))
        self.discard.clicked.connect(self.discarded)
        self.discard.hide()
        self._arrange()

    def follow_in_tab_order(self, before: QWidget) -> None:
        """Let Tab come to the editor after the widget `before`."""
        for widget in (self.field, self.discard, self.cancel, self.send):
            QWidget.setTabOrder(before, widget)
            before = widget

    def text(self) -> str:
        """Return the text of the field."""
        return self.field.text()

    def put_text(self, text: str) -> None:
        """Replace the text of the field and put the cursor at its end."""
        self.field.put_text(text)
        self._show_state()

    def show_changed(self, changed: bool) -> None:
        """Show whether the text differs from the message, with a button to discard it."""
        self.discard.setVisible(changed)

    def show_answering(self, answering: bool) -> None:
        """Show whether an answer is under way, which a new version has to wait for."""
        self._answering = answering
        self._show_state()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the sentence where there is no room beside it; Discard, which comes
        and goes, is counted in any case."""
        super().resizeEvent(event)
        hints = [one.sizeHint().width() + 8 for one in (self.kept, *self._buttons)]
        margins = self.contentsMargins().left() + self.contentsMargins().right() + 24
        beside = sum(hints) + margins <= event.size().width()
        direction = QBoxLayout.Direction
        self._below.setDirection(direction.LeftToRight if beside else direction.TopToBottom)

    def _arrange(self) -> None:
        self._buttons = (self.discard, self.cancel, self.send)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in self._buttons:
            button.setAutoDefault(False)
            buttons.addWidget(button)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setSpacing(8)
        self._below.addWidget(self.kept, 1)
        self._below.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.field)
        layout.addLayout(self._below)
        self.setFocusProxy(self.field)

    def _submit(self) -> None:
        # Letters under composition belong to the text.
        self.field.commit_composition()
        if self.send.isEnabled():
            self.sent.emit()

    def _note_edit(self) -> None:
        self._show_state()
        self.edited.emit()

    def _show_state(self) -> None:
        self.send.setEnabled(not self._answering and bool(self.text().strip()))
        words = _("Wait for the answer, or stop it first") if self._answering else self.send.text()
        key = ActionId.SEND if self.field.enter_sends else ActionId.SEND_ALWAYS
        put_tip(self.send, words if self._answering else with_key(words, key))

    def _show_focus(self, focused: bool) -> None:
        self.setStyleSheet(FOCUSED if focused else "")
