"""The arguments of a tool call on one line, for people to read."""

import json
from typing import Any

from app.domain.text.invisible_characters import mark_invisible

#: Arguments with more characters are not read as JSON.
LONGEST = 20_000


def arguments_line(arguments: str, most: int) -> str:
    """Return a call's arguments on one line, of `most` characters and an ellipsis if they have
    more: "place: Rome, day: today" for a JSON object, other text as it is.

    Invisible characters are shown as marks: a direction override would show other arguments than
    the tool gets.
    """
    line = _members(arguments)
    if line is None:
        line = arguments[: most * 4]
    line = mark_invisible(" ".join(line.split()))
    return line if len(line) <= most else line[:most].rstrip() + "…"


def _members(arguments: str) -> str | None:
    """Return the members of a JSON object in words; None if the text is not one, or has a name
    twice, since the tool may take either value."""
    if len(arguments) > LONGEST:
        return None
    try:
        value = json.loads(arguments, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    return ", ".join(f"{name}: {_value(member)}" for name, member in value.items())


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name occurs twice")
    return members


def _value(value: Any) -> str:
    """Return a value as JSON. A text is shown without quotation marks if its limits are plain."""
    plain = isinstance(value, str) and value.isprintable() and value and not set(value) & set(':,"')
    return value if plain else json.dumps(value, ensure_ascii=False)
