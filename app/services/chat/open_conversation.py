"""A conversation that is open, with its messages in memory; `Conversations` alone changes it."""

from dataclasses import dataclass, replace

from app.domain.chat.conversation import Conversation, Message, Status, Tree
from app.domain.chat.reply import Reply


class OpenConversation:
    """A conversation with its messages in memory, and the reply that is streaming, if any.

    To be read by everybody and changed by `Conversations` alone.
    """

    def __init__(self, conversation: Conversation, tree: Tree) -> None:
        self.conversation = conversation
        self.tree = tree
        self.reply: Reply | None = None

    @property
    def id(self) -> str:
        """The conversation's id."""
        return self.conversation.id

    def path(self) -> list[Message]:
        """The messages in view, from the first to the current leaf."""
        return self.tree.path(self.conversation.current)

    def all_so_far(self) -> list[Message]:
        """The messages of every branch, with what has come of the streaming reply."""
        messages = self.tree.all()
        if self.reply is None:
            return messages
        reply = replace(self.reply.message(Status.STREAMING), status=Status.INTERRUPTED)
        return [reply if message.id == reply.id else message for message in messages]


@dataclass(frozen=True, slots=True)
class Deleted:
    """Messages that were deleted together, and the end of the path before."""

    messages: tuple[Message, ...]
    current: str | None
