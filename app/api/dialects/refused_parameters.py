"""Finds the parameter that an error message refuses, so that the request can be retried."""

import re
from collections.abc import Mapping

from app.api.dialects.table import spelled
from app.domain.errors import RequestRejected
from app.domain.parameters.kinds import Json
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import Model
from app.domain.providers.providers import ProviderKind

#: HTTP statuses of a request that was understood and refused.
_STATUSES = {400, 422}
#: Words about a wrong value. The parameter is supported then, and the person must correct it.
_VALUE = re.compile(r"\binvalid (?:schema|value|json)\b", re.IGNORECASE)
#: Patterns for a field's name. A name with an underscore counts anywhere; a plain word such as
#: "stop" only in quotation marks, or where the message calls it a parameter.
_QUOTED = r"['\"`“‘]{name}(?:[.\[][^'\"`”’]*)?['\"`”’]"
_CALLED = (
    r"(?:parameters?|arguments?|fields?|inputs?|propert(?:y|ies)|supplied|keyword|key)\W{{1,4}}{name}\b"
    r"|\b{name}\W{{1,3}}(?:parameter|argument|field|is not supported|is unsupported|not supported"
    r"|is not permitted|is not allowed|must be)"
    r"|:\s{{0,2}}{name}\W*$"
)


def refused_parameter(
    kind: ProviderKind, model: Model, values: Mapping[str, Json], failure: RequestRejected
) -> str | None:
    """Return the name of the set parameter that an error of status 400 or 422 refuses, or None."""
    if failure.status not in _STATUSES or failure.about_length or _VALUE.search(failure.unredacted):
        return None
    found: list[tuple[int, str]] = []
    for parameter in PARAMETERS:
        if parameter.name not in values:
            continue
        fields = spelled(kind, model, {parameter.name: values[parameter.name]})
        for name in {*fields, parameter.name} if fields else ():
            if failure.parameter.partition(".")[0].partition("[")[0] == name:
                return parameter.name
            place = _place(name, failure.unredacted)
            if place is not None:
                found.append((place, parameter.name))
    # The first name in a message is the refused one; others may be listed as valid.
    return min(found)[1] if found else None


def _place(name: str, words: str) -> int | None:
    patterns = [_QUOTED, _CALLED]
    if "_" in name:
        patterns.append(r"(?<![\w.]){name}(?![\w])")
    for pattern in patterns:
        if place := re.search(pattern.format(name=re.escape(name)), words, re.IGNORECASE):
            return place.start()
    return None
