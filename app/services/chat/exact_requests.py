"""The exact request of an answer: to be read, compared with another, and sent by a program."""

from collections.abc import Mapping
from typing import Any

from app.api.dialects import request_as_program as snippets
from app.domain.errors import InputError
from app.domain.providers.api_keys import key_variable_for
from app.domain.text.json_difference import Difference, DifferenceKind, differences
from app.domain.text.translation import _

#: The address, and the body as it was sent.
Request = tuple[str, Mapping[str, Any]]

#: What a request is written in → as a person calls it.
LANGUAGES: Mapping[str, str] = {
    "curl": "curl",
    "python": _("Python (httpx)"),
    "openai": _("Python (openai package)"),
    "javascript": _("JavaScript (fetch)"),
}


def body_text(request: Request) -> str:
    """The body as lines of JSON."""
    _url, body = request
    return snippets.body_text(body)


def value_text(value: Any) -> str:
    """Any value out of a body as lines of JSON."""
    return snippets.body_text(value)


def changes(before: Request, after: Request) -> list[Difference]:
    """What differs between two requests: the address, the parameters, then the messages."""
    found = differences(before[1], after[1])
    if before[0] != after[0]:
        place = _("(address)")
        found.insert(0, Difference(place, before[0], after[0], DifferenceKind.CHANGED, place))
    return found


def key_variable(request: Request) -> str | None:
    """The environment variable that the program below takes the key from; None: it needs none."""
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
            _("This request can't be written for {language}. Choose another form.").format(
                language=LANGUAGES[language]
            ),
            str(error),
        ) from error
