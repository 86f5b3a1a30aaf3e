"""Ask a scripted server, and keep both what came and how it ended."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.api.http.client import Client
from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reply import Reply
from app.domain.errors import ProviderError
from app.domain.events import Event, Finished, ReasoningDelta, TextDelta
from app.domain.providers.providers import ProviderKind

KEY = "sk-or-v1-0123456789abcdef0123456789abcdef"


@dataclass(frozen=True)
class Outcome:
    """An answer as it came; `error` is how it failed, if it did."""

    events: list[Event]
    error: ProviderError | None = None

    @property
    def text(self) -> str:
        """The answer's text."""
        return "".join(one.text for one in self.events if isinstance(one, TextDelta))

    @property
    def reasoning(self) -> str:
        """The answer's reasoning."""
        return "".join(one.text for one in self.events if isinstance(one, ReasoningDelta))

    @property
    def finished(self) -> list[Finished]:
        """The words of completion; a good answer has one."""
        return [one for one in self.events if isinstance(one, Finished)]

    @property
    def message(self) -> Message:
        """The message that the events make."""
        return message_of(self.events)


def message_of(events: list[Event]) -> Message:
    """Gather events into a message, as the program does."""
    empty = Message(id="a", parent=None, role=Role.ASSISTANT, text="", created=0.0)
    reply = Reply(empty)
    for event in events:
        reply.apply(event)
    return reply.message(Status.COMPLETE)


async def ask(
    base_url: str,
    *,
    key: str | None = KEY,
    kind: ProviderKind = ProviderKind.OPENAI_COMPATIBLE,
    body: Mapping[str, Any] | None = None,
    client: Client | None = None,
    close: bool = True,
) -> Outcome:
    """Stream one answer to its end, with a client of its own unless one is given; close it."""
    asking = client or Client()
    events: list[Event] = []
    try:
        url = f"{base_url}/chat/completions"
        async for batch in asking.stream(url, body or {"model": "m"}, key, kind):
            events += batch
    except ProviderError as error:
        return Outcome(events, error)
    finally:
        if close:
            await asking.aclose()
    return Outcome(events)


def wires() -> set[threading.Thread]:
    """The threads on which answers are read, one for each pool of connections in use."""
    return {thread for thread in threading.enumerate() if thread.name == "wire"}
