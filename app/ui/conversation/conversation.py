"""The conversation in view: what chat tells is shown, what the person wants of it is done."""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.domain.chat.conversation import Message
from app.domain.chat.token_estimate import estimate_tokens
from app.domain.errors import LibraryError
from app.domain.parameters.kinds import Found
from app.domain.text.translation import _
from app.markup import open_text as growth
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.ui.common.actions import ActionId, Handlers
from app.ui.common.links import open_link, true_target
from app.ui.composer.conflict_bar import ConflictBar
from app.ui.composer.tool_answers import ToolAnswers
from app.ui.conversation.find_bar import FindBar
from app.ui.conversation.message_actions import MessageActions
from app.ui.conversation.pane import ConversationPane
from app.ui.theme.theme import Theme
from app.ui.transcript.accessibility.announce import announce
from app.ui.transcript.actions import Surroundings
from app.ui.transcript.strips.head_and_foot import ending_of
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
    #: A message's id: its question is to be asked with other parameters.
    sweep_wanted = Signal(str)
    #: Parameters are to be set, all of them; and a sentence on what can't be.
    parameters_wanted = Signal(dict, str)

    def __init__(self, core: Core, theme: Theme, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._core = core
        self._pane = pane
        self._held: OpenConversation | None = None
        # The message that is being edited, and the draft that waits meanwhile.
        self._edited = ""
        self._waiting_draft = ""
        self.composer = pane.composer
        self.composer.field.enter_sends = core.settings.enter_sends
        self.transcript = TranscriptView(theme)
        pane.put_transcript(self.transcript)
        self.conflicts = ConflictBar()
        self.conflicts.anyway.connect(self._send_anyway)
        pane.put_above_composer(self.conflicts)
        # What contradicts itself in what would be sent now.
        self._judge: Callable[[], Sequence[Found]] = tuple
        self.answers = ToolAnswers(core)
        self.answers.settings_wanted.connect(self.tools_wanted)
        self.conflicts.shown.connect(self.answers.step_aside)
        pane.put_above_composer(self.answers)
        self.find_bar = FindBar()
        pane.put_bar(self.find_bar)
        self._acting = MessageActions(core, theme, pane, self)
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
        self.conflicts.hide()
        self._held = held
        self._show_path()
        self._show_state()
        with contextlib.suppress(LibraryError):
            self.composer.put_text(self._core.settings.draft(held.id if held else ""))
        if held is not None and held.reply is not None:
            self.transcript.grow(held.reply)

    def put_judge(self, judge: Callable[[], Sequence[Found]]) -> None:
        """Have a question looked at before it is sent: what contradicts itself is explained."""
        self._judge = judge

    def send_if_settled(self) -> None:
        """Send what was held back, if nothing is left against it."""
        if not self._judge():
            self._send_anyway()
        elif self.conflicts.isVisible():
            self.conflicts.show_conflicts(self._judge())

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
        used = sum(map(_tokens_of, held.path()[-200:]))
        used += estimate_tokens(conversation.system)
        self.composer.show_context(used, model.context_length)

    def handlers(self) -> Handlers:
        """The actions of the window that are done here."""
        return {
            ActionId.STOP: self.stop,
            ActionId.REGENERATE: self.regenerate,
            ActionId.FIND: self.find,
            ActionId.FIND_NEXT: self.find_next,
        }

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

    def answer_tools(self) -> None:
        """Put the keyboard where the answer of a tool is written."""
        self.answers.focus_first()

    def follow(self) -> None:
        """Show the end, and what comes there."""
        self.transcript.scroll_to_end()

    def help(self, message: Message) -> None:
        """Do something about a message that failed."""
        self.help_wanted.emit(message.remedy.value)

    def sweep(self, message_id: str) -> None:
        """Ask a message's question with other parameters, beside one another."""
        self.sweep_wanted.emit(message_id)

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
        self.transcript.wanted.connect(self._acting.act)
        self.transcript.pointing.about = self._about
        self.transcript.link_wanted.connect(self._open_link)
        self.transcript.link_hovered.connect(self._show_target)
        self.transcript.copied.connect(self.copy)
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

    def _around(self, message: Message) -> Surroundings:
        assert self._held is not None  # noqa: S101 - messages are shown of a conversation in view
        siblings = self._held.tree.siblings(message.id)
        last = not self._held.tree.children(message.id)
        return Surroundings(siblings.index(message.id) + 1, len(siblings), last)

    # What the person wants.

    def _send(self, text: str) -> None:
        if found := self._judge():
            self.conflicts.show_conflicts(found)
        else:
            self._send_now(text)

    def _send_anyway(self) -> None:
        self.conflicts.hide()
        answering = self._held is not None and self._core.chat.is_answering(self._held.id)
        if (text := self.composer.text().strip()) and not answering:
            self._send_now(text)

    def _send_now(self, text: str) -> None:
        self.conflicts.hide()
        if self._held is None:
            self.started.emit(text)
        else:
            self.send(self._held, text)

    def _seek(self, words: str) -> None:
        self.transcript.searching.seek(words)
        self.find_bar.show_count(*self.transcript.searching.found())

    def find_next(self) -> None:
        """Go to the next of what is looked for."""
        self._seek_next(1)

    def _seek_next(self, step: int) -> None:
        self.transcript.searching.step(step)
        self.find_bar.show_count(*self.transcript.searching.found())

    def _about(self, index: int) -> str:
        items = self.transcript.items()
        return self._acting.summary(items[index].id) if 0 <= index < len(items) else ""

    def use_parameters(self, values: dict[str, Any], left: str) -> None:
        """Set the parameters to values; `left` says what can't be."""
        self.parameters_wanted.emit(values, left)

    def copy(self, copied: str | QMimeData) -> None:
        """Put something into the clipboard."""
        data = copied if isinstance(copied, QMimeData) else QMimeData()
        if isinstance(copied, str):
            data.setText(copied)
        QGuiApplication.clipboard().setMimeData(data)
        self._pane.toast.show_words(_("Copied"))

    def _open_link(self, address: str) -> None:
        open_link(address, self._pane)

    def _show_target(self, address: str) -> None:
        self._pane.show_target(true_target(address) if address else "")


def _tokens_of(message: Message) -> int:
    """About how many tokens a message takes in the next question."""
    texts = [message.text, *(call.arguments for call in message.tool_calls)]
    return sum(map(estimate_tokens, [*texts, *(one.text for one in message.tool_results)]))
