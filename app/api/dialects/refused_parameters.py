"""Which parameter a provider refuses, by the words of its refusal: it may do without."""

import re
from collections.abc import Mapping

from app.api.dialects.table import spelled
from app.domain.errors import RequestRejected
from app.domain.parameters.kinds import Json
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import Model
from app.domain.providers.providers import ProviderKind

#: The same for everyone: what was understood, and is wrong in itself.
_STATUSES = {400, 422}
#: What is wrong with a value is for the person to mend: the parameter itself is taken.
_VALUE = re.compile(r"\binvalid (?:schema|value|json)\b", re.IGNORECASE)
#: A field of several words is nothing else; a plain word such as "stop" may be meant as such,
#: unless it stands in quotation marks or is called what it is.
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
    """The set parameter that a refusal names, or None. Its request may be repeated without it."""
    if failure.status not in _STATUSES or failure.about_length or _VALUE.search(failure.words):
        return None
    found: list[tuple[int, str]] = []
    for parameter in PARAMETERS:
        if parameter.name not in values:
            continue
        fields = spelled(kind, model, {parameter.name: values[parameter.name]})
        for name in {*fields, parameter.name} if fields else ():
            if failure.parameter.partition(".")[0].partition("[")[0] == name:
                return parameter.name
            place = _place(name, failure.words)
            if place is not None:
                found.append((place, parameter.name))
    # What is named first is what it is about.
    return min(found)[1] if found else None


def _place(name: str, words: str) -> int | None:
    patterns = [_QUOTED, _CALLED]
    if "_" in name:
        patterns.append(r"(?<![\w.]){name}(?![\w])")
    for pattern in patterns:
        if place := re.search(pattern.format(name=re.escape(name)), words, re.IGNORECASE):
            return place.start()
    return None
