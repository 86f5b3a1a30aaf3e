"""The words of one message: of its stored state, or of the reply that is under way."""

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reply import Reply


class MessageWords:
    """A message, and the reply that it grows by while it streams."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.reply: Reply | None = None

    @property
    def id(self) -> str:
        """The message's id."""
        return self.message.id

    @property
    def is_user(self) -> bool:
        """Whether the person wrote the message."""
        return self.message.role is Role.USER

    @property
    def is_under_way(self) -> bool:
        """Whether the message is an answer that is streaming."""
        return self.reply is not None or self.message.status is Status.STREAMING

    def reasoning(self) -> str:
        """Return the model's reasoning, whether folded or not."""
        return self.reply.reasoning if self.reply else self.message.reasoning

    def reasoning_since(self, length: int) -> str:
        """Return the model's reasoning after its first `length` characters."""
        if self.reply is not None:
            return self.reply.reasoning_since(length)
        return self.message.reasoning[length:]

    def has_reasoning(self) -> bool:
        """Return whether there is reasoning."""
        return bool(self.reply.reasoning_length if self.reply else self.message.reasoning)

    def reasoning_seconds(self) -> float | None:
        """Return how long the model reasoned; None if that is not over, or not known."""
        return self.reply.reasoning_seconds if self.reply else self.message.timings.reasoning

    def spoken(self) -> str:
        """Return the message's source text as of now, which screen readers read."""
        return self.reply.text if self.reply else self.message.text
