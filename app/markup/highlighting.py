"""Which characters of a piece of code are keywords, strings and so on, by Pygments.

A generator, so that whoever shows the code can stop after a few milliseconds and go on later.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

#: Characters of code that are coloured; beyond them it is plain.
LONGEST = 300_000
#: A longer line is data, and some lexers take quadratic time on it.
LONGEST_LINE = 3_000


class SyntaxClass(Enum):
    """What a run of characters is. What is none of these is plain."""

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
    """Characters of one ink."""

    start: int
    end: int
    syntax: SyntaxClass


def highlight(text: str, language: str) -> Iterator[HighlightedRun | None]:
    """The runs of a text, in order; None now and then, where one may stop for a while.

    An unknown language has none, and so has what a lexer chokes on from there on.
    """
    lexer = _lexer(language.lower())
    if lexer is None:
        return
    text = text[:LONGEST]
    if any(len(line) > LONGEST_LINE for line in text.split("\n")):
        return
    start, end, syntax = 0, 0, None
    # Some lexers know a line by its end.
    for place, kind, value in _tokens(lexer, text + "\n"):
        found = _syntax_class(kind)
        if found is syntax and place == end:
            end = place + len(value)
            yield None
            continue
        # Never past the text: the line end that was added belongs to no run.
        cut = min(end, len(text))
        yield HighlightedRun(start, cut, syntax) if syntax is not None and cut > start else None
        start, end, syntax = place, place + len(value), found
    if syntax is not None and min(end, len(text)) > start:
        yield HighlightedRun(start, min(end, len(text)), syntax)


def _tokens(lexer: Any, text: str) -> Iterator[tuple[int, Any, str]]:
    try:
        yield from lexer.get_tokens_unprocessed(text)
    except Exception:
        # Five hundred lexers, and text that was never code.
        return


def is_ready(language: str) -> bool:
    """Whether `runs_of` would begin at once; if not, what it needs is fetched in the background,
    since Pygments and the patterns of a language take 60 to 200 ms."""
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
