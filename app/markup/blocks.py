"""What a message is made of: frozen blocks and spans, all that a view has to know of Markdown.

    Block
    ├─ Paragraph       spans
    ├─ Heading         level, spans
    ├─ Code            a fence or an indented block
    ├─ Quote           blocks
    ├─ List            items, each of blocks
    ├─ Table           a header and rows of cells, each cell of spans
    ├─ Rule
    ├─ Html            raw HTML, to be shown as text
    ├─ MathBlock       LaTeX
    ├─ Footnote        a footnote's text, where it stands in the source
    ├─ LinkDefinition  `[label]: address`, which Markdown shows as nothing
    └─ Source          what is nested too deeply to be laid out, as it was written

Values only: equal text gives equal blocks, whatever way it came.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntFlag
from typing import Literal

from app.markup.rope import EMPTY, RopeSlice

Alignment = Literal["", "left", "center", "right"]


class Style(IntFlag):
    """How the characters of a span look."""

    NONE = 0
    STRONG = 1
    EMPHASIS = 2
    STRIKE = 4
    CODE = 8


class SpanKind(Enum):
    """What a span is."""

    TEXT = "text"
    IMAGE = "image"
    MATH = "math"
    DISPLAY_MATH = "display math"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters of one look.

    `text` is what is read: of an image its description, of mathematics the LaTeX without
    its delimiters, of a footnote reference its label; a line break is "\\n". `href` is
    where a click leads: an http, https or mailto address, or nothing. `image` is the
    address of an image, for the eye; nothing fetches it.
    """

    text: str
    style: Style = Style.NONE
    href: str = ""
    kind: SpanKind = SpanKind.TEXT
    image: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Anything that stands on lines of its own.

    A top-level block's `source` is its lines and the blank ones up to the next block, with
    "\\n" for every line ending: joined, the sources are the whole text. A nested block has
    none.
    """

    source: RopeSlice = field(default=EMPTY, repr=False)


@dataclass(frozen=True, slots=True)
class Paragraph(Block):
    """Running text."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """A heading of level 1 to 6."""

    level: int
    spans: Spans


@dataclass(frozen=True, slots=True)
class Code(Block):
    """Code to be shown as it is.

    `info` is what stands after the opening fence (its first word names the language), and
    nothing where the code is indented. `text` lacks its last line ending. A fence is
    `closed` once its closing line is there.
    """

    info: str
    text: RopeSlice
    closed: bool = True

    @property
    def language(self) -> str:
        """The first word of `info`."""
        return self.info.split(maxsplit=1)[0] if self.info.strip() else ""


@dataclass(frozen=True, slots=True)
class Quote(Block):
    """Blocks set apart as someone's words."""

    children: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ListItem:
    """A list's item; `done` is the state of its tick box, None where it has none."""

    children: tuple[Block, ...]
    done: bool | None = None


@dataclass(frozen=True, slots=True)
class List(Block):
    """Items, numbered from `start` where `ordered`; a `tight` one has no space between them."""

    ordered: bool
    start: int
    tight: bool
    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True)
class Table(Block):
    """Rows of cells; every row is as long as `alignments`."""

    alignments: tuple[Alignment, ...]
    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule(Block):
    """A line across."""


@dataclass(frozen=True, slots=True)
class Html(Block):
    """Raw HTML, which is text here and nothing else."""

    text: str


@dataclass(frozen=True, slots=True)
class MathBlock(Block):
    """Mathematics on lines of its own: LaTeX without its delimiters."""

    text: str


@dataclass(frozen=True, slots=True)
class Footnote(Block):
    """The text of the footnote that `label` refers to."""

    label: str
    children: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class LinkDefinition(Block):
    """An address given a name; `href` is empty where it may not be followed."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class RawMarkdown(Block):
    """Markdown shown as it was written."""

    text: str


@dataclass(frozen=True, slots=True)
class BlockChange:
    """Which blocks are others than before: all from `first` on, and those `reopened`."""

    first: int
    reopened: tuple[int, ...] = ()
