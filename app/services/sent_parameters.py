"""What an answer's request said of the table's parameters, under the table's own names."""

from collections.abc import Mapping
from typing import Any

from app.api.dialect import Spelled
from app.api.dialects import DIALECTS
from app.domain.errors import ParameterError
from app.domain.parameter_kinds import Json
from app.domain.parameters import PARAMETERS
from app.domain.providers import ProviderKind


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
