"""Values that a parsed Markdown text consists of: blocks, which contain spans.

    Block
    ├─ Paragraph       spans
    ├─ Heading         level, spans
    ├─ Code            a fence or an indented block
    ├─ Quote           blocks
    ├─ List            items, each of blocks
    ├─ Table           a header and rows of cells, each cell of spans
    ├─ Rule
    ├─ Html            raw HTML, shown as text
    ├─ MathBlock       LaTeX
    ├─ Footnote        a footnote's text, at its position in the source
    ├─ LinkDefinition  `[label]: address`, which is not shown
    └─ RawMarkdown     source that is nested too deeply to be laid out

All are frozen dataclasses. Equal text gives equal blocks, however it was cut while it arrived.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntFlag
from typing import Literal

from app.markup.rope import EMPTY, RopeSlice

Alignment = Literal["", "left", "center", "right"]


class Style(IntFlag):
    """Bit mask of the character styles of a span."""

    NONE = 0
    STRONG = 1
    EMPHASIS = 2
    STRIKE = 4
    CODE = 8


class SpanKind(Enum):
    """Kind of a span: text, image, inline or display formula, or footnote reference."""

    TEXT = "text"
    IMAGE = "image"
    MATH = "math"
    DISPLAY_MATH = "display math"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class Span:
    """Run of characters of the same style and link, or one image, formula or footnote reference.

    `text` is the text that is read: an image's description, a formula's LaTeX without delimiters,
    a footnote reference's label. A line break is "\\n". `href` is the address that a click opens
    (http, https or mailto), or empty. `image` is the address of an image; it is shown and can be
    opened by the person, but is never fetched.
    """

    text: str
    style: Style = Style.NONE
    href: str = ""
    kind: SpanKind = SpanKind.TEXT
    image: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Base class of everything that occupies lines of its own.

    The `source` of a top-level block is its lines and the blank lines up to the next block, with
    "\\n" as line endings. The sources of all top-level blocks, joined, are the whole text. A
    nested block has an empty source.
    """

    source: RopeSlice = field(default=EMPTY, repr=False)


@dataclass(frozen=True, slots=True)
class Paragraph(Block):
    """Paragraph of running text."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """A heading of level 1 to 6."""

    level: int
    spans: Spans


@dataclass(frozen=True, slots=True)
class Code(Block):
    """Code block, fenced or indented.

    `info` is the text after the opening fence, whose first word names the language; it is empty
    for indented code. `text` is the code without its last line feed. `closed` is False while the
    closing line of a fence hasn't arrived.
    """

    info: str
    text: RopeSlice
    closed: bool = True

    @property
    def language(self) -> str:
        """The first word of `info`, or empty."""
        return self.info.split(maxsplit=1)[0] if self.info.strip() else ""


@dataclass(frozen=True, slots=True)
class Quote(Block):
    """Block quote."""

    children: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ListItem:
    """Item of a list. `done` is the state of its task list check box, None if it has none."""

    children: tuple[Block, ...]
    done: bool | None = None


@dataclass(frozen=True, slots=True)
class List(Block):
    """Ordered list, numbered from `start`, or bullet list. A `tight` list has no space between its
    items."""

    ordered: bool
    start: int
    tight: bool
    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True)
class Table(Block):
    """Table. The header and every row have as many cells as there are `alignments`."""

    alignments: tuple[Alignment, ...]
    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule(Block):
    """Horizontal rule."""


@dataclass(frozen=True, slots=True)
class Html(Block):
    """Raw HTML, shown as text and never interpreted."""

    text: str


@dataclass(frozen=True, slots=True)
class MathBlock(Block):
    """Formula on lines of its own: LaTeX without its delimiters."""

    text: str


@dataclass(frozen=True, slots=True)
class Footnote(Block):
    """Text of a footnote. `label` is the name by which references refer to it, without `^`."""

    label: str
    children: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class LinkDefinition(Block):
    """Definition of a link's address. `href` is empty if its scheme may not be opened."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class RawMarkdown(Block):
    """Markdown source shown as code, because it is nested more than `grammar.DEEPEST` deep."""

    text: str


@dataclass(frozen=True, slots=True)
class BlockChange:
    """Indices of the top-level blocks that an update changed: all from `first` on, and the earlier
    blocks in `reopened`, in which a name that they refer to got another definition."""

    first: int
    reopened: tuple[int, ...] = ()
