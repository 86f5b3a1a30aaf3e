"""What markdown-it itself makes of a text, put the way that ours can be compared with."""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from app.markup.blocks import (
    Block,
    Code,
    Footnote,
    Heading,
    Html,
    LinkDefinition,
    List,
    MathBlock,
    Paragraph,
    Quote,
    RawMarkdown,
    Rule,
    Spans,
    Style,
    Table,
)
from app.markup.grammar import Markdown

Outline = list[object]
_STYLES = {"strong": Style.STRONG, "em": Style.EMPHASIS, "s": Style.STRIKE}


def of_text(text: str) -> Outline:
    """Return the outline of one run of markdown-it, its own pipeline from text to tokens."""
    markdown = Markdown()
    env: dict[str, dict[str, object]] = {"references": {}}
    for token in markdown.parse(text, {}):
        if token.type == "footnote_reference_open":
            env["references"][" " + token.meta["label"]] = {}
    return [_node(node) for node in SyntaxTreeNode(markdown.parse(text, env)).children]


def of_blocks(blocks: Iterable[Block]) -> Outline:
    """Return the outline of our blocks."""
    return [_block(block) for block in blocks]


def _node(node: SyntaxTreeNode) -> object:
    match node.type:
        case "paragraph":
            return ["paragraph", _inline(node.children[0])]
        case "long_line":
            return ["paragraph", [(node.content, Style.NONE)]]
        case "heading":
            return ["heading", int(node.tag[1]), _inline(node.children[0])]
        case "fence" | "code_block":
            return ["code", node.info.strip(), node.content.removesuffix("\n")]
        case "blockquote" | "footnote_reference":
            return [node.type[:5], *(_node(child) for child in node.children)]
        case "bullet_list" | "ordered_list":
            paragraphs = [
                p for item in node.children for p in item.children if p.type == "paragraph"
            ]
            tight = all(p.hidden for p in paragraphs) if paragraphs else None
            items = [[_node(child) for child in item.children] for item in node.children]
            return ["list", node.tag, node.attrs.get("start", 1), tight, items]
        case "table":
            rows = [row for part in node.children for row in part.children]
            return ["table", [[_inline(cell.children[0]) for cell in row.children] for row in rows]]
    return [node.type, node.content.removesuffix("\n")]


def _block(block: Block) -> object:
    match block:
        case Paragraph():
            return ["paragraph", _spans(block.spans)]
        case Heading():
            return ["heading", block.level, _spans(block.spans)]
        case Code():
            return ["code", block.info, str(block.text)]
        case Quote():
            return ["block", *(_block(child) for child in block.children)]
        case Footnote():
            return ["footn", *(_block(child) for child in block.children)]
        case List():
            children = [child for item in block.items for child in item.children]
            tight = block.tight if any(isinstance(c, Paragraph) for c in children) else None
            items = [[_block(child) for child in item.children] for item in block.items]
            return ["list", "ol" if block.ordered else "ul", block.start, tight, items]
        case Table():
            return [
                "table",
                [[_spans(cell) for cell in row] for row in (block.header, *block.rows)],
            ]
        case Rule():
            return ["hr", ""]
        case Html():
            return ["html_block", block.text]
        case MathBlock():
            return ["math_block", block.text]
        case LinkDefinition():
            return ["definition", ""]
        case RawMarkdown():
            return ["source", block.text]
    raise ValueError(block)


def _inline(node: SyntaxTreeNode) -> list[tuple[str, Style]]:
    written: list[tuple[str, Style]] = []
    for child in node.children:
        _write(child, Style.NONE, written)
    return _joined(written)


def _write(node: SyntaxTreeNode, style: Style, written: list[tuple[str, Style]]) -> None:
    if node.type in ("strong", "em", "s", "link"):
        style |= _STYLES.get(node.type, Style.NONE)
        for child in node.children:
            _write(child, style, written)
    elif node.type == "image":
        token = node.token
        assert token is not None
        written.append((_alternative(token.children or []), style))
    elif node.type in ("softbreak", "hardbreak"):
        written.append((" " if node.type == "softbreak" else "\n", style))
    elif node.type == "code_inline":
        written.append((node.content, style | Style.CODE))
    else:
        written.append(("\n" if node.content == "<br>" else node.content, style))


def _alternative(tokens: Iterable[Token]) -> str:
    return "".join(
        _alternative(token.children)
        if token.children
        else " "
        if token.type.endswith("break")
        else token.content
        for token in tokens
    )


def _spans(spans: Spans) -> list[tuple[str, Style]]:
    return _joined([(span.text, span.style) for span in spans])


def _joined(written: Iterable[tuple[str, Style]]) -> list[tuple[str, Style]]:
    joined: list[tuple[str, Style]] = []
    for text, style in written:
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + text, style)
        elif text:
            joined.append((text, style))
    return joined
