"""Carries out the actions on a message, which `ui/transcript/actions.py` declares."""

from typing import Any, assert_never

from PySide6.QtCore import QObject, Signal

from app.domain.chat.conversation import Message, Role
from app.domain.chat.titles import excerpt_of
from app.domain.errors import LibraryError, Remedy, UseValue
from app.domain.text.translation import _, ngettext
from app.services.chat.conversations import OpenConversation
from app.services.chat.sent_parameters import record_of
from app.services.chat.trash import DeletedKind
from app.services.program.core import Core
from app.ui.common.in_view import InView
from app.ui.common.undo import Change, ChangeKind
from app.ui.conversation.pane import ConversationPane
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MESSAGE_ACTIONS, MessageActionId
from app.ui.transcript.strips.tool_cards import readable
from app.ui.transcript.view import TranscriptView


class MessageActions(QObject):
    """Each action comes as a message's id and the action's address (`ui.transcript.actions`)."""

    #: A message's id: its text should be edited.
    edit_wanted = Signal(str)
    #: The answer to a tool call should be written.
    tool_answer_wanted = Signal()
    #: The value of a `Remedy`: something should be done about a failure.
    remedy_wanted = Signal(str)
    #: A message's id: its question should be asked with other parameters.
    sweep_wanted = Signal(str)
    #: A message's id: its question should be asked several times with one seed.
    seed_check_wanted = Signal(str)
    #: Parameters should be set, all of them; a sentence names those that can't be.
    parameters_wanted = Signal(dict, str)

    def __init__(
        self,
        core: Core,
        theme: Theme,
        in_view: InView,
        pane: ConversationPane,
        transcript: TranscriptView,
    ) -> None:
        super().__init__(pane)
        self._core = core
        self._theme = theme
        self._in_view = in_view
        self._pane = pane
        self._transcript = transcript
        self._summed: tuple[Message, str] | None = None

    def act(self, message_id: str, address: str) -> None:
        """Do an action with a message. Nothing is done with a message that is gone, or while an
        answer is under way that the action must wait for.

        Raises ValueError if no action has this address.
        """
        action = MessageActionId(address)
        conversation, message = self._in_view.conversation, self._in_view.message(message_id)
        if conversation is None or message is None:
            return
        if not MESSAGE_ACTIONS[action].while_answering and self._in_view.is_answering():
            self._pane.toast.show_words(_("Wait for the answer, or stop it first"))
            return
        try:
            self._do(action, conversation, message)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))

    def _do(  # noqa: PLR0912 - a branch for each action, and mypy finds a missing one
        self, action: MessageActionId, conversation: OpenConversation, message: Message
    ) -> None:
        match action:
            case MessageActionId.COPY:
                self._pane.copy(_words_of(message))
            case MessageActionId.HELP:
                if isinstance(message.remedy, Remedy):
                    self.remedy_wanted.emit(message.remedy.value)
            case MessageActionId.DETAILS:
                self._transcript.turn_details(message.id)
            case MessageActionId.USE_VALUE:
                self._use_value(conversation, message)
            case MessageActionId.REQUEST:
                self._show_request(conversation, message)
            case MessageActionId.PARAMETERS:
                self._use_sent_parameters(conversation, message)
            case MessageActionId.SWEEP:
                self.sweep_wanted.emit(message.id)
            case MessageActionId.SEED_CHECK:
                self.seed_check_wanted.emit(message.id)
            case MessageActionId.BRANCH:
                self._branch(conversation, message.id)
            case MessageActionId.RETRY | MessageActionId.REGENERATE:
                self._core.chat.regenerate(conversation, message.id)
            case MessageActionId.EDIT_RESULT:
                self._core.tooling.reopen(conversation, message.id)
                self.tool_answer_wanted.emit()
            case MessageActionId.EDIT:
                self.edit_wanted.emit(message.id)
            case MessageActionId.CONTINUE:
                self._continue(conversation, message)
            case MessageActionId.DELETE:
                self._delete(conversation, message.id)
            case MessageActionId.PREVIOUS:
                self._change_version(conversation, message.id, -1)
            case MessageActionId.NEXT:
                self._change_version(conversation, message.id, 1)
            case _:
                assert_never(action)

    def _use_value(self, conversation: OpenConversation, message: Message) -> None:
        """Set a refused parameter to a value that is allowed, and ask again."""
        if isinstance(message.remedy, UseValue):
            self._in_view.set_value(message.remedy.parameter, message.remedy.value)
            self._core.chat.regenerate(conversation, message.id)

    def _continue(self, conversation: OpenConversation, message: Message) -> None:
        if message.can_go_on:
            self._core.chat.go_on(conversation, message.id)
            self._transcript.scroll_to_end()

    def step_version(self, step: int) -> None:
        """Switch the version of the message in focus, or of the last one in view that has several,
        to the one before (`step` −1) or after (1)."""
        conversation, path = self._in_view.conversation, self._in_view.path
        if conversation is None:
            return
        place = self._transcript.focus.message if self._transcript.hasFocus() else -1
        candidates = path[place : place + 1] if place >= 0 else path[::-1]
        for message in candidates:
            if len(conversation.tree.siblings(message.id)) > 1:
                action = MessageActionId.PREVIOUS if step < 0 else MessageActionId.NEXT
                self.act(message.id, action)
                return

    def _change_version(self, conversation: OpenConversation, message_id: str, step: int) -> None:
        siblings = conversation.tree.siblings(message_id)
        wanted = siblings.index(message_id) + step
        if not 0 <= wanted < len(siblings):
            return
        focus = self._transcript.focus
        place, button = focus.message, focus.button
        self._core.conversations.select_branch(conversation, siblings[wanted])
        # The same place has the other version now.
        if 0 <= place < len(self._transcript.items()):
            self._transcript.make_current(place)
            focus.take_button(button)

    def count_below(self, message_id: str) -> int:
        """Return the number of messages that the deletion of a message takes, in all branches."""
        conversation = self._in_view.conversation
        if conversation is None or message_id not in conversation.tree:
            return 0
        return len(conversation.tree.below(message_id))

    def _delete(self, conversation: OpenConversation, message_id: str) -> None:
        deleted = self._core.conversations.delete_message(conversation, message_id)
        ids = [gone.id for gone in deleted.messages]

        def restore() -> None:
            # The conversation may have been closed and opened, or deleted, since.
            again = self._core.conversations.open(conversation.id)
            self._core.conversations.restore_message(again, deleted)

        def applies() -> bool:
            return self._core.trash.holds(DeletedKind.MESSAGES, message_id)

        title = excerpt_of(deleted.messages[0].text) or _("a message")
        words, after = _("Deleted “{title}”"), len(ids) - 1
        if after:
            words = ngettext(
                "Deleted “{title}” and {n} message after it",
                "Deleted “{title}” and {n} messages after it",
                after,
            )
        words = words.format(title=title, n=after)
        self._pane.undo.push(Change(ChangeKind.MESSAGES, words, restore, applies))

    def _branch(self, conversation: OpenConversation, message_id: str) -> None:
        field = self._pane.composer.field
        leaf = conversation.conversation.current
        field.setFocus()
        if leaf == message_id or self._in_view.is_answering():
            return
        self._core.conversations.end_path_at(conversation, message_id)
        field.setFocus()

        def go_back() -> None:
            if leaf is not None:
                self._core.conversations.end_path_at(conversation, leaf)

        def applies() -> bool:
            in_view = self._in_view.conversation is conversation
            return in_view and conversation.conversation.current == message_id

        words = _("Your next message starts a branch")
        self._pane.undo.push(Change(ChangeKind.IN_VIEW, words, go_back, applies))

    # The request of an answer.

    def summary(self, message_id: str) -> str:
        """The parameters that were sent for an answer, on one line; read from the library when
        somebody looks, not before."""
        conversation, message = self._in_view.conversation, self._in_view.message(message_id)
        if conversation is None or message is None or message.role is not Role.ASSISTANT:
            return ""
        # The mouse asks at every move. A message that goes on is another object.
        if self._summed is None or self._summed[0] is not message:
            self._summed = message, self._read_summary(conversation, message)
        return self._summed[1]

    def _read_summary(self, conversation: OpenConversation, message: Message) -> str:
        from app.ui.request.parameters import summary

        try:
            record = record_of(
                message, conversation, self._core.conversations, self._core.providers
            )
        except LibraryError:
            return ""
        return "" if record is None else summary(record)

    def _use_sent_parameters(self, conversation: OpenConversation, message: Message) -> None:
        from app.ui.request.parameters import left_out

        try:
            record = record_of(
                message, conversation, self._core.conversations, self._core.providers
            )
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
            return
        if record is None:
            self._pane.toast.show_words(_("The request of this answer wasn't saved."))
        else:
            self._use_parameters(dict(record.values), left_out(record))

    def _show_request(self, conversation: OpenConversation, message: Message) -> None:
        from app.ui.request.changes import earlier_answers
        from app.ui.request.parameters import SentParameters
        from app.ui.request.window import RequestWindow

        conversations = self._core.conversations
        try:
            request = conversations.request(message.id)
            earlier = earlier_answers(conversations, conversation, message.id)
            record = record_of(message, conversation, conversations, self._core.providers)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
            return
        name = self._core.providers.name_of(message.provider)
        sent = None if record is None else SentParameters(record, name, message.model)
        read, pane = conversations.request, self._pane
        window = RequestWindow(self._theme, request, earlier, read, pane, sent=sent)
        window.copied.connect(pane.copy)
        window.used.connect(self._use_parameters)
        window.show()

    def _use_parameters(self, values: dict[str, Any], left: str) -> None:
        self.parameters_wanted.emit(values, left)


def _words_of(message: Message) -> str:
    """A message's text; where it has none, the calls in it or the answers of its tools."""
    if message.text:
        return message.text
    calls = [f"{call.name} {readable(call.arguments)}" for call in message.tool_calls]
    return "\n\n".join([*calls, *(result.text for result in message.tool_results)])
