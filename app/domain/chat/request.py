"""A chat request in the program's own form, before a dialect turns it into a provider's JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.chat.conversation import Message
from app.domain.providers.models import Model
from app.domain.providers.providers import ProviderKind


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A request for one answer: provider kind, address, model, messages and parameters.

    `base_url` is the address without the trailing `/chat/completions`. `messages` are the path
    from the first message to the one to answer; if the last is an assistant's, the model is to
    continue it. `parameters` holds only parameters that are set.
    """

    kind: ProviderKind
    base_url: str
    model: Model
    messages: tuple[Message, ...]
    system: str
    parameters: Mapping[str, Any]
    #: The conversation's id: a router can then send all its requests to one upstream provider,
    #: whose prompt cache they use.
    conversation: str = ""
    #: The upstream providers that a router may use, and their order; sent to routers only.
    routing: Mapping[str, Any] = field(default_factory=dict)
