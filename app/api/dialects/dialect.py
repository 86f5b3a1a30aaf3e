"""The record of one provider kind's wire format: parameter rules, fields, headers, conflicts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.parameters.kinds import Conflict

Json = Any


@dataclass(frozen=True, slots=True)
class Spelled:
    """A rule for a parameter that is sent as other fields.

    `fields` returns the fields of the request body for a value; `name` is shown to the person.
    """

    name: str
    fields: Callable[[Json], Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A rule for a parameter that is never sent. `because` is a sentence for the person; if it is
    empty, the usual sentence is shown: "DeepSeek doesn't support min_p."."""

    because: str = ""


#: A string is the name under which the unchanged value is sent.
Rule = str | Spelled | NotTaken


def same(*names: str) -> dict[str, Rule]:
    """Return the rules of parameters that are sent unchanged under their own names."""
    return {name: name for name in names}


@dataclass(frozen=True, slots=True)
class DialectConflict:
    """A conflict about one parameter that only one provider kind has.

    `models` are prefixes of the ids of the models that have the conflict; empty means all models.
    """

    parameter: str
    conflict: Conflict
    models: tuple[str, ...] = ()

    def concerns(self, model_id: str) -> bool:
        """Return whether the model with this id has the conflict."""
        return not self.models or model_id.startswith(self.models)


@dataclass(frozen=True, slots=True)
class Prefill:
    """Fields that tell a provider that the last message is the beginning of its answer.

    `fields` are added to the request and `message_fields` to its last message. If `host` is set,
    all of this holds only for addresses at that host, and `path` replaces the address's path. If
    all are empty, the provider continues such an answer by itself.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    message_fields: Mapping[str, Any] = field(default_factory=dict)
    host: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class NoPrefill:
    """Mark of a provider that doesn't reliably continue a begun answer, but might start a new one.
    `because` says so in a sentence for the person."""

    because: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """The wire format of one provider kind."""

    #: The rule of every parameter that the kind supports. What is missing is not supported.
    rules: Mapping[str, Rule]
    prefill: Prefill | NoPrefill
    conflicts: tuple[DialectConflict, ...] = ()
    #: The message field that sends an assistant's earlier reasoning back; None: it is not sent.
    reasoning_field: str | None = None
    #: Whether earlier reasoning is sent back only with a turn that called tools.
    reasoning_with_calls_only: bool = False
    #: Whether a turn that called tools must have the field, even if it is empty.
    reasoning_required_with_calls: bool = False
    #: The message field that sends the reasoning's details back unchanged.
    details_field: str | None = None
    #: The request field with the conversation's id, by which a router keeps to one host.
    session_field: str | None = None
    #: The request field with the routing: which hosts may serve, and in which order.
    routing_field: str | None = None
    #: Whether the token usage is sent only if `stream_options` asks for it.
    asks_for_usage: bool = True
    #: The path of a request that proves the key, if the model list is served without a key.
    key_path: str | None = None
    #: The path of a request for an answer's cost by its id.
    generation_path: str | None = None
    #: Fields of every request; a parameter that is set overrides a field of the same name.
    always: Mapping[str, Json] = field(default_factory=dict)
    #: Headers of every request, by which the program names itself to the provider.
    headers: Mapping[str, str] = field(default_factory=dict)

    def rule(self, name: str) -> Rule:
        """Return the rule of a parameter; `NotTaken` if the dialect does not list it."""
        return self.rules.get(name, NotTaken())
