"""Does the actions on a message, which `ui/transcript/actions.py` declares."""

from typing import Any, Protocol, assert_never

from PySide6.QtCore import QMimeData

from app.domain.chat.conversation import Message, Role
from app.domain.errors import LibraryError
from app.domain.text.translation import _, ngettext
from app.services.chat.conversations import OpenConversation
from app.services.chat.sent_parameters import record_of
from app.services.program.core import Core
from app.ui.conversation.pane import ConversationPane
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MESSAGE_ACTIONS, MessageActionId
from app.ui.transcript.strips.tool_cards import readable


class Talking(Protocol):
    """What the conversation in view does for its messages."""

    @property
    def held(self) -> OpenConversation | None:
        """The conversation in view."""

    def edit(self, message_id: str) -> None: ...

    def cancel_edit(self) -> None: ...

    def answer_tools(self) -> None: ...

    def follow(self) -> None: ...

    def help(self, message: Message) -> None: ...

    def sweep(self, message_id: str) -> None: ...

    def copy(self, copied: str | QMimeData) -> None: ...

    def use_parameters(self, values: dict[str, Any], left: str) -> None: ...


class MessageActions:
    """Does the actions that a person chooses in the transcript."""

    def __init__(self, core: Core, theme: Theme, pane: ConversationPane, talk: Talking) -> None:
        self._core = core
        self._theme = theme
        self._pane = pane
        self._talk = talk
        self._summed: tuple[Message, str] | None = None

    def act(self, message_id: str, address: str) -> None:
        """Do an action with a message. Nothing is done with a message that is gone, or while the
        conversation is being answered, if the action must wait for that.

        Raises ValueError if no action has this address.
        """
        action = MessageActionId(address)
        held = self._talk.held
        if held is None or message_id not in held.tree:
            return
        waits = not MESSAGE_ACTIONS[action].while_answering
        if not (waits and self._core.chat.is_answering(held.id)):
            self._do(action, held, held.tree[message_id])

    def _do(  # noqa: PLR0912 - a branch for each action, and mypy finds a missing one
        self, action: MessageActionId, held: OpenConversation, message: Message
    ) -> None:
        match action:
            case MessageActionId.COPY:
                self._talk.copy(_words_of(message))
            case MessageActionId.HELP:
                self._talk.help(message)
            case MessageActionId.REQUEST:
                self._show_request(held, message.id)
            case MessageActionId.SWEEP:
                self._talk.sweep(message.id)
            case MessageActionId.BRANCH:
                self._branch(held, message.id)
            case MessageActionId.RETRY | MessageActionId.REGENERATE:
                self._core.chat.regenerate(held, message.id)
            case MessageActionId.ANSWER_OTHERWISE:
                self._core.tooling.reopen(held, message.id)
                self._talk.answer_tools()
            case MessageActionId.EDIT:
                self._talk.edit(message.id)
            case MessageActionId.CONTINUE:
                self._continue(held, message)
            case MessageActionId.DELETE:
                self._delete(held, message.id)
            case MessageActionId.PREVIOUS:
                self._change_branch(held, message.id, -1)
            case MessageActionId.NEXT:
                self._change_branch(held, message.id, 1)
            case _:
                assert_never(action)

    def _continue(self, held: OpenConversation, message: Message) -> None:
        if message.can_go_on:
            self._core.chat.go_on(held, message.id)
            self._talk.follow()

    def _change_branch(self, held: OpenConversation, message_id: str, step: int) -> None:
        siblings = held.tree.siblings(message_id)
        place = (siblings.index(message_id) + step) % len(siblings)
        self._core.conversations.select_branch(held, siblings[place])

    def _delete(self, held: OpenConversation, message_id: str) -> None:
        self._talk.cancel_edit()
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
        field = self._pane.composer.field
        leaf = held.conversation.current
        field.setFocus()
        if leaf == message_id or self._core.chat.is_answering(held.id):
            return
        self._core.conversations.end_path_at(held, message_id)
        field.setFocus()

        def go_back() -> None:
            if self._talk.held is held and leaf is not None:
                self._core.conversations.end_path_at(held, leaf)

        words = _("What you write next begins a branch")
        self._pane.toast.show_words(words, _("Undo"), go_back)

    def summary(self, message_id: str) -> str:
        """What was set for an answer, on one line; read when somebody looks, not before."""
        held = self._talk.held
        message = held.tree[message_id] if held is not None and message_id in held.tree else None
        if held is None or message is None or message.role is not Role.ASSISTANT:
            return ""
        # The mouse asks at every move. A message that goes on is another one.
        if self._summed is None or self._summed[0] is not message:
            self._summed = message, self._read_summary(held, message)
        return self._summed[1]

    def _read_summary(self, held: OpenConversation, message: Message) -> str:
        from app.ui.request.parameters import summary

        try:
            record = record_of(message, held, self._core.conversations, self._core.providers)
        except LibraryError:
            return ""
        return "" if record is None else summary(record)

    def _show_request(self, held: OpenConversation, message_id: str) -> None:
        from app.ui.request.changes import earlier_answers
        from app.ui.request.parameters import Sent
        from app.ui.request.window import RequestWindow

        conversations, message = self._core.conversations, held.tree[message_id]
        try:
            request = conversations.request(message_id)
            earlier = earlier_answers(conversations, held, message_id)
            record = record_of(message, held, conversations, self._core.providers)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
            return
        sent = None if record is None else Sent(record, message.provider, message.model)
        read, pane = conversations.request, self._pane
        window = RequestWindow(self._theme, request, earlier, read, pane, sent=sent)
        window.copied.connect(self._talk.copy)
        window.used.connect(self._talk.use_parameters)
        window.show()


def _words_of(message: Message) -> str:
    """A message as text; where it says nothing, what it calls or what its tools answered."""
    if message.text:
        return message.text
    calls = [f"{call.name} {readable(call.arguments)}" for call in message.tool_calls]
    return "\n\n".join([*calls, *(result.text for result in message.tool_results)])
