"""The message field at work: drafts, a message being edited, conflicts before sending, sending."""

import contextlib

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.chat.conversation import Message, Status
from app.domain.errors import LibraryError
from app.domain.parameters.kinds import Fix, fixed
from app.domain.text.translation import _
from app.markup.open_text import prepare
from app.services.chat.conversations import OpenConversation
from app.services.library.settings import Settings
from app.services.program.core import Core
from app.ui.common.escape_order import Layer
from app.ui.common.in_view import InView
from app.ui.common.undo import Change, ChangeKind
from app.ui.composer.conflict_bar import ConflictBar
from app.ui.composer.tool_answers import ToolAnswers
from app.ui.conversation.pane import ConversationPane
from app.ui.conversation.queued import Queued
from app.ui.theme.theme import Theme

#: Milliseconds after the last key until a draft is kept.
DRAFT_MS = 600


class Writing(QObject):
    """Connects the composer, and the bars above it, with the conversation in view."""

    #: The page of commands that answer tool calls should open.
    tools_wanted = Signal()
    #: A message waits to be sent until a model is chosen.
    model_wanted = Signal()

    def __init__(self, core: Core, theme: Theme, in_view: InView, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._core = core
        self._drafts = core.drafts
        self._in_view = in_view
        self._pane = pane
        #: The id of the conversation whose draft is in the field.
        self._draft_of = in_view.id
        #: The message that is being edited, and the draft that stood in the field before.
        self._edited: Message | None = None
        self._waiting_draft = ""
        self.composer = pane.composer
        self._take_setting(Settings.enter_sends.name)
        self.conflicts = ConflictBar()
        pane.put_above_composer(self.conflicts)
        self.answers = ToolAnswers(core)
        pane.put_above_composer(self.answers)
        self.queued = Queued(core, theme, in_view, pane)
        #: The id of the queued message that conflicts hold back, empty for the next one; None if
        #: it is the text in the field.
        self._held: str | None = None
        self._draft = QTimer(self)
        self._draft.setSingleShot(True)
        self._draft.setInterval(DRAFT_MS)
        self._connect()

    def edit(self, message_id: str) -> None:
        """Take a message of the person's into the field, to be sent in another form."""
        message = self._in_view.message(message_id)
        if message is None or self._in_view.is_answering():
            return
        self.cancel_edit()
        self.keep_draft()
        self._begin_edit(message)
        self.keep_draft()
        self.composer.field.setFocus()

    def cancel_edit(self) -> None:
        """Leave the edited message as it was, and put the draft back that stood there before. The
        rewrite is kept, and Edit brings it back."""
        self.keep_draft()
        if self._edited is not None:
            with contextlib.suppress(LibraryError):
                self._drafts.put_edited_message(self._draft_of, "")
            self._end_edit()

    def discard_edit(self) -> None:
        """Leave the edited message as it was, and forget the rewrite. It can be undone."""
        if self._edited is None:
            return
        message_id, text, conversation_id = self._edited.id, self.composer.text(), self._in_view.id
        self._forget_rewrite(self._edited)

        def restore() -> None:
            self.cancel_edit()
            self._drafts.put_rewrite(message_id, text)
            self.edit(message_id)

        def applies() -> bool:
            shown = self._in_view.id == conversation_id and not self._in_view.is_answering()
            return shown and self._in_view.message(message_id) is not None

        words = _("Discarded the rewrite")
        self._pane.undo.push(Change(ChangeKind.REWRITE, words, restore, applies))

    def _begin_edit(self, message: Message) -> None:
        self._edited, self._waiting_draft = message, self.composer.text()
        rewrite = None
        with contextlib.suppress(LibraryError):
            rewrite = self._drafts.rewrite(message.id)
        self.composer.put_text(message.text if rewrite is None else rewrite)
        self.composer.show_editing(True)
        self._show_rewritten()

    def _end_edit(self) -> None:
        self._edited = None
        self.composer.show_editing(False)
        self.composer.put_text(self._waiting_draft)

    def _forget_rewrite(self, message: Message) -> None:
        """Leave the edit without keeping its text."""
        with contextlib.suppress(LibraryError):
            self._drafts.put_rewrite(message.id, None)
            self._drafts.put_edited_message(self._draft_of, "")
        self._end_edit()

    def _show_rewritten(self) -> None:
        if self._edited is not None:
            self.composer.show_rewritten(self.composer.text() != self._edited.text)

    def answer_tools(self) -> None:
        """Put the keyboard where the answer of a tool is written."""
        self.answers.focus_first()

    def stop(self) -> None:
        """Stop tools that run in view, or else the answer."""
        conversation = self._in_view.conversation
        if conversation is not None and not self._core.tooling.stop(conversation):
            self._core.chat.stop(conversation.id)

    def is_editing(self) -> bool:
        """Return whether a message is being edited."""
        return self._edited is not None

    def keep_draft(self) -> None:
        """Keep the text of the field, as the draft of its conversation or as the rewrite of the
        message that is being edited. What can't be written stays in memory."""
        self._draft.stop()
        with contextlib.suppress(LibraryError):
            if self._edited is not None:
                self._keep_rewrite(self._edited)
            else:
                composer = self.composer
                self._drafts.put_text(self._draft_of, composer.text(), composer.field.folds())

    def _keep_rewrite(self, message: Message) -> None:
        text = self.composer.text()
        self._drafts.put_rewrite(message.id, None if text == message.text else text)
        self._drafts.put_edited_message(self._draft_of, message.id)

    def _leave_edit(self) -> None:
        """Leave the edit, and say so if there is a rewrite that is kept."""
        rewritten = self._edited is not None and self.composer.text() != self._edited.text
        self.cancel_edit()
        if rewritten:
            self._pane.toast.show_words(_("Your rewrite is kept. Edit brings it back."))

    def refresh(self) -> None:
        """Read the commands that answer tools again."""
        self.answers.show_calls(self._in_view.conversation)

    def _take_setting(self, name: str) -> None:
        if name == Settings.enter_sends.name:
            self.composer.field.enter_sends = self._core.settings.enter_sends

    def _connect(self) -> None:
        in_view = self._in_view
        self._core.settings.changed.connect(self._take_setting)
        in_view.replaced.connect(self._take_conversation)
        in_view.arrived.connect(self._take_arrival)
        in_view.rearranged.connect(self._show_state)
        in_view.finished.connect(self._show_state)
        self._pane.escape.add(Layer.EDIT, self.is_editing, self._leave_edit)
        self._pane.escape.add(Layer.ANSWER, lambda: True, self.stop)
        self.composer.sent.connect(self._send)
        self.composer.queued.connect(self._queue)
        self.queued.send_wanted.connect(self._send_queued)
        self.composer.stop_wanted.connect(self.stop)
        self.composer.edit_cancelled.connect(self._leave_edit)
        self.composer.edit_discarded.connect(self.discard_edit)
        self.composer.edited.connect(self._show_rewritten)
        self.composer.edited.connect(self._draft.start)
        self._draft.timeout.connect(self.keep_draft)
        self._draft.timeout.connect(self._prepare)
        self.conflicts.anyway.connect(self._send_anyway)
        self.conflicts.fix_wanted.connect(self._fix)
        self.conflicts.shown.connect(self.answers.step_aside)
        self.answers.settings_wanted.connect(self.tools_wanted)

    def _take_conversation(self) -> None:
        """Another conversation came into view: keep the draft of the last, show that of this."""
        self.keep_draft()
        if self._edited is not None:
            self._end_edit()
        self.conflicts.hide()
        self._draft_of = self._in_view.id
        self._show_state()
        with contextlib.suppress(LibraryError):
            text, folds = self._drafts.text(self._draft_of), self._drafts.folds(self._draft_of)
            self.composer.put_text(text, folds)
            self._offer_rewrite()

    def _offer_rewrite(self) -> None:
        """Offer to go on with the edit that was left by looking at another conversation, or by the
        end of the program."""
        message_id = self._drafts.edited_message(self._draft_of)
        if self._in_view.message(message_id) and self._drafts.rewrite(message_id) is not None:
            words = _("Your rewrite of a message is kept")
            self._pane.toast.show_words(words, _("Edit"), lambda: self.edit(message_id))

    def _take_arrival(self, message: Message) -> None:
        # A question is followed at once by the answer to it, with which the state changes.
        if message.status is Status.STREAMING:
            self._show_state()

    def _show_state(self, *_message: object) -> None:
        self.composer.show_answering(self._in_view.is_answering())
        self.answers.show_calls(self._in_view.conversation)

    def _prepare(self) -> None:
        """Fetch the parser and open the connection once: the text in the field will be sent."""
        if not self.composer.text():
            return
        self._draft.timeout.disconnect(self._prepare)
        prepare()
        with contextlib.suppress(LibraryError):
            self._core.chat.prepare(self._in_view.conversation)

    # Sending.

    def send_waiting(self) -> None:
        """Send the message for which a model has been chosen now."""
        if self._held is not None:
            self._send_queued(self._held)
        elif text := self.composer.take_text():
            self._send(text)

    def _send(self, text: str) -> None:
        self._held = None
        if self._in_view.needs_model():
            self.model_wanted.emit()
        elif not self._show_conflicts():
            self._send_now(text)

    def _queue(self, text: str) -> None:
        """Have a text sent when the answer that is under way has ended."""
        if self._edited is None:
            self._draft.stop()
            self.queued.add(text)
            self.composer.clear()

    def _send_queued(self, message_id: str) -> None:
        """Send a queued message, or with an empty id let the queue go on."""
        self._held = message_id
        if self._in_view.needs_model():
            self.model_wanted.emit()
        elif not self._show_conflicts():
            self.queued.send(message_id)

    def _show_conflicts(self) -> bool:
        """Show the conflicts of parameters that hold a message back; return whether there are
        any."""
        conflicts = self._in_view.conflicts()
        if conflicts:
            self.conflicts.show_conflicts(conflicts)
        return bool(conflicts)

    def _fix(self, fix: Fix) -> None:
        self._in_view.set_values(fixed(self._in_view.values, fix))
        if not self._in_view.conflicts():
            self._send_anyway()
        elif self.conflicts.isVisible():
            self._show_conflicts()

    def _send_anyway(self) -> None:
        """Send what was held back; a text in the field as it is now."""
        self.conflicts.hide()
        if self._held is not None:
            self.queued.send(self._held)
        elif text := self.composer.take_text():
            if self._in_view.is_answering():
                self._queue(text)
            else:
                self._send_now(text)

    def _send_now(self, text: str) -> None:
        self.conflicts.hide()
        try:
            conversation = self._in_view.conversation or self._begin()
            if self._edited is not None:
                self._core.chat.edit(conversation, self._edited.id, text)
            else:
                self._core.chat.send(conversation, text)
        except LibraryError as failure:
            self._pane.banner.show_words(_("Not sent: {why}").format(why=failure))
            return
        if self._edited is not None:
            self._forget_rewrite(self._edited)
        else:
            self.composer.clear()
        self.keep_draft()

    def _begin(self) -> OpenConversation:
        conversation = self._in_view.begin()
        with contextlib.suppress(LibraryError):
            self._drafts.put_text("", "")
        self._draft_of = conversation.id
        return conversation
