"""What an answer's request said of the table's parameters, under the table's own names."""

from collections.abc import Mapping
from typing import Any

from app.api.dialect import Spelled
from app.api.dialects import DIALECTS
from app.domain.conversation import Role
from app.domain.errors import ParameterError
from app.domain.parameter_kinds import Json
from app.domain.parameters import PARAMETERS
from app.domain.providers import ProviderKind
from app.services.conversations import Conversations, OpenConversation
from app.services.providers import Providers


def sent_parameters(kind: ProviderKind, body: Mapping[str, Any]) -> dict[str, Json | None]:
    """Each parameter whose value a request's body tells: name → value, or None where it wasn't
    sent.

    Left out is what the body can't tell: what is spelled as several fields, and what the
    program always sends of its own accord.
    """
    dialect = DIALECTS[kind]
    found: dict[str, Json | None] = {}
    for parameter in PARAMETERS:
        rule = dialect.rule(parameter.name)
        if isinstance(rule, Spelled):
            continue
        field = rule if isinstance(rule, str) else parameter.name
        if field not in body:
            found[parameter.name] = None
        elif field not in dialect.always or body[field] != dialect.always[field]:
            try:
                found[parameter.name] = parameter.validate(body[field])
            except ParameterError:
                continue
    return found


def last_sent(
    held: OpenConversation, conversations: Conversations, providers: Providers
) -> dict[str, Json | None]:
    """What was sent for the last answer in view, as `sent_parameters` tells; empty where there
    is none. Raises LibraryError."""
    for message in reversed(held.path()):
        request = conversations.request(message.id) if message.role is Role.ASSISTANT else None
        if request is not None:
            theirs = [one for one in providers.all() if one.name == message.provider]
            provider = theirs[0] if theirs else providers.get(held.conversation.provider)
            return sent_parameters(provider.kind, request[1])
    return {}
