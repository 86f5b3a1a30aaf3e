"""The conversation in view: what chat tells is shown, what the person wants of it is done."""

import contextlib

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.domain.conversation import Message, Role
from app.domain.errors import LibraryError
from app.domain.texts import _, ngettext
from app.domain.token_estimate import estimate_tokens
from app.markup import growth
from app.services.conversations import OpenConversation
from app.services.core import Core
from app.ui.composer.tool_answers import ToolAnswers
from app.ui.conversation_pane import ConversationPane
from app.ui.find_bar import FindBar
from app.ui.links import open_link, true_target
from app.ui.theme.theme import Theme
from app.ui.transcript import framing
from app.ui.transcript.announcing import announce
from app.ui.transcript.framing import ending_of
from app.ui.transcript.view import TranscriptView

DRAFT_MS = 600


class Talk(QObject):
    """Fills the pane with one conversation after the other."""

    #: A message was written where there was no conversation yet.
    started = Signal(str)
    #: The page of commands that answer tools is wanted.
    tools_wanted = Signal()
    #: A remedy by its name: something is to be done about a failure.
    help_wanted = Signal(str)

    def __init__(self, core: Core, theme: Theme, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._core = core
        self._pane = pane
        self._theme = theme
        self._held: OpenConversation | None = None
        # The message that is being edited, and the draft that waits meanwhile.
        self._edited = ""
        self._waiting_draft = ""
        self.composer = pane.composer
        self.composer.field.enter_sends = core.settings.enter_sends
        self.transcript = TranscriptView(theme)
        pane.put_transcript(self.transcript)
        self.answers = ToolAnswers(core)
        self.answers.settings_wanted.connect(self.tools_wanted)
        pane.put_above_composer(self.answers)
        self.find_bar = FindBar()
        pane.put_bar(self.find_bar)
        self._draft = QTimer(self)
        self._draft.setSingleShot(True)
        self._draft.setInterval(DRAFT_MS)
        self._connect()

    @property
    def held(self) -> OpenConversation | None:
        """The conversation in view."""
        return self._held

    def show_conversation(self, held: OpenConversation | None) -> None:
        """Show a conversation, or the empty page where a new one begins."""
        self.cancel_edit()
        self.keep_draft()
        self._held = held
        self._show_path()
        self._show_state()
        with contextlib.suppress(LibraryError):
            self.composer.put_text(self._core.settings.draft(held.id if held else ""))
        if held is not None and held.reply is not None:
            self.transcript.grow(held.reply)

    def find(self) -> None:
        """Look for words in the conversation in view."""
        self.find_bar.come_forward()

    def begin(self, held: OpenConversation) -> None:
        """Go from the empty page into the conversation that its first message begins."""
        self._core.settings.put_draft("", "")
        self._held = held

    def show_title(self) -> None:
        """Show the title as it is now."""
        self._pane.show_title(self._held.conversation.title if self._held else "")

    def show_context(self) -> None:
        """Show how much of the model's window the conversation takes."""
        held = self._held
        if held is None:
            self.composer.show_context(0, None)
            return
        conversation = held.conversation
        provider = self._core.providers.get(conversation.provider)
        model = self._core.providers.model(provider, conversation.model)
        used = sum(estimate_tokens(message.text) for message in held.path()[-200:])
        used += estimate_tokens(conversation.system)
        self.composer.show_context(used, model.context_length)

    def stop(self) -> None:
        """Stop the answer in view, or editing."""
        if self._edited:
            self.cancel_edit()
        elif self._held is not None and not self._core.tooling.stop(self._held):
            self._core.chat.stop(self._held.id)

    def regenerate(self) -> None:
        """Ask again for the last answer in view."""
        if self._held is not None and (path := self._held.path()):
            last = path[-1]
            if last.parent is not None and not self._core.chat.is_answering(self._held.id):
                self._core.chat.regenerate(self._held, last.id)

    def keep_draft(self) -> None:
        """Write down what stands in the field."""
        self._draft.stop()
        if self._edited:
            return
        with contextlib.suppress(LibraryError):
            self._core.settings.put_draft(self._held.id if self._held else "", self.composer.text())

    def edit(self, message_id: str) -> None:
        """Take a message of the person's into the field, to be said otherwise."""
        held = self._held
        if held is None or self._core.chat.is_answering(held.id):
            return
        self.cancel_edit()
        self.keep_draft()
        self._edited, self._waiting_draft = message_id, self.composer.text()
        self.composer.put_text(held.tree[message_id].text)
        self.composer.show_editing(True)
        self.composer.field.setFocus()

    def cancel_edit(self) -> None:
        """Leave the message as it was, and go on with the draft that waited."""
        if self._edited:
            self._edited = ""
            self.composer.show_editing(False)
            self.composer.put_text(self._waiting_draft)

    def _prepare(self) -> None:
        if not self.composer.text():
            return
        # What is being written will be sent: what that needs takes time, and is fetched now.
        self._draft.timeout.disconnect(self._prepare)
        growth.prepare()
        with contextlib.suppress(LibraryError):
            self._core.chat.prepare(self._held)

    def send(self, held: OpenConversation, text: str) -> None:
        """Send a message in the conversation in view; the field is emptied once it is safe."""
        try:
            if self._edited:
                self._core.chat.edit(held, self._edited, text)
            else:
                self._core.chat.send(held, text)
        except LibraryError as failure:
            self._pane.banner.show_words(_("Not sent: {why}").format(why=failure))
            return
        if self._edited:
            self.cancel_edit()
        else:
            self.composer.clear()
        self.keep_draft()
        self._show_state()
        self.show_context()

    def _connect(self) -> None:
        chat = self._core.chat
        chat.arrived.connect(self._show_arrival)
        chat.grew.connect(self._show_growth)
        chat.finished.connect(self._show_finish)
        chat.costs.amended.connect(self._show_amended)
        chat.waiting.connect(self._show_waiting)
        chat.unsaved.connect(self._show_unsaved)
        self._core.tooling.failed.connect(self._show_unsaved)
        self._core.conversations.rearranged.connect(self._show_rearranged)
        self.composer.sent.connect(self._send)
        self.composer.stop_wanted.connect(self.stop)
        self.composer.edit_cancelled.connect(self.cancel_edit)
        self.composer.edited.connect(self._draft.start)
        self._draft.timeout.connect(self.keep_draft)
        self._draft.timeout.connect(self._prepare)
        self.transcript.wanted.connect(self._act)
        self.transcript.link_wanted.connect(self._open_link)
        self.transcript.link_hovered.connect(self._show_target)
        self.transcript.copied.connect(self._copy)
        self.find_bar.sought.connect(self._seek)
        self.find_bar.step_wanted.connect(self._seek_next)
        self.find_bar.closed.connect(self.transcript.setFocus)

    # What chat tells.

    def _is_shown(self, conversation_id: str) -> bool:
        return self._held is not None and self._held.id == conversation_id

    def _show_arrival(self, conversation_id: str, message: Message) -> None:
        if self._is_shown(conversation_id):
            self._pane.show_page(empty=False)
            self.transcript.append(message)
            self._show_state()

    def _show_growth(self, conversation_id: str) -> None:
        if self._held is not None and self._is_shown(conversation_id) and self._held.reply:
            self.transcript.grow(self._held.reply)

    def _show_finish(self, conversation_id: str, message: Message) -> None:
        if self._is_shown(conversation_id):
            self.transcript.finish(message, self._around(message))
            self.find_bar.show_count(*self.transcript.searching.found())
            announce(self.transcript, ending_of(message) or _("Answer finished"))
            self._show_state()
            self.show_context()

    def _show_amended(self, conversation_id: str, message: Message) -> None:
        if self._is_shown(conversation_id):
            self.transcript.finish(message, self._around(message))

    def _show_waiting(self, conversation_id: str, words: str) -> None:
        if self._held is not None and self._is_shown(conversation_id) and self._held.reply:
            self.transcript.show_waiting(self._held.reply.id, words)

    def _show_rearranged(self, conversation_id: str) -> None:
        if self._is_shown(conversation_id):
            self._show_path()
            self._show_state()
            self.show_context()

    def _show_unsaved(self, failure: LibraryError) -> None:
        self._pane.banner.show_words(str(failure))

    # Showing.

    def _show_path(self) -> None:
        path = self._held.path() if self._held else []
        self._pane.show_page(empty=not path)
        self.transcript.show_path(path, self._around)
        if words := self.find_bar.words():
            self._seek(words)
        self.show_title()

    def _show_state(self) -> None:
        answering = self._held is not None and self._core.chat.is_answering(self._held.id)
        self.composer.show_answering(answering)
        self.answers.show_calls(self._held)

    def _around(self, message: Message) -> framing.Surroundings:
        assert self._held is not None  # noqa: S101 - messages are shown of a conversation in view
        siblings = self._held.tree.siblings(message.id)
        last = not self._held.tree.children(message.id)
        return framing.Surroundings(siblings.index(message.id) + 1, len(siblings), last)

    # What the person wants.

    def _send(self, text: str) -> None:
        if self._held is None:
            self.started.emit(text)
        else:
            self.send(self._held, text)

    def _act(self, message_id: str, action: str) -> None:
        held = self._held
        if held is None or message_id not in held.tree:
            return
        if action == framing.COPY:
            self._copy(held.tree[message_id].text)
        elif action in {framing.RETRY, framing.REGENERATE}:
            if not self._core.chat.is_answering(held.id):
                self._core.chat.regenerate(held, message_id)
        elif action == framing.EDIT:
            self._edit(held, message_id)
        elif action == framing.CONTINUE:
            self._go_on(held, message_id)
        elif action == framing.DELETE:
            self._delete(held, message_id)
        elif action == framing.BRANCH:
            self._branch(held, message_id)
        elif action == framing.HELP:
            self.help_wanted.emit(held.tree[message_id].remedy.value)
        elif action == framing.REQUEST:
            self._show_request(held, message_id)
        elif action in {framing.PREVIOUS, framing.NEXT}:
            self._change_branch(held, message_id, -1 if action == framing.PREVIOUS else 1)

    def _change_branch(self, held: OpenConversation, message_id: str, step: int) -> None:
        siblings = held.tree.siblings(message_id)
        place = (siblings.index(message_id) + step) % len(siblings)
        if not self._core.chat.is_answering(held.id):
            self._core.conversations.select_branch(held, siblings[place])

    def _edit(self, held: OpenConversation, message_id: str) -> None:
        if held.tree[message_id].role is Role.TOOL:
            self._core.tooling.reopen(held, message_id)
            self.answers.focus_first()
        else:
            self.edit(message_id)

    def _go_on(self, held: OpenConversation, message_id: str) -> None:
        if held.tree[message_id].can_go_on and not self._core.chat.is_answering(held.id):
            self._core.chat.go_on(held, message_id)
            self.transcript.scroll_to_end()

    def _delete(self, held: OpenConversation, message_id: str) -> None:
        if self._core.chat.is_answering(held.id):
            return
        self.cancel_edit()
        try:
            deleted = self._core.conversations.delete_message(held, message_id)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
            return

        def restore() -> None:
            # The conversation may have been closed and opened since.
            again = self._core.conversations.open(held.id)
            if not self._core.chat.is_answering(held.id):
                self._core.conversations.restore_message(again, deleted)

        count = len(deleted.messages)
        words = ngettext("{n} message deleted", "{n} messages deleted", count).format(n=count)
        self._pane.toast.show_words(words, _("Undo"), restore)

    def _branch(self, held: OpenConversation, message_id: str) -> None:
        leaf = held.conversation.current
        if leaf == message_id or self._core.chat.is_answering(held.id):
            self.composer.field.setFocus()
            return
        self._core.conversations.end_path_at(held, message_id)
        self.composer.field.setFocus()

        def go_back() -> None:
            if self._held is held and leaf is not None:
                self._core.conversations.end_path_at(held, leaf)

        words = _("What you write next begins a branch")
        self._pane.toast.show_words(words, _("Undo"), go_back)

    def _show_request(self, held: OpenConversation, message_id: str) -> None:
        from app.ui.request_changes import earlier_answers
        from app.ui.request_window import RequestWindow

        conversations = self._core.conversations
        try:
            request = conversations.request(message_id)
            earlier = earlier_answers(conversations, held, message_id)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
            return
        window = RequestWindow(self._theme, request, earlier, conversations.request, self._pane)
        window.copied.connect(self._copy)
        window.show()

    def _seek(self, words: str) -> None:
        self.transcript.searching.seek(words)
        self.find_bar.show_count(*self.transcript.searching.found())

    def find_next(self) -> None:
        """Go to the next of what is looked for."""
        self._seek_next(1)

    def _seek_next(self, step: int) -> None:
        self.transcript.searching.step(step)
        self.find_bar.show_count(*self.transcript.searching.found())

    def _copy(self, copied: str | QMimeData) -> None:
        data = copied if isinstance(copied, QMimeData) else QMimeData()
        if isinstance(copied, str):
            data.setText(copied)
        QGuiApplication.clipboard().setMimeData(data)
        self._pane.toast.show_words(_("Copied"))

    def _open_link(self, address: str) -> None:
        open_link(address, self._pane)

    def _show_target(self, address: str) -> None:
        self._pane.show_target(true_target(address) if address else "")
