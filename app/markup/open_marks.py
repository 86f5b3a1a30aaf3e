"""The picture of the last block of a growing text: as if its open marks were closed already.

`**wor` is shown as bold, although Markdown has it as plain text until the closing marks arrive.
Otherwise raw marks would appear and vanish again with each emphasis, code, link and table. Only
the picture is changed; the parser's blocks stay those of the text.
"""

import re
from dataclasses import replace

from app.markup.blocks import (
    Alignment,
    Block,
    Code,
    Footnote,
    Heading,
    List,
    Paragraph,
    Quote,
    Span,
    SpanKind,
    Spans,
    Style,
    Table,
)
from app.markup.rope import RopeSlice

#: An opening mark further than this number of characters from the end is taken as it is.
FARTHEST = 240

_STYLES = {
    "***": Style.STRONG | Style.EMPHASIS,
    "___": Style.STRONG | Style.EMPHASIS,
    "**": Style.STRONG,
    "__": Style.STRONG,
    "*": Style.EMPHASIS,
    "_": Style.EMPHASIS,
    "~~": Style.STRIKE,
    "`": Style.CODE,
}
_OPENER = re.compile(r"(?<![\w*_~`\\])(\*{1,3}|_{1,3}|~~|`)(?=[^\s*_~`])")
#: Marks at the very end, of which nothing tells yet what they are.
_AT_END = re.compile(r"(?:(?<=\s)|^)(?:\*{1,3}|_{1,3}|~{1,2}|`{1,2}|!?\[)$|^\|$")
#: A link whose address has not ended. A web address in it is a span of its own.
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*$")
_FENCE = re.compile(r"(?:^|\n) {0,3}(?:`{1,2}|~{1,2})$")
_DELIMITERS = frozenset("|:- \t")
_NO_LETTER = re.compile(r"[\W_]")


def shown_while_open(block: Block) -> Block:
    """Return the block as it is shown while text is still added to it; the same object if it has
    no open marks."""
    shown: Block = block
    match block:
        case Paragraph(spans=spans):
            shown = _begun_table(block) or replace(block, spans=_closed(spans))
        case Heading(spans=spans):
            shown = replace(block, spans=_closed(spans))
        case Code(closed=False, text=text) if _FENCE.search(str(text)[-4:]):
            whole = str(text)
            shown = replace(block, text=RopeSlice.of(_FENCE.sub("", whole)))
        case Quote(children=children) | Footnote(children=children) if children:
            shown = replace(block, children=_last_shown(children))
        case List(items=items) if items and items[-1].children:
            last = replace(items[-1], children=_last_shown(items[-1].children))
            shown = replace(block, items=(*items[:-1], last))
        case Table(rows=rows) if rows:
            shown = replace(block, rows=(*rows[:-1], tuple(map(_closed, rows[-1]))))
        case _:
            pass
    return block if shown == block else shown


def _last_shown(children: tuple[Block, ...]) -> tuple[Block, ...]:
    return (*children[:-1], shown_while_open(children[-1]))


def _begun_table(block: Paragraph) -> Table | None:
    """Return the table of a header whose line of delimiters is not complete yet."""
    header, *more = str(block.source).rstrip("\n").split("\n")
    delimiters = more[0] if len(more) == 1 else ""
    if not header.startswith("| ") or len(more) > 1 or not _DELIMITERS.issuperset(delimiters):
        return None
    cells = [cell.strip() for cell in header.strip().strip("|").split("|")]
    words = "".join(span.text for span in block.spans)
    if _NO_LETTER.sub("", "".join(cells)) != _NO_LETTER.sub("", words):
        # HTML, entities and the like, which the cells would show as they are written.
        return None
    row = tuple(_closed((Span(cell),)) if cell else () for cell in cells)
    left: Alignment = ""
    return Table((left,) * len(row), row, (), source=block.source)


def _closed(spans: Spans) -> Spans:
    """Return spans with the style that their open marks begin, and without these marks."""
    spans = _without_end(spans)
    length = 0
    found = -1
    for index in range(len(spans) - 1, -1, -1):
        length += len(spans[index].text)
        if length > FARTHEST:
            break
        if _is_plain(spans[index]) and _OPENER.search(spans[index].text):
            found = index
    if found < 0:
        return spans
    span = spans[found]
    opener = _OPENER.search(span.text)
    if opener is None:
        return spans
    mark = opener[1]
    before = replace(span, text=span.text[: opener.start()])
    rest = (replace(span, text=span.text[opener.end() :]), *spans[found + 1 :])
    if mark != "`":
        rest = _without_closer(rest, mark)
        rest = _closed(rest)
    styled = tuple(_styled(each, _STYLES[mark]) for each in rest if each.text)
    begun = (*spans[:found], before) if before.text else spans[:found]
    return (*begun, *styled)


def _without_closer(spans: Spans, mark: str) -> Spans:
    """Return spans without a part of the closing mark at their end."""
    last = spans[-1]
    if not _is_plain(last):
        return spans
    text = last.text.rstrip(mark[0])
    return (*spans[:-1], replace(last, text=text)) if text else spans[:-1]


def _without_end(spans: Spans) -> Spans:
    """Return spans without the marks at their very end, and with the label of an open link."""
    for count in (3, 2):
        # A web address in an open link has become a link of its own.
        tail = spans[-count:]
        whole = "".join(span.text for span in tail)
        if len(tail) == count and _LINK.search(tail[0].text) and _LINK.search(whole):
            spans = spans[: 1 - count]
            break
    if not spans or not _is_plain(spans[-1]):
        return spans
    last = spans[-1]
    text = _AT_END.sub("", _LINK.sub(r"\1", last.text))
    if text == last.text:
        return spans
    return (*spans[:-1], replace(last, text=text)) if text else spans[:-1]


def _is_plain(span: Span) -> bool:
    return span.kind is SpanKind.TEXT and not span.href and not span.style & Style.CODE


def _styled(span: Span, style: Style) -> Span:
    return replace(span, style=span.style | style) if span.kind is SpanKind.TEXT else span
