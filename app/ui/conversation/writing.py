"""The message field at work: drafts, conflicts before sending, sending."""

import contextlib
from collections.abc import Callable
from functools import partial

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
        #: The function that sends what conflicts, or a missing model, hold back.
        self._held_back: Callable[[], object] = self._send_field
        self.composer = pane.composer
        self._take_setting(Settings.enter_sends.name)
        self.conflicts = ConflictBar(theme)
        pane.put_above_composer(self.conflicts)
        self.answers = ToolAnswers(core)
        pane.put_above_composer(self.answers)
        self.queued = Queued(core, theme, in_view, pane)
        self._draft = QTimer(self)
        self._draft.setSingleShot(True)
        self._draft.setInterval(DRAFT_MS)
        self._hold_button()
        self._connect()

    def answer_tools(self) -> None:
        """Put the keyboard where the answer of a tool is written."""
        self.answers.focus_first()

    def stop(self) -> None:
        """Stop tools that run in view, or else the answer."""
        conversation = self._in_view.conversation
        if conversation is not None and not self._core.tooling.stop(conversation):
            self._core.chat.stop(conversation.id)

    def keep_draft(self) -> None:
        """Keep the text of the field, as the draft of its conversation. What can't be written stays
        in memory."""
        self._draft.stop()
        with contextlib.suppress(LibraryError):
            composer = self.composer
            self._drafts.put_text(self._draft_of, composer.text(), composer.field.folds())

    def holds_back(self, send: Callable[[], object]) -> bool:
        """Return whether nothing can be sent yet: there is no model, or the parameters contradict
        each other. That is shown then, and `send` is called when it is mended, or when the person
        sends in spite of conflicts."""
        if self._in_view.needs_model():
            self._held_back = send
            self.model_wanted.emit()
            return True
        conflicts = self._in_view.conflicts()
        if conflicts:
            self._held_back = send
            self.conflicts.show_conflicts(conflicts)
        return bool(conflicts)

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
        self._pane.escape.add(Layer.ANSWER, lambda: True, self.stop)
        self.composer.sent.connect(self._send)
        self.composer.queued.connect(self._queue)
        self.queued.send_wanted.connect(self._send_queued)
        self.composer.stop_wanted.connect(self.stop)
        self.composer.edited.connect(self._draft.start)
        self._draft.timeout.connect(self.keep_draft)
        self._draft.timeout.connect(self._prepare)
        self.conflicts.anyway.connect(self._send_anyway)
        self.conflicts.fix_wanted.connect(self._fix)
        self.conflicts.shown.connect(self.answers.step_aside)
        self.conflicts.shown.connect(self._hold_button)
        in_view.values_changed.connect(self._look_at_conflicts)
        in_view.model_changed.connect(self._look_at_conflicts)
        self._pane.escape.add(Layer.BAR, self.conflicts.isVisible, self.conflicts.hide)
        self.answers.settings_wanted.connect(self.tools_wanted)

    def _take_conversation(self) -> None:
        """Another conversation came into view: keep the draft of the last, show that of this."""
        self.keep_draft()
        self.conflicts.hide()
        self._held_back = self._send_field
        self._draft_of = self._in_view.id
        self._show_state()
        with contextlib.suppress(LibraryError):
            text, folds = self._drafts.text(self._draft_of), self._drafts.folds(self._draft_of)
            self.composer.put_text(text, folds)

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
        """Send what was held back without a model, since one has been chosen now."""
        send = self._held_back
        if not self.holds_back(send):
            send()

    def _send(self, text: str) -> None:
        if not self.holds_back(self._send_field):
            self._send_now(text)

    def _queue(self, text: str) -> None:
        """Have a text sent when the answer that is under way has ended."""
        self._draft.stop()
        self.queued.add(text)
        self.composer.clear()

    def _send_queued(self, message_id: str) -> None:
        """Send a queued message, or with an empty id let the queue go on."""
        send = partial(self.queued.send, message_id)
        if not self.holds_back(send):
            send()

    def _fix(self, fix: Fix) -> None:
        self._in_view.set_values(fixed(self._in_view.values, fix))
        if not self._in_view.conflicts():
            self._send_anyway()

    def _look_at_conflicts(self) -> None:
        """Show the conflicts that are left, after a change elsewhere; the message isn't sent."""
        if self.conflicts.isVisible():
            if conflicts := self._in_view.conflicts():
                self.conflicts.show_conflicts(conflicts)
            else:
                self.conflicts.hide()

    def _hold_button(self, conflicts: bool = False) -> None:
        """Disable Send while nothing can be saved, or while conflicts are shown, which have a
        button of their own for it."""
        if self._core.library.report.read_only:
            self.composer.hold(_("New messages can't be saved"), _("Read-only"))
        elif conflicts:
            self.composer.hold(_("Fix the parameter conflicts first, or choose “Send anyway”"))
        else:
            self.composer.hold("")

    def _send_anyway(self) -> None:
        self.conflicts.hide()
        self._held_back()

    def _send_field(self) -> None:
        """Send the text in the field as it is now, or queue it while an answer streams."""
        if text := self.composer.take_text():
            if self._in_view.is_answering():
                self._queue(text)
            else:
                self._send_now(text)

    def _send_now(self, text: str) -> None:
        self.conflicts.hide()
        try:
            conversation = self._in_view.conversation or self._begin()
            self._core.chat.send(conversation, text)
        except LibraryError as failure:
            self._pane.banner.show_words(_("Not sent: {why}").format(why=failure))
            return
        self.composer.clear()
        self.keep_draft()

    def _begin(self) -> OpenConversation:
        conversation = self._in_view.begin()
        with contextlib.suppress(LibraryError):
            self._drafts.put_text("", "")
        self._draft_of = conversation.id
        return conversation
