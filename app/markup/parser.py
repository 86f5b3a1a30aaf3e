"""Incremental Markdown parser: only the open end of a growing text is parsed again.

*Law:* however a text was cut into pieces, the blocks after `finish` and the last `update` equal
those that `parse` returns for the whole text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from app.markup.block_builder import BlockBuilder, TokenGroup, token_groups
from app.markup.blocks import Block, BlockChange, Code
from app.markup.finished_blocks import SourceLines, finished
from app.markup.grammar import Markdown, outline
from app.markup.name_uses import NameUse, NameUses
from app.markup.open_fences import OpenFence
from app.markup.open_lists_and_tables import OpenListOrTable, complete_parts, parts
from app.markup.references import References
from app.markup.rope import Rope, RopeSlice
from app.markup.text_repair import TextRepair


def parse(text: str) -> tuple[Block, ...]:
    """Return the blocks of a complete text."""
    repair = TextRepair()
    text = repair.take(text) + repair.finish()
    markdown, references = _markdown(), References()
    tokens = outline(markdown, text)
    references.open(tokens)
    builder, rope, lines = BlockBuilder(markdown, references), Rope(text), SourceLines(text)
    cut = list(token_groups(tokens))
    starts = [0, *(lines.start(group.line) for group in cut[1:]), len(text)]
    return tuple(
        replace(builder.build(group.tokens), source=RopeSlice(rope, starts[i], starts[i + 1]))
        for i, group in enumerate(cut)
    )


class Parser:
    """Incremental parser of one growing text.

    `feed` only stores a piece; `update`, called once per frame, parses the pieces. A block is
    finished when no text that may still arrive can change it. A finished block keeps its identity
    (`is`), and is replaced only if a link or footnote name in it gets another definition.
    """

    def __init__(self) -> None:
        self._markdown = _markdown()
        self._references = References()
        self._builder = BlockBuilder(self._markdown, self._references)
        self._repair = TextRepair()
        self._waiting: list[str] = []
        self._document = Rope()
        self._blocks: list[Block] = []
        self._finished = 0
        # The open blocks begin at offset `_start` of the document. `_text` is the part of their
        # source that the next update parses again. If the first open block is a fence, list or
        # table, `_head` keeps its finished part, and `_text` has only the source after that.
        self._start = 0
        self._text = ""
        self._head: OpenFence | OpenListOrTable | None = None
        self._uses = NameUses(self._markdown, self._references, self._document)

    @property
    def blocks(self) -> Sequence[Block]:
        """The top-level blocks as of the last `update`."""
        return self._blocks

    def feed(self, text: str) -> None:
        """Store the next piece of the text until `update`. It may end anywhere, even within a
        surrogate pair."""
        self._waiting.append(self._repair.take(text))

    def finish(self) -> None:
        """Declare the text complete, so that half a character (a lone high surrogate) at its end
        becomes U+FFFD. The blocks are complete after the next `update`."""
        self._waiting.append(self._repair.finish())

    def update(self) -> BlockChange:
        """Parse the pieces fed since the last call, and return which blocks changed."""
        text = "".join(self._waiting)
        self._waiting.clear()
        if not text:
            return BlockChange(len(self._blocks))
        self._document.append(text)
        self._text += text
        first = self._finished
        before = self._blocks[first:]
        del self._blocks[first:]
        if isinstance(self._head, OpenFence) and not self._head.closed:
            self._text = self._head.take(self._text)
        reopened: list[int] = []
        if isinstance(self._head, OpenFence) and not self._head.closed:
            self._add(self._head.block(), self._start, len(self._document))
        else:
            reopened = self._parse()
        return BlockChange(self._keep(before, first), tuple(sorted(reopened)))

    def _parse(self) -> list[int]:
        """Parse the open text; return the indices of finished blocks that were replaced."""
        if isinstance(self._head, OpenListOrTable) and self._head.overflows(self._text):
            self._text = self._document.text(self._start, len(self._document))
            self._head = None
        head = self._head
        goes_on = isinstance(head, OpenListOrTable) and head.is_list
        tokens = outline(self._markdown, self._text, goes_on=goes_on)
        lines, cut = SourceLines(self._text), list(token_groups(tokens))
        base = len(self._document) - len(self._text)
        starts = [*(base + lines.start(group.line) for group in cut), len(self._document)]
        reopened = self._reopen(self._references.open(tokens))
        if isinstance(head, OpenFence):
            self._add(head.block(), self._start, starts[0])
            if cut:
                self._finish_block(starts[0])
        ended = finished(cut, lines)
        for i, group in enumerate(cut):
            part = self._builder.build(group.tokens)
            use = NameUse(self._finished, starts[i], starts[i + 1])
            block = part
            if i == 0 and isinstance(head, OpenListOrTable):
                use = replace(use, part=len(head.parts), parts=len(parts(part)))
                if head.prefix:
                    use = replace(use, prefix=head.prefix, start=use.start + len(head.prefix))
                block = head.joined(part)
            asked = self._references.taken()
            self._add(block, self._start if i == 0 else starts[i], starts[i + 1])
            if i < ended:
                self._references.settle(group.tokens)
                self._uses.note(asked, use)
                self._finish_block(starts[i + 1])
            elif i == ended:
                self._begin(group, part, asked, lines)
        return reopened

    def _begin(
        self, group: TokenGroup, part: Block, asked: frozenset[str], lines: SourceLines
    ) -> None:
        """Prepare the first open block for the next update: set `_head` and `_text`.

        `part` is the block that was parsed from `group`; for a list or table that was open
        before, it has only the items or rows that were parsed now.
        """
        if isinstance(part, Code) and not part.closed and lines.complete > group.line + 1:
            self._head = OpenFence(lines.between(group.line, group.line + 1), part.info)
            self._text = self._head.take(lines.text[lines.start(group.line + 1) :])
            return
        complete = complete_parts(group, part, lines)
        if complete is None:
            self._text = lines.text[lines.start(group.line) :]
            return
        head = self._head
        if not isinstance(head, OpenListOrTable):
            # A table's rows have to be parsed after its first two lines, a list's items need none.
            head = OpenListOrTable(part, lines.between(group.line, complete.line))
        base = len(self._document) - len(lines.text)
        start, end = base + lines.start(complete.line), base + lines.start(complete.end)
        use = NameUse(self._finished, start, end, len(head.parts), complete.count, head.prefix)
        self._uses.note(asked, use)
        self._references.settle(complete.tokens)
        head.take(part, complete)
        self._head = head
        self._text = head.prefix + lines.text[lines.start(complete.end) :]

    def _add(self, block: Block, start: int, end: int) -> None:
        self._blocks.append(replace(block, source=RopeSlice(self._document, start, end)))

    def _finish_block(self, end: int) -> None:
        self._finished += 1
        self._start = end
        self._head = None

    def _reopen(self, names: Iterable[str]) -> list[int]:
        """Parse the finished blocks again that refer to `names`; return the indices of those that
        changed."""
        changed = []
        for index, uses in self._uses.of(names).items():
            if index == self._finished:
                if isinstance(self._head, OpenListOrTable):
                    self._uses.renew(self._head.parts, uses)
                continue
            old = self._blocks[index]
            new = self._uses.renewed(old, uses)
            if new != old:
                self._blocks[index] = new
                changed.append(index)
        self._references.taken()
        return changed

    def _keep(self, before: Sequence[Block], first: int) -> int:
        """Put back the old objects of open blocks that are equal to before, so that they keep
        their identity; return the index of the first block that differs.

        `before` are the blocks from index `first` on, before this update.
        """
        differs = min(first + len(before), len(self._blocks))
        if len(self._blocks) == first + len(before):
            differs = len(self._blocks)
        for index in range(min(first + len(before), len(self._blocks)) - 1, first - 1, -1):
            if self._blocks[index] == before[index - first]:
                self._blocks[index] = before[index - first]
            else:
                differs = index
        return differs


@cache
def _markdown() -> Markdown:
    """Return the grammar, shared by all parsers, since it keeps no state between parses."""
    return Markdown()
