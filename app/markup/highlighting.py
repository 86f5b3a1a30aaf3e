"""Syntax highlighting with Pygments, a few milliseconds at a time."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

#: Number of characters that are highlighted; the code after them is plain.
LONGEST = 300_000
#: Code with a line of more characters is not highlighted: it is usually data, and some lexers take
#: quadratic time on it.
LONGEST_LINE = 3_000


class SyntaxClass(Enum):
    """Class of a piece of code that has a colour of its own. All other code is plain."""

    KEYWORD = "keyword"
    NAME = "name"
    TYPE = "type"
    STRING = "string"
    NUMBER = "number"
    COMMENT = "comment"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class HighlightedRun:
    """The characters from `start` up to, without, `end`, which have the same syntax class."""

    start: int
    end: int
    syntax: SyntaxClass


def highlight(text: str, language: str) -> Iterator[HighlightedRun | None]:
    """Yield the highlighted runs of a text, in order, with offsets in characters.

    Also yields None after small steps, so that the caller can pause there. Yields nothing for an
    unknown language or a text with a line of more than LONGEST_LINE characters. Only the first
    LONGEST characters have runs, and none after the place where a lexer fails.
    """
    lexer = _lexer(language.lower())
    if lexer is None:
        return
    text = text[:LONGEST]
    if any(len(line) > LONGEST_LINE for line in text.split("\n")):
        return
    start, end, syntax = 0, 0, None
    # Some lexers recognise a line only with a line feed at its end.
    for place, kind, value in _tokens(lexer, text + "\n"):
        next_syntax = _syntax_class(kind)
        if next_syntax is syntax and place == end:
            end = place + len(value)
            yield None
            continue
        # The added line feed belongs to no run.
        cut = min(end, len(text))
        yield HighlightedRun(start, cut, syntax) if syntax is not None and cut > start else None
        start, end, syntax = place, place + len(value), next_syntax
    if syntax is not None and min(end, len(text)) > start:
        yield HighlightedRun(start, min(end, len(text)), syntax)


def _tokens(lexer: Any, text: str) -> Iterator[tuple[int, Any, str]]:
    try:
        yield from lexer.get_tokens_unprocessed(text)
    except Exception:
        # Pygments has five hundred lexers, some of which raise on text that isn't code.
        return


def is_ready(language: str) -> bool:
    """Return whether the lexer of a language is loaded; if not, begin to load it on a thread.

    Also True if loading failed or the language is unknown.
    Importing Pygments and compiling a language's patterns takes 60 to 200 ms.
    """
    language = language.lower()
    if language not in _ready:
        _ready[language] = False
        threading.Thread(target=_fetch, args=(language,), name="lexer", daemon=True).start()
    return _ready[language]


_ready: dict[str, bool] = {}


def _fetch(language: str) -> None:
    try:
        _lexer(language)
    finally:
        _ready[language] = True


@cache
def _lexer(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    if not language:
        return None
    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return None


@cache
def _syntax_class(kind: Any) -> SyntaxClass | None:
    from pygments.token import Token

    for parent, syntax in (
        (Token.Comment, SyntaxClass.COMMENT),
        (Token.Keyword.Type, SyntaxClass.TYPE),
        (Token.Keyword, SyntaxClass.KEYWORD),
        (Token.Operator.Word, SyntaxClass.KEYWORD),
        (Token.Literal.Number, SyntaxClass.NUMBER),
        (Token.Literal.String, SyntaxClass.STRING),
        (Token.Name.Builtin, SyntaxClass.TYPE),
        (Token.Name.Class, SyntaxClass.TYPE),
        (Token.Name.Exception, SyntaxClass.TYPE),
        (Token.Name.Function, SyntaxClass.NAME),
        (Token.Name.Decorator, SyntaxClass.NAME),
        (Token.Name.Tag, SyntaxClass.KEYWORD),
        (Token.Name.Attribute, SyntaxClass.NAME),
        (Token.Generic.Inserted, SyntaxClass.ADDED),
        (Token.Generic.Deleted, SyntaxClass.REMOVED),
        (Token.Generic.Heading, SyntaxClass.KEYWORD),
    ):
        if kind in parent:
            return syntax
    return None
