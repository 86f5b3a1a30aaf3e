"""Open lists and tables: finished items and rows are kept, only the last is parsed again."""

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
    """Return the items of a list, the rows of a table, and nothing of others."""
    if isinstance(block, List):
        return block.items
    return block.rows if isinstance(block, Table) else ()


def with_parts(block: Block, new: Sequence[ItemOrRow]) -> Block:
    """Return the list or table with other items or rows."""
    if isinstance(block, List):
        return replace(block, items=cast(tuple[ListItem, ...], tuple(new)))
    if isinstance(block, Table):
        return replace(block, rows=cast(tuple[tuple[Spans, ...], ...], tuple(new)))
    return block


@dataclass(frozen=True, slots=True)
class CompleteParts:
    """What of a growing block is finished: `count` parts, on the lines from `line` to `end`.

    `lacking` is how many cells the rows among them are short of, together.
    """

    count: int
    line: int
    end: int
    tokens: Sequence[Token] = ()
    lacking: int = 0


class OpenListOrTable:
    """The finished parts of a top-level list or table that may get more.

    What is parsed instead of its whole source is `prefix`, then its open parts.
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
        """Say whether what is parsed next goes on with a list."""
        return not self.prefix

    def overflows(self, text: str) -> bool:
        """Say whether the table has to be parsed whole, `text` being what is open of it.

        markdown-it counts the cells that rows lack, and ends the table at a limit. The
        finished rows are out of its sight; near the limit they have to be in it.
        """
        lacking = max(self._lacking, 0) + self._columns * (text.count("\n") + 1)
        return lacking > MAX_AUTOCOMPLETED_CELLS

    def joined(self, rest: Block) -> Block:
        """Return the whole block, `rest` being what is still open of it."""
        whole = with_parts(rest, (*self.parts, *parts(rest)))
        if isinstance(whole, List):
            return replace(whole, start=self._start, tight=whole.tight and not self._loose)
        return whole

    def take(self, rest: Block, complete: CompleteParts) -> None:
        """Keep the finished parts of `rest`; more follow."""
        self.parts.extend(parts(rest)[: complete.count])
        self._lacking += complete.lacking
        openers = (token for token in complete.tokens if _opens_item(token))
        self._loose = self._loose or any(any(loose(opener)) for opener in openers)


def complete_parts(group: TokenGroup, block: Block, lines: SourceLines) -> CompleteParts | None:
    """Say what of the open `block` is finished, if anything is."""
    complete = None
    if isinstance(block, List):
        complete = _complete_items(group, lines)
    elif isinstance(block, Table):
        complete = _complete_rows(group, block, lines)
    return complete if complete is not None and complete.count else None


def _complete_items(group: TokenGroup, lines: SourceLines) -> CompleteParts:
    """Take an item for finished where the next one's first line is complete.

    Everything within an item ends at such a line.
    """
    count, last, end = -1, 0, group.line
    for index, token in enumerate(group.tokens):
        if _opens_item(token) and token.map is not None and token.map[0] < lines.complete:
            count, last, end = count + 1, index, token.map[0]
    return CompleteParts(max(count, 0), group.line, end, group.tokens[:last])


def _complete_rows(group: TokenGroup, table: Table, lines: SourceLines) -> CompleteParts:
    """Take a row for finished when its line is: what ends a table does so by its own line."""
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
