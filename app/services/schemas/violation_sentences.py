"""Sentences for a person about errors of jsonschema, of limited length."""

import json
import re
from collections.abc import Callable
from typing import Any

from jsonschema.exceptions import ValidationError, best_match

from app.domain.text.translation import _

#: Longest value, list of values and path in a sentence, in characters.
LONGEST_VALUE = 60
LONGEST_LIST = 160
LONGEST_PATH = 200

#: Sentences for keywords with a single limit.
_LIMITS = {
    "minimum": _("Must be at least {limit}; it is {value}."),
    "maximum": _("Must be at most {limit}; it is {value}."),
    "exclusiveMinimum": _("Must be more than {limit}; it is {value}."),
    "exclusiveMaximum": _("Must be less than {limit}; it is {value}."),
    "multipleOf": _("Must be a multiple of {limit}; it is {value}."),
    "minLength": _("Must have at least {limit} characters."),
    "maxLength": _("Must have at most {limit} characters."),
    "minItems": _("Must have at least {limit} items."),
    "maxItems": _("Must have at most {limit} items."),
    "minProperties": _("Must have at least {limit} properties."),
    "maxProperties": _("Must have at most {limit} properties."),
    "const": _("Must be {limit}."),
    "pattern": _("Must match the pattern {limit}."),
    "uniqueItems": _("Has the same item more than once."),
    "not": _("Matches a schema that it must not match."),
}

_TYPES = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}


def nearest(error: ValidationError) -> ValidationError:
    """Return the most useful error below an `anyOf` or `oneOf` error.

    If all alternatives but one fail by type alone, the other one was meant, and its error is
    returned; else jsonschema's `best_match`.
    """
    while error.context:
        others = [inner for inner in error.context if not _is_of_another_type(inner)]
        if len({inner.schema_path[0] for inner in others}) != 1:
            return best_match(iter([error])) or error
        error = best_match(iter(others)) or error
    return error


def place(error: ValidationError) -> str:
    """Return the path of the wrong value, such as `$.items[0].name`, cut to LONGEST_PATH."""
    return shortened(error.json_path, LONGEST_PATH)


def words(error: ValidationError) -> str:
    """Return a sentence for the person about a validation error, without its path."""
    keyword = error.validator
    if keyword is None:
        # The schema is `false`. jsonschema 4.26 doesn't name the part of the value then.
        return _("{value} isn't allowed here.").format(value=shown(error.instance))
    if (special := _SPECIAL.get(str(keyword))) is not None:
        return special(error)
    sentence = _LIMITS.get(str(keyword))
    if sentence is None:
        return _("Doesn't meet {keyword}.").format(keyword=shortened(str(keyword)))
    return sentence.format(limit=shown(error.validator_value), value=shown(error.instance))


def shown(value: Any) -> str:
    """Return a value as JSON, cut to LONGEST_VALUE; lists and objects as `[…]` and `{…}`."""
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    if isinstance(value, str):
        value = shortened(value)
    return shortened(json.dumps(value, ensure_ascii=False))


def listed(values: list[Any]) -> str:
    """Return values as JSON, separated by commas, cut to LONGEST_LIST characters in all."""
    return shortened(", ".join(map(shown, values[:LONGEST_LIST])), LONGEST_LIST)


def shortened(text: str, longest: int = LONGEST_VALUE) -> str:
    """Return a text cut to `longest` characters; the last is … if something was cut off."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _type(error: ValidationError) -> str:
    wanted = error.validator_value
    return _of_types(wanted if isinstance(wanted, list) else [wanted], error.instance)


def _of_types(types: list[Any], value: Any) -> str:
    return _("Must be of type {types}; it is {found}.").format(
        types=shortened(" | ".join(map(str, types))), found=_TYPES.get(type(value), "")
    )


def _is_of_another_type(error: ValidationError) -> bool:
    return error.validator == "type" and not error.path


def _any_of(error: ValidationError) -> str:
    types = [inner.validator_value for inner in error.context or () if _is_of_another_type(inner)]
    if error.context and len(types) == len(error.context):
        return _of_types(types, error.instance)
    return _("Matches none of the allowed schemas.")


def _required(error: ValidationError) -> str:
    missing = [name for name in error.validator_value if name not in error.instance]
    return _("Missing: {names}.").format(names=listed(missing))


def _additional(error: ValidationError) -> str:
    known = error.schema if isinstance(error.schema, dict) else {}
    patterns = known.get("patternProperties", {})
    more = [
        name
        for name in error.instance
        if name not in known.get("properties", {})
        and not any(re.search(pattern, name) for pattern in patterns)
    ]
    return _("Not allowed: {names}.").format(names=listed(more))


def _enum(error: ValidationError) -> str:
    values = listed(error.validator_value)
    return _("Must be one of {values}; it is {value}.").format(
        values=values, value=shown(error.instance)
    )


def _one_of(error: ValidationError) -> str:
    if error.context:
        return _any_of(error)
    return _("Matches more than one schema, but only one is allowed.")


def _format(error: ValidationError) -> str:
    if error.validator_value == "regex":
        try:
            re.compile(error.instance)
        except re.error as failure:
            reason = shortened(str(failure))
            return _("Isn't a valid pattern: {reason}.").format(reason=reason)
    return _("Must have the format {format}; it is {value}.").format(
        format=shown(error.validator_value), value=shown(error.instance)
    )


_SPECIAL: dict[str, Callable[[ValidationError], str]] = {
    "type": _type,
    "required": _required,
    "additionalProperties": _additional,
    "enum": _enum,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "format": _format,
}
