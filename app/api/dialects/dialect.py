"""What a dialect is made of: rules for parameters, fields of a request, headers, contradictions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.parameters.kinds import Conflict

Json = Any


@dataclass(frozen=True, slots=True)
class Spelled:
    """Sent as the fields that `fields` makes of the value; `name` is how it is shown."""

    name: str
    fields: Callable[[Json], Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Never sent; `because` is a sentence for the person."""

    because: str


#: A plain text is another name for the same value.
Rule = str | Spelled | NotTaken


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A conflict that one kind of provider has, about one parameter.

    `models` are the beginnings of the ids that it is about; none means every model.
    """

    parameter: str
    conflict: Conflict
    models: tuple[str, ...] = ()

    def concerns(self, model_id: str) -> bool:
        """Whether a model is one that it is about."""
        return not self.models or model_id.startswith(self.models)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one kind of provider does differently from the plain table."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    contradictions: tuple[Contradiction, ...] = ()
    #: The field in which earlier thoughts of an assistant go back, where they may.
    reasoning_field: str | None = None
    #: Whether they go back only with a turn that called tools.
    reasoning_with_calls_only: bool = False
    #: Whether a turn that called tools has to have the field, if only empty.
    reasoning_required_with_calls: bool = False
    #: The field in which the details of earlier thoughts go back, untouched.
    details_field: str | None = None
    #: The field that keeps a conversation with one serving host.
    session_field: str | None = None
    #: The field for whom a router may ask, and in which order.
    routing_field: str | None = None
    #: Whether usage comes only where `stream_options` asks for it.
    asks_for_usage: bool = True
    #: Where a key is proved, if the list of models is given to anybody.
    key_path: str | None = None
    #: Where the cost of an answer can be asked for by its id.
    generation_path: str | None = None
    #: Fields that every request carries, but for those that a set parameter writes itself.
    always: Mapping[str, Json] = field(default_factory=dict)
    #: Further headers, by which the program is named to the provider.
    headers: Mapping[str, str] = field(default_factory=dict)

    def rule(self, name: str) -> Rule:
        """How a parameter is spelled: its own name, unless the table says otherwise."""
        return self.rules.get(name, name)
