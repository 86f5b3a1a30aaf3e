"""Blocks of Markdown → strips. Nesting becomes indents and bars; nothing is parsed here."""

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextCharFormat

from app.domain.texts import _
from app.markup import blocks as md
from app.ui.transcript.code import CodeBlocks, code_strips
from app.ui.transcript.look import INDENT, Look
from app.ui.transcript.pieces import pieces
from app.ui.transcript.strips import (
    Frame,
    GapStrip,
    Range,
    RuleStrip,
    Strip,
    TextStrip,
)
from app.ui.transcript.table import MEASURED_ROWS, Cell, Columns, RowStrip

_ALIGN = {
    "": Qt.AlignmentFlag.AlignLeft,
    "left": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}
_BULLETS = "•◦▪"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a block stands: how far in, within which quotes, how deep in lists."""

    codes: CodeBlocks
    left: int = 0
    bars: tuple[int, ...] = ()
    depth: int = 0
    gap: int = 12
    #: For the first strip of a list's item.
    marker: str = ""

    def frame(self, top: int = 0) -> Frame:
        return Frame(self.left, top, self.gap, self.bars, self.marker)


def strips_of(block: md.Block, look: Look, codes: CodeBlocks) -> list[Strip]:
    """The strips of a top-level block, at which `codes` stands."""
    return _strips(block, look, _Place(codes))


def plain_strips(
    text: str, look: Look, font: QFont, *, line: int, muted: bool = False, left: int = 0
) -> list[TextStrip]:
    """The strips of text in which nothing is Markdown."""
    colour = look.muted if muted else look.text
    bars = (0,) if muted else ()
    return [
        TextStrip(look, piece, font, frame=Frame(left, bars=bars), line=line, colour=colour)
        for piece in pieces(text)
    ]


def _strips(block: md.Block, look: Look, place: _Place) -> list[Strip]:
    match block:
        case md.Paragraph(spans=spans):
            return [_text(spans, look, look.body, place.frame())]
        case md.Heading(level=level, spans=spans):
            font = look.heading(level)
            return [_text(spans, look, font, place.frame(top=8), line=font.pixelSize() + 10)]
        case md.Code():
            return _code(str(block.text), block.language[:40], look, place, closed=block.closed)
        case md.MathBlock(text=text):
            return _code(text, "latex", look, place)
        case md.Html(text=text):
            return _code(text.rstrip("\n"), "html", look, place)
        case md.Source(text=text):
            return _code(text.rstrip("\n"), "markdown", look, place)
        case md.Quote(children=children):
            inner = replace(
                place, left=place.left + INDENT - 8, bars=(*place.bars, place.left), marker=""
            )
            return _children(children, look, inner)
        case md.List():
            return _list(block, look, place)
        case md.Table():
            return _table(block, look, place)
        case md.Rule():
            return [RuleStrip(look, place.frame())]
        case md.Footnote(label=label, children=children):
            marked = replace(place, left=place.left + INDENT, marker=f"{label}.")
            return _children(children, look, marked)
        case _:
            # A link's definition shows as nothing.
            return []


def _children(children: tuple[md.Block, ...], look: Look, place: _Place) -> list[Strip]:
    found: list[Strip] = []
    for number, child in enumerate(children):
        found.extend(_strips(child, look, place if number == 0 else replace(place, marker="")))
    if not found and place.marker:
        found.append(TextStrip(look, "", look.body, frame=place.frame()))
    return found


def _list(block: md.List, look: Look, place: _Place) -> list[Strip]:
    found: list[Strip] = []
    gap = 4 if block.tight else 10
    for number, item in enumerate(block.items):
        if item.done is not None:
            marker = "☑" if item.done else "☐"
        elif block.ordered:
            marker = f"{block.start + number}."
        else:
            marker = _BULLETS[min(place.depth, len(_BULLETS) - 1)]
        inner = replace(
            place, left=place.left + INDENT, depth=place.depth + 1, gap=gap, marker=marker
        )
        found.extend(_children(item.children, look, inner))
    found.append(GapStrip(max(0, place.gap - gap)))
    return found


def _table(block: md.Table, look: Look, place: _Place) -> list[Strip]:
    aligns = tuple(_ALIGN[one] for one in block.alignments)
    header = tuple(_cell(spans, look) for spans in block.header)
    rows = [tuple(_cell(spans, look) for spans in row) for row in block.rows]
    columns = Columns(_natural([header, *rows[:MEASURED_ROWS]], look), place.left)
    strips: list[Strip] = [RowStrip(look, header, columns, aligns, header=True)]
    strips.extend(RowStrip(look, row, columns, aligns) for row in rows)
    strips.append(GapStrip(place.gap))
    return strips


def _natural(rows: list[tuple[Cell, ...]], look: Look) -> list[int]:
    widths = [0] * max(map(len, rows))
    for row in rows:
        for number, (text, _ranges) in enumerate(row):
            # Counting characters is near enough here, and a hundred times quicker.
            wide = sum(2 if ord(one) > 0x2E80 else 1 for one in text[:120])
            widths[number] = max(widths[number], round(wide * look.character * 1.08))
    return widths


def _code(
    text: str, language: str, look: Look, place: _Place, *, closed: bool = True
) -> list[Strip]:
    block = place.codes.next(language)
    block.colouring.show_text(text, complete=closed)
    return code_strips(text, block, look, place.left, place.gap)


def _cell(spans: md.Spans, look: Look) -> Cell:
    return _text_and_ranges(spans, look)


def _text(spans: md.Spans, look: Look, font: QFont, frame: Frame, *, line: int = 0) -> TextStrip:
    text, ranges = _text_and_ranges(spans, look)
    return TextStrip(look, text, font, ranges, frame, line=line)


def _text_and_ranges(spans: md.Spans, look: Look) -> tuple[str, tuple[Range, ...]]:
    texts: list[str] = []
    ranges: list[Range] = []
    start = 0
    for span in spans:
        text = _shown(span)
        if span.style or span.href or span.kind is not md.Kind.TEXT:
            ranges.append(Range(start, len(text), _format(span, look), span.href))
        texts.append(text)
        start += len(text)
    return "".join(texts), tuple(ranges)


def _shown(span: md.Span) -> str:
    match span.kind:
        case md.Kind.IMAGE:
            words = _("image: {text}") if span.text else _("image")
            return f"[{words.format(text=span.text)}]"
        case md.Kind.MATH:
            return f"${span.text}$"
        case md.Kind.DISPLAY_MATH:
            return f"$${span.text}$$"
        case md.Kind.FOOTNOTE:
            return f"[{span.text}]"
        case _:
            return span.text.replace("\n", "\u2028")


def _format(span: md.Span, look: Look) -> QTextCharFormat:
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
        made.setForeground(look.muted)
    if span.href or span.kind is md.Kind.FOOTNOTE:
        made.setForeground(look.link)
        made.setFontUnderline(bool(span.href))
    return made
