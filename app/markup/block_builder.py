"""Converts markdown-it's block tokens to blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from markdown_it.token import Token

from app.markup.blocks import (
    Alignment,
    Block,
    Code,
    Footnote,
    Heading,
    Html,
    LinkDefinition,
    List,
    ListItem,
    MathBlock,
    Paragraph,
    Quote,
    RawMarkdown,
    Rule,
    Span,
    Spans,
    Table,
)
from app.markup.grammar import Markdown, followable
from app.markup.references import References
from app.markup.rope import RopeSlice
from app.markup.spans import spans


@dataclass(frozen=True, slots=True)
class TokenGroup:
    """The tokens of one top-level block, and the lines of the parsed text that it takes.

    Lines are numbered from 0; the range is from `line` to `end`, `end` not included.
    """

    tokens: Sequence[Token]
    line: int
    end: int

    @property
    def name(self) -> str:
        """markdown-it's type of the group's first token, such as "paragraph_open" or "fence"."""
        return self.tokens[0].type


def token_groups(tokens: Iterable[Token]) -> Iterator[TokenGroup]:
    """Split markdown-it's flat list of tokens into one group for each top-level block."""
    gathered: list[Token] = []
    for token in tokens:
        gathered.append(token)
        if token.level == 0 and token.nesting <= 0:
            line, end = gathered[0].map or (0, 0)
            yield TokenGroup(gathered, line, end)
            gathered = []


class BlockBuilder:
    """Builds a block from its tokens, without recursion, so that deep nesting is no problem.

    Link definitions and footnotes are looked up in `references`.
    """

    def __init__(self, markdown: Markdown, references: References) -> None:
        self._markdown = markdown
        self._references = references

    def build(self, tokens: Iterable[Token]) -> Block:
        """Return the top-level block that a group of tokens describes.

        Its `source` is empty. Raises ValueError for an unknown type of token.
        """
        frames: list[tuple[Token | None, list[Any]]] = [(None, [])]
        for token in tokens:
            if token.nesting > 0:
                frames.append((token, []))
            elif token.nesting < 0:
                opener, children = frames.pop()
                if opener is not None:
                    frames[-1][1].append(_container(opener, children))
            elif token.type == "inline":
                frames[-1][1].append(self.spans(token.content))
            else:
                frames[-1][1].append(_leaf(token))
        return cast(Block, frames[0][1][0])

    def spans(self, content: str) -> Spans:
        """Return the spans of inline Markdown."""
        return spans(self._markdown, content, self._references)


def _leaf(token: Token) -> Block:
    text = token.content
    match token.type:
        case "fence":
            return Code(token.info.strip(), RopeSlice.of(_without_end(text)), token.meta["closed"])
        case "code_block":
            return Code("", RopeSlice.of(_without_end(text)))
        case "hr":
            return Rule()
        case "html_block":
            return Html(_without_end(text))
        case "math_block":
            return MathBlock(text)
        case "definition":
            return LinkDefinition(token.meta["label"], followable(token.meta["url"]))
        case "long_line":
            return Paragraph((Span(text),))
        case "source":
            return RawMarkdown(text)
    raise ValueError(token.type)


def _container(opener: Token, children: list[Any]) -> object:
    match opener.type:
        case "paragraph_open":
            return Paragraph(children[0])
        case "heading_open":
            return Heading(int(opener.tag[1:]), children[0])
        case "blockquote_open":
            return Quote(tuple(children))
        case "list_item_open":
            return BuiltItem(ListItem(tuple(children), opener.meta.get("checked")), loose(opener))
        case "bullet_list_open" | "ordered_list_open":
            return _list(opener, children)
        case "footnote_reference_open":
            return Footnote(opener.meta["label"], tuple(children))
        case "table_open":
            return _table(children)
        case "th_open":
            return _alignment(opener), children[0]
        case "td_open":
            return children[0]
        case _:  # thead, tbody and tr
            return tuple(children)


@dataclass(frozen=True, slots=True)
class BuiltItem:
    """A list item, and the pair that `loose` returns for it."""

    item: ListItem
    loose: tuple[bool, bool]


def loose(opener: Token) -> tuple[bool, bool]:
    """Return two answers: does a list item make its list loose, and does it if it isn't the last?

    In a loose list, space is shown between the items. The second is true of an item that ends
    with a blank line. `opener` is the item's opening token.
    """
    first, end = opener.map or (0, 0)
    # markdown-it doesn't parse an item that is empty, and takes the blank line after it.
    ends_empty = opener.meta.get("ends_empty", end - first > 1)
    return opener.meta.get("loose", False), ends_empty


def _list(opener: Token, built: Sequence[BuiltItem]) -> List:
    last = len(built) - 1
    wide = any(item.loose[0] or (item.loose[1] and i < last) for i, item in enumerate(built))
    return List(
        ordered=opener.tag == "ol",
        start=int(opener.attrs.get("start", 1)),
        tight=not wide,
        items=tuple(each.item for each in built),
    )


def _table(parts: list[Any]) -> Table:
    header = parts[0][0]
    return Table(
        tuple(alignment for alignment, _ in header),
        tuple(cell for _, cell in header),
        parts[1] if len(parts) > 1 else (),
    )


def _alignment(opener: Token) -> Alignment:
    style = str(opener.attrs.get("style", ""))
    return cast(Alignment, style.removeprefix("text-align:"))


def _without_end(text: str) -> str:
    return text.removesuffix("\n")
