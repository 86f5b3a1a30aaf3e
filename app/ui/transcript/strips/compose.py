"""Converts parsed Markdown blocks to strips; nesting becomes indents and quote bars."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from app.domain.text.translation import _, ngettext
from app.markup import blocks as md
from app.markup.typesetting import FormulaRequest
from app.ui.theme.theme import LINE_PIXELS
from app.ui.transcript.painting.look import INDENT, Look
from app.ui.transcript.strips.code import code_strips
from app.ui.transcript.strips.folds import Folds
from app.ui.transcript.strips.formula import FormulaBlock, FormulaRange, StyledText, text_strip
from app.ui.transcript.strips.rules_and_gaps import GapStrip, RuleStrip
from app.ui.transcript.strips.show_more import more_strip, size
from app.ui.transcript.strips.sideways_bar import SidewaysBar
from app.ui.transcript.strips.span_formats import format_of, styled_text
from app.ui.transcript.strips.strip import FormattedRange, Margins, Strip, TextStrip
from app.ui.transcript.strips.table import MEASURED_ROWS, ColumnWidths, RowStrip, column_needs
from app.ui.transcript.strips.text_pieces import chunks, pieces

_ALIGN = {
    "": Qt.AlignmentFlag.AlignLeft,
    "left": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}
_BULLETS = "•◦▪"

#: Largest indent in pixels; deeper nesting isn't indented further, so that there is room for text.
MOST_INDENT = 8 * INDENT

#: A top-level block with more strips or characters than this is folded, and shows only these.
MOST_STRIPS = 500
MOST_CHARACTERS = 40_000


@dataclass(frozen=True, slots=True)
class _Nesting:
    """Position of a nested block: its indent in pixels, the left edges of the bars of the quotes
    around it, its depth in lists, and the space below it in pixels."""

    folds: Folds
    left: int = 0
    bars: tuple[int, ...] = ()
    depth: int = 0
    gap: int = 12
    #: Bullet or number, for the first strip of a list's item.
    marker: str = ""

    def deeper(self, step: int) -> "_Nesting":
        """Return the position `step` pixels further to the right, at most MOST_INDENT."""
        return replace(self, left=min(self.left + step, MOST_INDENT))

    def margins(self, top: int = 0) -> Margins:
        return Margins(self.left, top, self.gap, self.bars, self.marker)


@dataclass
class ComposedBlock:
    """The strips of a top-level block, split by its parts: the items of a list, the rows of a
    table, or the whole of another block.

    When the block grows, the strips of its unchanged parts are taken over.
    """

    block: md.Block
    strips: list[Strip] = field(default_factory=list)
    #: For each part: the number of strips up to its end, and the number of code blocks.
    ends: list[tuple[int, int]] = field(default_factory=list)
    columns: ColumnWidths | None = None
    #: Number of strips that were taken over from the block as it was before.
    kept: int = 0

    def grown_from(self, before: "ComposedBlock") -> None:
        """Take over the strips of the first parts that are the same objects as in `before`.

        Does nothing unless both blocks are lists, or tables, that differ only in their last parts.
        """
        old, new = before.block, self.block
        if isinstance(old, md.List) and isinstance(new, md.List):
            if (old.tight, old.ordered, old.start) != (new.tight, new.ordered, new.start):
                return
        elif isinstance(old, md.Table) and isinstance(new, md.Table):
            # Until then, more rows may change the widths of the columns.
            if old.header != new.header or len(old.rows) < MEASURED_ROWS:
                return
        else:
            return
        same = 0
        for old_part, new_part in zip(_parts(old), _parts(new), strict=False):
            if old_part is not new_part:
                break
            same += 1
        # The last part may have been cut short by a fold.
        same = min(same, len(before.ends) - 1)
        if same > 0:
            self.columns = before.columns
            self.ends = before.ends[:same]
            self.kept = self.ends[-1][0]
            self.strips = before.strips[: self.kept]


def compose(
    block: md.Block, look: Look, folds: Folds, before: ComposedBlock | None = None
) -> ComposedBlock:
    """Return the strips of a top-level block.

    `folds.begin` has to be called with the block's index before. `before` is the result for the
    same block when it was shorter, with the same look; its strips are used again.
    """
    made, nesting = ComposedBlock(block), _Nesting(folds)
    if before is not None:
        made.grown_from(before)
    if made.ends:
        folds.inner = made.ends[-1][1]
    characters = sum(len(strip.text) for strip in made.strips)
    # Code blocks are folded in `code_strips`.
    whole = folds.is_open or isinstance(block, md.Code)
    for part in _by_parts(block, look, nesting, made):
        for strip in part:
            made.strips.append(strip)
            characters += len(strip.text)
            full = len(made.strips) >= MOST_STRIPS or characters >= MOST_CHARACTERS
            if full and not whole:
                words = _more_words(block)
                made.strips.append(more_strip(words, look, href=Folds.OPEN))
                made.ends.append((len(made.strips), folds.inner))
                return made
        made.ends.append((len(made.strips), folds.inner))
    return made


def plain_strips(
    text: str,
    look: Look,
    font: QFont,
    *,
    line: int,
    muted: bool = False,
    left: int = 0,
    before: Sequence[Strip] = (),
) -> list[TextStrip]:
    """Return the strips of plain text, in which nothing is Markdown.

    Strips in `before` with the same text and look are used again. `line` is the height of a line
    and `left` the indent, in pixels. `muted` text is grey, with a bar at its left.
    """
    colour = look.muted if muted else look.text
    margins = Margins(left, bars=(0,) if muted else ())
    strips: list[TextStrip] = []
    for number, (piece, separator) in enumerate(pieces(text)):
        kept = before[number] if number < len(before) else None
        if type(kept) is TextStrip and kept.text == piece and kept.is_for(look):
            strip = kept
        else:
            strip = TextStrip(look, piece, font, margins=margins, line=line, colour=colour)
        strip.separator = separator
        strips.append(strip)
    strips[-1].separator = "\n"
    return strips


def _parts(block: md.Block) -> Sequence[object]:
    match block:
        case md.List(items=items):
            return items
        case md.Table(rows=rows):
            return rows
        case _:
            return ()


def _more_words(block: md.Block) -> str:
    match block:
        case md.List(items=items) if len(items) > 1:
            words = ngettext("Show all {n} items", "Show all {n} items", len(items))
            counted = words.format(n=f"{len(items):,}")
        case md.Table(rows=rows):
            words = ngettext("Show all {n} rows", "Show all {n} rows", len(rows))
            counted = words.format(n=f"{len(rows):,}")
        case _:
            counted = _("Show all")
    return f"{counted} · {size(len(block.source))}"


def _by_parts(
    block: md.Block, look: Look, nesting: _Nesting, made: ComposedBlock
) -> Iterator[Iterator[Strip]]:
    """Yield the strips of each part after those in `made`."""
    match block:
        case md.List():
            for number in range(len(made.ends), len(block.items)):
                yield _item(block, number, look, nesting)
            yield _list_end(block, nesting)
        case md.Table():
            columns = made.columns = made.columns or _columns(block, look, nesting)
            rows = islice(block.rows, len(made.ends), None)
            if not made.ends:
                yield _with_header(block, look, columns, next(rows, None))
            for row in rows:
                yield iter((_row(row, look, columns, block),))
            yield iter((SidewaysBar(look, columns.sideways, nesting.left),))
        case _:
            yield _strips(block, look, nesting)


def _strips(block: md.Block, look: Look, nesting: _Nesting) -> Iterator[Strip]:
    match block:
        case md.Paragraph(spans=spans):
            yield from _texts(spans, look, look.body, nesting.margins())
        case md.Heading(level=level, spans=spans):
            font = look.heading(level)
            yield from _texts(spans, look, font, nesting.margins(top=8), line=font.pixelSize() + 10)
        case md.Code():
            text, language = str(block.text), block.language[:40]
            yield from _code(text, language, look, nesting, closed=block.closed)
        case md.MathBlock(text=text):
            yield _formula(text, look, nesting)
        case md.Html(text=text):
            yield from _code(text.rstrip("\n"), "html", look, nesting)
        case md.RawMarkdown(text=text):
            yield from _code(text.rstrip("\n"), "markdown", look, nesting)
        case md.Quote(children=children):
            bars = nesting.bars if nesting.left in nesting.bars else (*nesting.bars, nesting.left)
            inner = replace(nesting.deeper(INDENT - 8), bars=bars, marker="")
            yield from _children(children, look, inner)
        case md.List() | md.Table():
            for part in _by_parts(block, look, nesting, ComposedBlock(block)):
                yield from part
        case md.Rule():
            yield RuleStrip(look, nesting.margins())
        case md.Footnote(label=label, children=children):
            marked = replace(nesting.deeper(INDENT), marker=f"{label}.")
            yield from _children(children, look, marked)
        case _:
            # A link definition is not shown.
            pass


def _children(children: tuple[md.Block, ...], look: Look, nesting: _Nesting) -> Iterator[Strip]:
    empty = True
    for number, child in enumerate(children):
        for strip in _strips(child, look, nesting if number == 0 else replace(nesting, marker="")):
            empty = False
            yield strip
    if empty and nesting.marker:
        yield TextStrip(look, "", look.body, margins=nesting.margins())


def _item(block: md.List, number: int, look: Look, nesting: _Nesting) -> Iterator[Strip]:
    item = block.items[number]
    if item.done is not None:
        marker = "☑" if item.done else "☐"
    elif block.ordered:
        marker = f"{block.start + number}."
    else:
        marker = _BULLETS[min(nesting.depth, len(_BULLETS) - 1)]
    gap = _gap(block)
    inner = replace(nesting.deeper(INDENT), depth=nesting.depth + 1, gap=gap, marker=marker)
    return _children(item.children, look, inner)


def _gap(block: md.List) -> int:
    return 4 if block.tight else 10


def _list_end(block: md.List, nesting: _Nesting) -> Iterator[Strip]:
    yield GapStrip(max(0, nesting.gap - _gap(block)))


def _columns(block: md.Table, look: Look, nesting: _Nesting) -> ColumnWidths:
    rows = [_cells(row, look) for row in (block.header, *block.rows[:MEASURED_ROWS])]
    return ColumnWidths(column_needs(rows, look), nesting.left, look.line / LINE_PIXELS)


def _with_header(
    block: md.Table, look: Look, columns: ColumnWidths, first: tuple[md.Spans, ...] | None
) -> Iterator[Strip]:
    yield _row(block.header, look, columns, block, header=True)
    if first is not None:
        yield _row(first, look, columns, block)


def _row(
    row: tuple[md.Spans, ...],
    look: Look,
    columns: ColumnWidths,
    block: md.Table,
    *,
    header: bool = False,
) -> Strip:
    aligns = tuple(_ALIGN[alignment] for alignment in block.alignments)
    return RowStrip(look, _cells(row, look), columns, aligns, header=header)


def _cells(row: tuple[md.Spans, ...], look: Look) -> tuple[StyledText, ...]:
    return tuple(styled_text(spans, look) for spans in row)


def _code(
    text: str, language: str, look: Look, nesting: _Nesting, *, closed: bool = True
) -> list[Strip]:
    block = nesting.folds.next(language)
    block.colours.show_text(text, complete=closed)
    return code_strips(text, block, look, nesting.left, nesting.gap)


def _texts(
    spans: md.Spans, look: Look, font: QFont, margins: Margins, *, line: int = 0
) -> Iterator[TextStrip]:
    words = styled_text(spans, look)
    text, ranges = words.text, words.ranges
    cut = chunks(text)
    if len(cut) == 1:
        yield text_strip(look, words, font, margins, line=line)
        return
    start = first = 0
    for number, (piece, separator) in enumerate(cut):
        end = start + len(piece)
        inner: list[FormattedRange] = []
        # The ranges are in order, and a range may extend over several pieces.
        while first < len(ranges) and ranges[first].start + ranges[first].length <= start:
            first += 1
        for each in islice(ranges, first, None):
            if each.start >= end:
                break
            low, high = max(each.start, start), min(each.start + each.length, end)
            inner.append(replace(each, start=low - start, length=high - low))
        top = margins.top if number == 0 else 0
        last = number == len(cut) - 1
        marker = margins.marker if number == 0 else ""
        strip = TextStrip(
            look,
            piece,
            font,
            tuple(inner),
            replace(margins, top=top, bottom=margins.bottom if last else 0, marker=marker),
            line=line,
            shown=words.shown[start:end],
        )
        if not last:
            strip.separator = separator
        yield strip
        start = end + len(separator)


def _formula(latex: str, look: Look, nesting: _Nesting) -> Strip:
    text = f"$${latex}$$".replace("\n", "\u2028")
    ranges = (
        FormattedRange(0, len(text), format_of(md.Span("", kind=md.SpanKind.DISPLAY_MATH), look)),
    )
    formula_range = FormulaRange(0, len(text), FormulaRequest(latex, display=True))
    return FormulaBlock(look, text, look.body, ranges, nesting.margins()).with_formula_ranges(
        (formula_range,)
    )
