"""Spans of Markdown → words as a strip wants them: a text, its formats, and its formulas."""

from PySide6.QtGui import QFont, QTextCharFormat

from app.domain.text.invisible_characters import mark_invisible_in_prose
from app.domain.text.translation import _
from app.markup import blocks as md
from app.markup.typesetting import Wanted
from app.ui.common.links import host_of
from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.formula import Inset, Words
from app.ui.transcript.strips.strip import Range


def words_of(spans: md.Spans, look: Look) -> Words:
    """The text of a paragraph, heading or cell, with what is special in it."""
    texts: list[str] = []
    ranges: list[Range] = []
    insets: list[Inset] = []
    shown: list[str] = []
    start = 0
    for span in spans:
        text = _shown(span)
        if span.style or span.href or span.kind is not md.Kind.TEXT:
            # Loquat fetches no image: a click leads to it, as to any page.
            ranges.append(Range(start, len(text), format_of(span, look), span.href or span.image))
        if span.kind in {md.Kind.MATH, md.Kind.DISPLAY_MATH}:
            wanted = Wanted(span.text, display=span.kind is md.Kind.DISPLAY_MATH)
            insets.append(Inset(start, len(text), wanted))
        texts.append(text)
        tricky = span.href or span.image or span.style & md.Style.CODE
        shown.append(mark_invisible_in_prose(text) if tricky else text)
        start += len(text)
    return Words("".join(texts), tuple(ranges), tuple(insets), "".join(shown))


def _shown(span: md.Span) -> str:
    match span.kind:
        case md.Kind.IMAGE:
            # No-break spaces at its ends keep the chip's ground a little wider than its words.
            host = host_of(span.image)
            words = _("Image: {text}").format(text=span.text) if span.text else _("Image")
            return f"\u00a0{words} · {host}\u00a0" if host else f"\u00a0{words}\u00a0"
        case md.Kind.MATH:
            return f"${span.text}$".replace("\n", " ")
        case md.Kind.DISPLAY_MATH:
            return f"$${span.text}$$".replace("\n", "\u2028")
        case md.Kind.FOOTNOTE:
            return f"[{span.text}]"
        case _:
            return span.text.replace("\n", "\u2028")


def format_of(span: md.Span, look: Look) -> QTextCharFormat:
    """How a span looks."""
    made = QTextCharFormat()
    if span.style & md.Style.STRONG:
        made.setFontWeight(QFont.Weight.DemiBold)
    if span.style & md.Style.EMPHASIS:
        made.setFontItalic(True)
    if span.style & md.Style.STRIKE:
        made.setFontStrikeOut(True)
    if span.style & md.Style.CODE or span.kind in {md.Kind.MATH, md.Kind.DISPLAY_MATH}:
        made.setFontFamilies(look.code.families())
        made.setProperty(QTextCharFormat.Property.FontPixelSize, look.body.pixelSize() - 1)
        made.setBackground(look.code_ground)
    if span.kind is md.Kind.IMAGE:
        made.setBackground(look.code_ground)
        made.setForeground(look.link if span.href or span.image else look.muted)
    elif span.href or span.kind is md.Kind.FOOTNOTE:
        made.setForeground(look.link)
        made.setFontUnderline(bool(span.href))
    return made
