"""Converts inline Markdown (the content of a paragraph, heading or cell) to spans."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from markdown_it.token import Token

from app.markup.addresses import addresses
from app.markup.blocks import Span, SpanKind, Spans, Style
from app.markup.grammar import LONGEST, MOST_BRACKETS, Markdown, followable, inline
from app.markup.references import References

# Creating `Style(n)` takes a microsecond, looking it up here a twentieth of that.
_STYLES = tuple(Style(bits) for bits in range(16))

_CHANGES = {
    "strong_open": 1,
    "strong_close": -1,
    "em_open": 2,
    "em_close": -2,
    "s_open": 4,
    "s_close": -4,
}

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


class SpanWriter:
    """Collects the spans of one piece of inline content, from left to right.

    Neighbouring texts of the same style and link become one span. Bare addresses in the text
    become links, unless they are inside one already.
    """

    __slots__ = ("_depths", "_href", "_in_link", "_normalize", "_parts", "_spans", "_style")

    def __init__(self, normalize: Callable[[str], str]) -> None:
        self._normalize = normalize
        self._in_link = False
        self._spans: list[Span] = []
        self._parts: list[str] = []
        self._depths = [0, 0, 0]
        self._style = 0
        self._href = ""

    def spans(self) -> Spans:
        """Return the spans written so far."""
        self._flush()
        return tuple(self._spans)

    def text(self, text: str) -> None:
        """Add text in the current style."""
        self._parts.append(text)

    def special(self, text: str, kind: SpanKind, image: str = "") -> None:
        """Add an image, formula or footnote reference as a span of its own.

        `image` is the image's address.
        """
        self._flush()
        self._spans.append(Span(text, _STYLES[self._style], self._href, kind, image))

    def code(self, text: str) -> None:
        """Add inline code in the current style."""
        self._flush()
        self._put(text, _STYLES[self._style | 8], self._href)

    def turn(self, change: int) -> None:
        """Begin a style (`change` is its bit in Style) or end it (the negative bit).

        Styles are counted, since Markdown may nest a style in itself.
        """
        self._flush()
        bit = abs(change)
        self._depths[bit >> 1] += 1 if change > 0 else -1
        if self._depths[bit >> 1]:
            self._style |= bit
        else:
            self._style &= ~bit

    def link(self, href: str) -> None:
        """Begin a link: the text up to `end_link` gets the address `href`.

        If `href` is empty, because the address may not be followed, the text is written as plain
        text, and bare addresses in it don't become links either.
        """
        self._flush()
        self._href, self._in_link = href, True

    def end_link(self) -> None:
        """End the current link."""
        self._flush()
        self._href, self._in_link = "", False

    def _flush(self) -> None:
        text = "".join(self._parts)
        self._parts.clear()
        if not text:
            return
        style, done = _STYLES[self._style], 0
        for start, end, url in () if self._in_link else addresses(text):
            self._put(text[done:start], style, "")
            self._put(text[start:end], style, self._normalize(url))
            done = end
        self._put(text[done:], style, self._href)

    def _put(self, text: str, style: Style, href: str) -> None:
        if not text:
            return
        last = self._spans[-1] if self._spans else None
        if last and last.style is style and last.href == href and last.kind is SpanKind.TEXT:
            self._spans[-1] = Span(last.text + text, style, href)
        else:
            self._spans.append(Span(text, style, href))


def spans(markdown: Markdown, content: str, references: References) -> Spans:
    """Return the spans of `content`, the inline Markdown of a paragraph, heading or cell.

    Content that is longer than `LONGEST` characters or has more than `MOST_BRACKETS` opening
    brackets becomes one plain span, since parsing it would take too long.
    """
    if not content:
        return ()
    if len(content) > LONGEST or content.count("[") > MOST_BRACKETS:
        return (Span(content),)
    writer = SpanWriter(markdown.normalizeLink)
    for token in inline(markdown, content, references):
        _write(writer, token)
    return writer.spans()


def _write(writer: SpanWriter, token: Token) -> None:
    name = token.type
    if name in ("text", "text_special"):
        writer.text(token.content)
    elif name == "html_inline":
        # Models write <br> for a line break in a table cell, where Markdown has no other.
        writer.text("\n" if _BREAK.fullmatch(token.content) else token.content)
    elif name == "softbreak":
        writer.text(" ")
    elif name == "hardbreak":
        writer.text("\n")
    elif name == "code_inline":
        writer.code(token.content)
    elif name in _CHANGES:
        writer.turn(_CHANGES[name])
    elif name == "link_open":
        writer.link(followable(str(token.attrs["href"])))
    elif name == "link_close":
        writer.end_link()
    elif name == "image":
        image = followable(str(token.attrs["src"]))
        writer.special(_description(token.children or ()), SpanKind.IMAGE, image)
    else:
        kinds = {
            "math_inline": SpanKind.MATH,
            "math_display": SpanKind.DISPLAY_MATH,
            "footnote_reference": SpanKind.FOOTNOTE,
        }
        writer.special(token.content, kinds[name])


def _description(tokens: Iterable[Token]) -> str:
    """Return the plain text of an image's description, including images nested in it."""
    parts: list[str] = []
    waiting = list(tokens)[::-1]
    while waiting:
        token = waiting.pop()
        if token.type == "image":
            waiting.extend(reversed(token.children or ()))
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        else:
            parts.append(token.content)
    return "".join(parts)
