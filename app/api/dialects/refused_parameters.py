"""Finds the parameter that an error message refuses, and the reason: its name or its value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from app.api.dialects.allowed_values import allowed_value
from app.api.dialects.table import spelled
from app.domain.errors import RequestRejected
from app.domain.parameters.kinds import Json
from app.domain.parameters.table import BY_NAME, PARAMETERS
from app.domain.providers.models import Model
from app.domain.providers.providers import ProviderKind

#: HTTP statuses of a request that was understood and refused.
_STATUSES = {400, 422}
#: Patterns for a field's name. A name with an underscore counts anywhere; a plain word such as
#: "stop" only in quotation marks, or where the message calls it a parameter.
_QUOTED = r"['\"`“‘]{name}(?:[.\[][^'\"`”’]*)?['\"`”’]"
_CALLED = (
    r"(?:parameters?|arguments?|fields?|inputs?|propert(?:y|ies)|supplied|keyword|key)\W{{1,4}}{name}\b"
    r"|\b{name}\W{{1,3}}(?:parameter|argument|field|is not supported|is unsupported|not supported"
    r"|is not permitted|is not allowed|must be|and \w+ can|is only|requires|cannot|can only|should"
    r"|exceeds|is too|out of)"
    r"|:\s{{0,2}}{name}\W*$|^\W*{name}\s?:"
)
_THING = r"(?:parameters?|arguments?|fields?|keys?|keywords?|propert(?:y|ies)|inputs?|names?)\b"
#: A field that the server doesn't know at all, whatever else the message says.
_UNKNOWN = re.compile(
    rf"\b(?:unknown|unrecogni[sz]ed|unexpected|extra|additional)\W+(?:(?!value)\w+\W+){{0,2}}{_THING}"
    r"|\bis not a (?:valid|known|recogni[sz]ed) (?:parameter|argument|field)"
    r"|\bnot recogni[sz]ed\b",
    re.IGNORECASE,
)
_UNSUPPORTED = re.compile(
    r"\bunsupported\b|\b(?:not|n't|longer) (?:be )?(?:support|allow|permit|implement|accept)"
    r"|\bnot available\b|\bdeprecated\b",
    re.IGNORECASE,
)
#: Names of errors about an unknown or unsupported parameter, and about a value.
_UNSUPPORTED_CODES = {"unsupported_parameter", "unknown_parameter", "extra_forbidden"}
_VALUE_CODES = {"unsupported_value", "invalid_value"}
#: A parameter that is refused because of another one, or of how the model is used.
_CONDITION = re.compile(
    r"\b(?:both|together|combin\w*|mutually|exclusive|(?:in)?compatible|conflicts?|either|unless"
    r"|while|when|if|only (?:with|for|in|during)|requires?|depends|mode|enabled|disabled"
    r"|at the same time|simultaneously|alongside)\b",
    re.IGNORECASE,
)
#: A value that is refused: out of range, of the wrong kind, or none of those offered.
_VALUE = re.compile(
    r"\bmust\b|\bshould\b|\bvalues?\b|\brange\b|\bbetween\b|<=|>=|[≤≥<>]|\bat (?:most|least)\b"
    r"|\b(?:less|greater|more|fewer|larger|higher|lower|smaller) than\b|\bexceed\w*|\blimit\w*"
    r"|\bmax(?:imum)?\b|\bmin(?:imum)?\b|\btoo (?:large|high|big|many|small|low|long|few)\b"
    r"|\bone of\b|\binvalid\b|\bexpected\b|\bonly the default\b|\bup to\b"
    r"|\bsupport\W+['\"`]?-?\d",
    re.IGNORECASE,
)
#: A conversation that is too long for the model, though the message may name a limit, too.
_TOO_LONG = re.compile(
    r"\bcontext (?:length|window|size)\b|\b(?:input|prompt)s?\W+(?:tokens?|length|is too long)",
    re.IGNORECASE,
)


class Cause(Enum):
    """The reason why a parameter was refused."""

    #: The server doesn't know or support it at all: the request may do without.
    UNSUPPORTED = auto()
    #: Its value, or an unclear reason. Without it, an answer may be longer or dearer than wanted.
    VALUE = auto()
    #: The value of a different parameter.
    COMBINATION = auto()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused parameter. `allowed` is a value within the bound that the message names, if any."""

    parameter: str
    cause: Cause
    allowed: Json | None = None


