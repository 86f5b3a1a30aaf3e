"""Converts blocks to HTML for the clipboard: text, structure and links only.

An image becomes its description, so that the program that pastes the HTML doesn't fetch the image.
Raw HTML in an answer is escaped and appears as text.
"""

from html import escape

from app.markup import blocks as md

_STYLES = (
    (md.Style.CODE, "code"),
    (md.Style.STRIKE, "s"),
    (md.Style.EMPHASIS, "em"),
    (md.Style.STRONG, "strong"),
)


def html_of(blocks: list[md.Block]) -> str:
    """Return blocks as an HTML fragment without a document around it."""
    return "\n".join(filter(None, map(_block, blocks)))


def html_of_text(text: str) -> str:
    """Return plain text, in which nothing is Markdown, as one HTML paragraph."""
    return f"<p>{_lines(text)}</p>"


def _block(block: md.Block) -> str:
    match block:
        case md.Paragraph(spans=spans):
            return f"<p>{_spans(spans)}</p>"
        case md.Heading(level=level, spans=spans):
            return f"<h{level}>{_spans(spans)}</h{level}>"
        case md.Code():
            return _code(str(block.text), block.language)
        case md.MathBlock(text=text):
            return f"<p>$${escape(text)}$$</p>"
        case md.Html(text=text) | md.RawMarkdown(text=text):
            return _code(text.rstrip("\n"), "")
        case md.Quote(children=children):
            return f"<blockquote>{html_of(list(children))}</blockquote>"
        case md.List():
            return _list(block)
        case md.Table():
            return _table(block)
        case md.Rule():
            return "<hr>"
        case md.Footnote(label=label, children=children):
            return f"<div><p>[{escape(label)}]</p>{html_of(list(children))}</div>"
        case _:
            return ""


def _code(text: str, language: str) -> str:
    kind = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{kind}>{escape(text)}</code></pre>"


def _list(block: md.List) -> str:
    items = "".join(f"<li>{_item(item, tight=block.tight)}</li>" for item in block.items)
    if not block.ordered:
        return f"<ul>{items}</ul>"
    start = f' start="{block.start}"' if block.start != 1 else ""
    return f"<ol{start}>{items}</ol>"


def _item(item: md.ListItem, *, tight: bool) -> str:
    box = "" if item.done is None else "☑ " if item.done else "☐ "
    inside = "".join(
        _spans(child.spans) if tight and isinstance(child, md.Paragraph) else _block(child)
        for child in item.children
    )
    return box + inside


def _table(block: md.Table) -> str:
    head = _row(block.header, block.alignments, "th")
    body = "".join(_row(row, block.alignments, "td") for row in block.rows)
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _row(cells: tuple[md.Spans, ...], alignments: tuple[md.Alignment, ...], tag: str) -> str:
    made = []
    for spans, align in zip(cells, alignments, strict=True):
        style = f' style="text-align:{align}"' if align else ""
        made.append(f"<{tag}{style}>{_spans(spans)}</{tag}>")
    return f"<tr>{''.join(made)}</tr>"


def _spans(spans: md.Spans) -> str:
    return "".join(map(_span, spans))


def _span(span: md.Span) -> str:
    match span.kind:
        case md.SpanKind.IMAGE:
            made = f"[{escape(span.text)}]"
        case md.SpanKind.MATH:
            made = f"${escape(span.text)}$"
        case md.SpanKind.DISPLAY_MATH:
            made = f"$${escape(span.text)}$$"
        case md.SpanKind.FOOTNOTE:
            made = f"<sup>[{escape(span.text)}]</sup>"
        case _:
            made = _lines(span.text)
    for style, tag in _STYLES:
        if span.style & style:
            made = f"<{tag}>{made}</{tag}>"
    return f'<a href="{escape(span.href)}">{made}</a>' if span.href else made


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
