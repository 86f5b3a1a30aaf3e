"""The queue of the conversation in view: its bar above the composer, and what its buttons do."""

from PySide6.QtCore import QObject, Signal

from app.domain.chat.unsent import QueuedMessage
from app.domain.errors import LibraryError
from app.domain.text.translation import _
from app.services.chat.queue import Pause
from app.services.program.core import Core
from app.ui.common.in_view import InView
from app.ui.common.undo import Change, ChangeKind
from app.ui.composer.queue_bar import QueueBar
from app.ui.conversation.pane import ConversationPane
from app.ui.theme.theme import Theme

_PAUSES = {
    Pause.STOPPED: _("Queue paused: the answer was stopped."),
    Pause.FAILED: _("Queue paused: the answer failed."),
    Pause.RESTARTED: _("Queue paused: Loquat was closed."),
    Pause.ANOTHER_BRANCH: _("Queue paused: another version is shown."),
    Pause.CONFLICT: _("Queue paused: parameters conflict."),
    Pause.UNSAVED: _("Queue paused: the message could not be saved."),
}


class Queued(QObject):
    """Connects the queue bar with the queue of the conversation in view."""

    #: The id of the message that should be sent now; empty for the next one.
    send_wanted = Signal(str)

    def __init__(self, core: Core, theme: Theme, in_view: InView, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._queue = core.queue
        self._drafts = core.drafts
        self._in_view = in_view
        self._pane = pane
        self.bar = QueueBar(theme)
        pane.put_above_composer(self.bar)
        self.bar.edit_wanted.connect(self._edit)
        self.bar.drop_wanted.connect(self._drop)
        self.bar.send_wanted.connect(self.send_wanted)
        self.bar.resume_wanted.connect(self._resume)
        core.queue.changed.connect(self._take_change)
        core.queue.failed.connect(self._say_failure)
        in_view.replaced.connect(self.show)

    def add(self, text: str) -> None:
        """Queue a message in the conversation in view, in place of the draft in the field."""
        conversation = self._in_view.conversation
        if conversation is not None:
            self._queue.add(conversation, text)

    def send(self, message_id: str) -> None:
        """Send a queued message now, or with an empty id let the queue go on."""
        conversation = self._in_view.conversation
        if conversation is None:
            return
        if message_id:
            self._queue.send_now(conversation, message_id)
        else:
            self._queue.go_on(conversation)

    def show(self) -> None:
        """Show the queue of the conversation in view."""
        conversation = self._in_view.conversation
        messages: tuple[QueuedMessage, ...] = ()
        pause = None
        if conversation is not None:
            messages = self._queue.messages(conversation)
            pause = self._queue.pause(conversation)
        words = _("Sent when the answer ends") if pause is None else _PAUSES[pause]
        had_focus = self.bar.has_focus()
        self.bar.show_messages(messages, words, paused=pause is not None)
        if had_focus:
            self._pane.composer.field.setFocus()

    def _take_change(self, conversation_id: str) -> None:
        if conversation_id == self._in_view.id:
            self.show()

    def _say_failure(self, failure: LibraryError) -> None:
        self._pane.banner.show_words(_("Not saved: {why}").format(why=failure))

    def _edit(self, message_id: str) -> None:
        """Take a message back into the field, before the text that stands there."""
        conversation, composer = self._in_view.conversation, self._pane.composer
        if conversation is None:
            return
        found = [one for one in self._queue.messages(conversation) if one.id == message_id]
        if found:
            composer.put_before(found[0].text)
            self._queue.take_off(conversation, message_id, composer.text())
            composer.field.setFocus()

    def _drop(self, message_id: str) -> None:
        conversation = self._in_view.conversation
        if conversation is None:
            return
        taken = self._queue.take_off(conversation, message_id)
        self._pane.composer.field.setFocus()
        if taken is None:
            return
        place, message = taken
        conversation_id = conversation.id

        def restore() -> None:
            opened = self._in_view.conversation
            if opened is not None:
                self._queue.put_back(opened, place, message)

        def applies() -> bool:
            return self._in_view.id == conversation_id

        self._pane.undo.push(
            Change(ChangeKind.IN_VIEW, _("Removed a queued message"), restore, applies)
        )

    def _resume(self) -> None:
        self.send_wanted.emit("")
