"""Reads a request's body back into parameters of the table, under the table's own names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.api.dialects.dialect import Spelled
from app.api.dialects.table import DIALECTS
from app.domain.chat.conversation import Message, Role
from app.domain.errors import ParameterError
from app.domain.parameters.kinds import Json, Parameter, ParameterKind, Values
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.providers import ProviderKind
from app.services.chat.conversations import Conversations, OpenConversation
from app.services.providers.providers import Providers

#: Fields of a body that are no parameters: model, messages, streaming.
_NO_PARAMETERS = {"model", "messages", "stream", "stream_options"}


def sent_parameters(kind: ProviderKind, body: Mapping[str, Any]) -> dict[str, Json | None]:
    """Return the parameters that a body shows, by name; the value is None if the body lacks the
    field.

    Left out are parameters that this kind of provider takes as several fields, fields with the
    value that the program always sends, and values that are not valid.
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


@dataclass(frozen=True, slots=True)
class Record:
    """The parameters of one request: `values` by the table's names, and `others`, the fields of the
    body that stand for no parameter. A parameter in neither had the provider's default."""

    values: Mapping[str, Json]
    others: Mapping[str, Json]


def record(kind: ProviderKind, body: Mapping[str, Any]) -> Record:
    """Return the parameters that a body sets, as far as its fields can be translated back."""
    dialect = DIALECTS[kind]
    told = sent_parameters(kind, body)
    rest = {name: value for name, value in body.items() if name not in _NO_PARAMETERS}
    rest.pop(dialect.session_field or "", None)
    for name, value in dialect.always.items():
        if name in rest and rest[name] == value:
            del rest[name]
    values: dict[str, Json] = {}
    for parameter in PARAMETERS:
        rule = dialect.rule(parameter.name)
        if isinstance(rule, Spelled):
            fields = _spelled_as(parameter, rule, rest)
            if fields is not None:
                values[parameter.name], written = fields
                rest = _without(rest, written)
        elif told.get(parameter.name) is not None:
            values[parameter.name] = told[parameter.name]
            rest.pop(rule if isinstance(rule, str) else parameter.name, None)
    return Record(values, rest)


def record_of(
    message: Message, opened: OpenConversation, conversations: Conversations, providers: Providers
) -> Record | None:
    """Return the parameters of an answer's request; None if the request isn't stored. Raises
    LibraryError."""
    head = conversations.request_head(message.id)
    return None if head is None else record(kind_of(message, opened, providers), head)


def kind_of(message: Message, opened: OpenConversation, providers: Providers) -> ProviderKind:
    """Return the kind of the provider that answered; if that provider is gone, the kind of the
    conversation's present one."""
    theirs = providers.find(message.provider)
    return (theirs or providers.get(opened.conversation.provider)).kind


def _spelled_as(
    parameter: Parameter, rule: Spelled, body: Mapping[str, Any]
) -> tuple[Json, Mapping[str, Json]] | None:
    """The value that a body's fields spell, and those fields; None where they spell none that the
    panel offers. Of values that are sent alike, one that is called as it was sent is meant."""
    offered = [True, False] if parameter.kind is ParameterKind.SWITCH else list(parameter.choices)
    offered += [value for _words, value in (parameter.more_choices or _none)({})]
    spelled = [(value, rule.fields(value)) for value in offered]
    fitting = [one for one in spelled if one[1] and _holds(body, one[1])]

    def fit(one: tuple[Json, Mapping[str, Json]]) -> tuple[int, bool]:
        value, fields = one
        called = list(value.values()) if isinstance(value, dict) else [value]
        return len(fields), all(name in fields.values() for name in called)

    return max(fitting, key=fit, default=None)


def _none(_values: Values) -> list[tuple[str, Json]]:
    return []


def _holds(body: Any, fields: Json) -> bool:
    if isinstance(fields, Mapping):
        return isinstance(body, Mapping) and all(
            name in body and _holds(body[name], value) for name, value in fields.items()
        )
    return type(body) is type(fields) and bool(body == fields)


def _without(body: Mapping[str, Any], fields: Mapping[str, Json]) -> dict[str, Any]:
    """A body less what some fields say of it."""
    left = {}
    for name, value in body.items():
        if name not in fields:
            left[name] = value
        elif isinstance(value, Mapping) and isinstance(fields[name], Mapping):
            rest = _without(value, fields[name])
            if rest:
                left[name] = rest
    return left


def last_sent(
    opened: OpenConversation, conversations: Conversations, providers: Providers
) -> dict[str, Json | None]:
    """Return `sent_parameters` of the latest answer in view whose request is stored; empty if there
    is none. Raises LibraryError."""
    for message in reversed(opened.path()):
        head = conversations.request_head(message.id) if message.role is Role.ASSISTANT else None
        if head is not None:
            return sent_parameters(kind_of(message, opened, providers), head)
    return {}