def refusal_of(
    kind: ProviderKind, model: Model, values: Mapping[str, Json], failure: RequestRejected
) -> Refusal | None:
    """Return the set parameter that an error of status 400 or 422 refuses, or None.

    An explicit `param` field of the error outweighs its words. If that field names something else,
    such as "messages", no parameter is to blame.
    """
    if failure.status not in _STATUSES or failure.about_length:
        return None
    fields = _fields_of(kind, model, values)
    if failure.parameter:
        blamed = _first_part(failure.parameter)
        name = next((name for name, known in fields.items() if blamed in known), None)
    else:
        name = _first_named(fields, failure.unredacted)
    if name is None:
        return None
    cause = _cause(name, values[name], fields, failure)
    if cause is not Cause.VALUE:
        return Refusal(name, cause)
    allowed = allowed_value(BY_NAME[name], values[name], failure.unredacted)
    if allowed is None and _TOO_LONG.search(failure.unredacted):
        return None
    return Refusal(name, cause, allowed)


def _fields_of(kind: ProviderKind, model: Model, values: Mapping[str, Json]) -> dict[str, set[str]]:
    """Return each sent parameter with the field names that may stand for it in a message."""
    found = {}
    for parameter in PARAMETERS:
        if parameter.name in values:
            sent = spelled(kind, model, {parameter.name: values[parameter.name]})
            if sent:
                found[parameter.name] = {*sent, parameter.name}
    return found


def _first_part(path: str) -> str:
    """Return the field of a path such as `tools[0].function`, without FastAPI's leading `body`."""
    return re.split(r"[.\[/]", path.removeprefix("body."))[0]


def _first_named(fields: Mapping[str, set[str]], words: str) -> str | None:
    # The first name in a message is the refused one; others may be listed as valid.
    found = [
        (place, parameter)
        for parameter, names in fields.items()
        for name in names
        if (place := _place(name, words)) is not None
    ]
    return min(found)[1] if found else None


def _place(name: str, words: str) -> int | None:
    patterns = [_QUOTED, _CALLED]
    if "_" in name:
        patterns.append(r"(?<![\w.]){name}(?![\w])")
    for pattern in patterns:
        if place := re.search(pattern.format(name=re.escape(name)), words, re.IGNORECASE):
            return place.start()
    return None


def _cause(
    parameter: str, value: Json, fields: Mapping[str, set[str]], failure: RequestRejected
) -> Cause:
    words = failure.unredacted
    conditional = _CONDITION.search(words) is not None or _names_another(parameter, fields, words)
    if failure.code in _UNSUPPORTED_CODES and not conditional:
        return Cause.UNSUPPORTED
    if failure.code in _VALUE_CODES:
        return Cause.VALUE
    if _UNKNOWN.search(words):
        return Cause.UNSUPPORTED
    if conditional:
        return Cause.COMBINATION
    if _UNSUPPORTED.search(words) and not _VALUE.search(words) and not _quotes(value, words):
        return Cause.UNSUPPORTED
    return Cause.VALUE


def _names_another(parameter: str, fields: Mapping[str, set[str]], words: str) -> bool:
    """Whether the words join the refused parameter to another that is set, or to streaming."""
    others = {name for other, names in fields.items() if other != parameter for name in names}
    joined = "|".join(map(re.escape, sorted(others | {"stream", "streaming"})))
    # "With" also in: not supported with tools. "And" and a comma also join a list of what is valid.
    pattern = rf"\b(?:with|without|alongside|plus)\W+(?:\w+\W+){{0,2}}?(?:{joined})\b"
    return re.search(pattern, words, re.IGNORECASE) is not None


def _quotes(value: Json, words: str) -> bool:
    """Whether a message repeats a refused value, or a text in it."""
    if isinstance(value, bool):
        return False
    if isinstance(value, dict):
        return any(_quotes(inner, words) for inner in value.values() if isinstance(inner, str))
    if not isinstance(value, str | int | float) or value == "":
        return False
    return re.search(rf"(?<![\w.]){re.escape(str(value))}(?![\w])", words) is not None
