"""Lists and tables that are still open: complete items and rows are kept and not parsed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from markdown_it.rules_block.table import MAX_AUTOCOMPLETED_CELLS, escapedSplit
from markdown_it.token import Token

from app.markup.block_builder import TokenGroup, loose
from app.markup.blocks import Block, List, ListItem, Spans, Table
from app.markup.finished_blocks import SourceLines

ItemOrRow = ListItem | tuple[Spans, ...]


def parts(block: Block) -> tuple[ItemOrRow, ...]:
    """Return the items of a list or the rows of a table; an empty tuple for other blocks."""
    if isinstance(block, List):
        return block.items
    return block.rows if isinstance(block, Table) else ()


def with_parts(block: Block, new: Sequence[ItemOrRow]) -> Block:
    """Return a copy of a list or table with the items or rows `new`; other blocks unchanged."""
    if isinstance(block, List):
        return replace(block, items=cast(tuple[ListItem, ...], tuple(new)))
    if isinstance(block, Table):
        return replace(block, rows=cast(tuple[tuple[Spans, ...], ...], tuple(new)))
    return block


@dataclass(frozen=True, slots=True)
class CompleteParts:
    """The first `count` items or rows of an open block, which no later text can change.

    Their source is the lines from `line` to `end` (not included) of the parsed text. `tokens` are
    the tokens of a list's complete items. `lacking` is the total number of cells that a table's
    complete rows are short of.
    """

    count: int
    line: int
    end: int
    tokens: Sequence[Token] = ()
    lacking: int = 0


class OpenListOrTable:
    """A top-level list or table that may still get more items or rows.

    `parts` are its complete items or rows. Only the source after them is parsed again, preceded
    by `prefix` (a table's header lines, empty for a list).
    """

    def __init__(self, block: Block, header: str) -> None:
        self.prefix = header if isinstance(block, Table) else ""
        self.parts: list[ItemOrRow] = []
        self._start = block.start if isinstance(block, List) else 1
        self._loose = False
        self._columns = len(block.alignments) if isinstance(block, Table) else 0
        self._lacking = 0

    @property
    def is_list(self) -> bool:
        """Whether the open block is a list, and not a table."""
        return not self.prefix

    def overflows(self, text: str) -> bool:
        """Return whether the table has to be parsed as a whole; `text` is the source of its open
        rows.

        markdown-it counts the cells that all rows together have too few, and ends the table at a
        limit. It doesn't see the complete rows, so near the limit they are parsed again.
        """
        lacking = max(self._lacking, 0) + self._columns * (text.count("\n") + 1)
        return lacking > MAX_AUTOCOMPLETED_CELLS

    def joined(self, rest: Block) -> Block:
        """Return the whole list or table; `rest` is the block parsed from the open source."""
        whole = with_parts(rest, (*self.parts, *parts(rest)))
        if isinstance(whole, List):
            return replace(whole, start=self._start, tight=whole.tight and not self._loose)
        return whole

    def take(self, rest: Block, complete: CompleteParts) -> None:
        """Append the first `complete.count` items or rows of `rest` to `parts`.

        `rest` is the block that was parsed last, from the open source.
        """
        self.parts.extend(parts(rest)[: complete.count])
        self._lacking += complete.lacking
        openers = (token for token in complete.tokens if _opens_item(token))
        self._loose = self._loose or any(any(loose(opener)) for opener in openers)


def complete_parts(group: TokenGroup, block: Block, lines: SourceLines) -> CompleteParts | None:
    """Return the complete items or rows of an open block; None if it has none."""
    complete = None
    if isinstance(block, List):
        complete = _complete_items(group, lines)
    elif isinstance(block, Table):
        complete = _complete_rows(group, block, lines)
    return complete if complete is not None and complete.count else None


def _complete_items(group: TokenGroup, lines: SourceLines) -> CompleteParts:
    """An item is complete when the first line of the next item is complete, since everything
    nested in an item ends at such a line."""
    count, last, end = -1, 0, group.line
    for index, token in enumerate(group.tokens):
        if _opens_item(token) and token.map is not None and token.map[0] < lines.complete:
            count, last, end = count + 1, index, token.map[0]
    return CompleteParts(max(count, 0), group.line, end, group.tokens[:last])


def _complete_rows(group: TokenGroup, table: Table, lines: SourceLines) -> CompleteParts:
    """A row is complete when its line is. A line that ends the table doesn't change the rows."""
    first = group.line + 2
    end = max(first, min(first + len(table.rows), lines.complete))
    lacking = sum(
        len(table.alignments) - _cells(lines.between(line, line + 1)) for line in range(first, end)
    )
    return CompleteParts(end - first, first, end, lacking=lacking)


def _cells(row: str) -> int:
    cells = escapedSplit(row.strip())
    return len(cells) - (not cells[0]) - (len(cells) > 1 and not cells[-1])


def _opens_item(token: Token) -> bool:
    return token.type == "list_item_open" and token.level == 1
