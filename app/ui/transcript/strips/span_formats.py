"""Converts Markdown spans to the styled text that a strip lays out."""

from PySide6.QtGui import QFont, QTextCharFormat

from app.domain.text.invisible_characters import mark_invisible_in_prose
from app.domain.text.translation import _
from app.markup import blocks as md
from app.markup.typesetting import FormulaRequest
from app.ui.common.links import host_of
from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.formula import FormulaRange, StyledText
from app.ui.transcript.strips.strip import FormattedRange


def styled_text(spans: md.Spans, look: Look) -> StyledText:
    """Return the text of a paragraph, heading or cell, with its formats, links and formulas.

    Line breaks in it are U+2028. In links, images and code, invisible and misleading characters
    are painted as visible ones.
    """
    texts: list[str] = []
    ranges: list[FormattedRange] = []
    formula_ranges: list[FormulaRange] = []
    shown: list[str] = []
    start = 0
    for span in spans:
        text = _shown(span)
        if span.style or span.href or span.kind is not md.SpanKind.TEXT:
            # Loquat fetches no image. A click opens the image's address in the browser.
            ranges.append(
                FormattedRange(start, len(text), format_of(span, look), span.href or span.image)
            )
        if span.kind in {md.SpanKind.MATH, md.SpanKind.DISPLAY_MATH}:
            request = FormulaRequest(span.text, display=span.kind is md.SpanKind.DISPLAY_MATH)
            formula_ranges.append(FormulaRange(start, len(text), request))
        texts.append(text)
        tricky = span.href or span.image or span.style & md.Style.CODE
        shown.append(mark_invisible_in_prose(text) if tricky else text)
        start += len(text)
    return StyledText("".join(texts), tuple(ranges), tuple(formula_ranges), "".join(shown))


def _shown(span: md.Span) -> str:
    match span.kind:
        case md.SpanKind.IMAGE:
            # No-break spaces make the background a little wider than the words.
            host = host_of(span.image)
            words = _("Image: {text}").format(text=span.text) if span.text else _("Image")
            return f"\u00a0{words} · {host}\u00a0" if host else f"\u00a0{words}\u00a0"
        case md.SpanKind.MATH:
            return f"${span.text}$".replace("\n", " ")
        case md.SpanKind.DISPLAY_MATH:
            return f"$${span.text}$$".replace("\n", "\u2028")
        case md.SpanKind.FOOTNOTE:
            return f"[{span.text}]"
        case _:
            return span.text.replace("\n", "\u2028")


def format_of(span: md.Span, look: Look) -> QTextCharFormat:
    """Return the character format of a span: font, colour, underline and background."""
    made = QTextCharFormat()
    if span.style & md.Style.STRONG:
        made.setFontWeight(QFont.Weight.DemiBold)
    if span.style & md.Style.EMPHASIS:
        made.setFontItalic(True)
    if span.style & md.Style.STRIKE:
        made.setFontStrikeOut(True)
    if span.style & md.Style.CODE or span.kind in {md.SpanKind.MATH, md.SpanKind.DISPLAY_MATH}:
        made.setFontFamilies(look.code.families())
        made.setProperty(QTextCharFormat.Property.FontPixelSize, look.body.pixelSize() - 1)
        made.setBackground(look.code_background)
    if span.kind is md.SpanKind.IMAGE:
        made.setBackground(look.code_background)
        made.setForeground(look.link if span.href or span.image else look.muted)
    elif span.href or span.kind is md.SpanKind.FOOTNOTE:
        made.setForeground(look.link)
        made.setFontUnderline(bool(span.href))
    return made
