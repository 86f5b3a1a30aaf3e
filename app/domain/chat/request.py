"""A question as the program means it, before a dialect spells it for one provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.chat.conversation import Message
from app.domain.providers.models import Model
from app.domain.providers.providers import ProviderKind


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What to ask of whom. `base_url` ends before `/chat/completions`.

    `messages` is the path from the beginning to the message to answer; a trailing message of the
    assistant is one to be continued. `parameters` holds only what is set.
    """

    kind: ProviderKind
    base_url: str
    model: Model
    messages: tuple[Message, ...]
    system: str
    parameters: Mapping[str, Any]
    #: The conversation's id, which lets a router keep it with one provider.
    conversation: str = ""
    #: Whom a router may ask, and in which order; other providers never see it.
    routing: Mapping[str, Any] = field(default_factory=dict)
