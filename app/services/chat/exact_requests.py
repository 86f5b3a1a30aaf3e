"""The exact request of an answer as text: as JSON, compared with another, or as a program."""

from collections.abc import Mapping
from typing import Any

from app.api.dialects import request_as_program as snippets
from app.domain.errors import InputError
from app.domain.providers.api_keys import key_variable_for
from app.domain.text.json_difference import Difference, DifferenceKind, differences
from app.domain.text.translation import _

#: The address of a request, and its body as it was sent.
Request = tuple[str, Mapping[str, Any]]

#: Names of the forms of a request → their labels.
LANGUAGES: Mapping[str, str] = {
    "curl": "curl",
    "python": _("Python (httpx)"),
    "openai": _("Python (openai package)"),
    "javascript": _("JavaScript (fetch)"),
}


def body_text(request: Request) -> str:
    """Return the body as indented JSON."""
    _url, body = request
    return snippets.body_text(body)


def value_text(value: Any) -> str:
    """Return a value of a body as indented JSON."""
    return snippets.body_text(value)


def changes(before: Request, after: Request) -> list[Difference]:
    """Return the differences of two requests: address, parameters, then messages."""
    found = differences(before[1], after[1])
    if before[0] != after[0]:
        place = _("(address)")
        found.insert(0, Difference(place, before[0], after[0], DifferenceKind.CHANGED, place))
    return found


def key_variable(request: Request) -> str | None:
    """Return the environment variable from which `program` reads the key; None without a key."""
    url, _body = request
    return key_variable_for(url)


def as_program(request: Request, language: str) -> str:
    """A program in one of LANGUAGES that sends the very same request, without a key in it.

    Raises InputError where the language has no words for it.
    """
    url, body = request
    try:
        return snippets.WRITERS[language](url, body, key_variable(request))
    except ValueError as error:
        raise InputError(
            _("This request can't be shown as {language}. Choose another language.").format(
                language=LANGUAGES[language]
            ),
            str(error),
        ) from error
