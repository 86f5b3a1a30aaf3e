"""A message as exports get it: together with what the library keeps apart from it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.chat.conversation import Conversation, Message
from app.domain.events import TokenProbabilities


@dataclass(frozen=True, slots=True)
class FullMessage:
    """A message with its request and its probabilities, which are large."""

    message: Message
    #: The URL and the body of the exact request, of an answer that was asked for.
    request: tuple[str, Any] | None = None
    probabilities: Sequence[TokenProbabilities] = ()
    #: The present name of the provider that was asked. Empty: it isn't known.
    provider_name: str = ""


#: Conversations, each with its messages in order of arrival.
Conversations = Iterable[tuple[Conversation, Iterable[FullMessage]]]
#: Makes a whole file of conversations, in pieces of UTF-8 or other bytes.
Writer = Callable[[Conversations], Iterator[bytes]]
