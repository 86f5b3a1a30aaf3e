"""Text that arrives in pieces → blocks; only what is still open is parsed again.

*Law:* however a text was cut, the blocks after its last piece equal those of `parse`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from app.markup.blocks import Block, Code, Item, List
from app.markup.building import Builder, Draft, drafts
from app.markup.fences import OpenFence
from app.markup.grammar import Markdown, outline
from app.markup.intake import Intake
from app.markup.lists import OpenList, finished_items, opens_item
from app.markup.references import References
from app.markup.settling import Lines, finished
from app.markup.stretch import Rope, Stretch


@dataclass(frozen=True, slots=True)
class Change:
    """Which blocks are others than before: all from `first` on, and those `reopened`."""

    first: int
    reopened: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Use:
    """A finished piece of source that asked for a name.

    It is a whole block, or those items of a list from `item` on that stand in it.
    """

    block: int
    start: int
    end: int
    item: int | None = None
    items: int = 0


def parse(text: str) -> tuple[Block, ...]:
    """Return the blocks of `text`, parsed at once."""
    intake = Intake()
    text = intake.take(text) + intake.finish()
    markdown, references = _markdown(), References()
    tokens = outline(markdown, text)
    references.open(tokens)
    builder, rope, lines = Builder(markdown, references), Rope(text), Lines(text)
    cut = list(drafts(tokens))
    starts = [0, *(lines.start(draft.line) for draft in cut[1:]), len(text)]
    return tuple(
        replace(builder.build(draft.tokens), source=Stretch(rope, starts[i], starts[i + 1]))
        for i, draft in enumerate(cut)
    )


class Parser:
    """Parses a text as it grows.

    `feed` costs next to nothing; `update`, once per frame, parses what came. A block is
    finished when nothing that can still arrive changes it: then it keeps its identity, and
    only a definition of a name that it asked for makes it anew.
    """

    def __init__(self) -> None:
        self._markdown = _markdown()
        self._references = References()
        self._builder = Builder(self._markdown, self._references)
        self._intake = Intake()
        self._waiting: list[str] = []
        self._document = Rope()
        self._blocks: list[Block] = []
        self._finished = 0
        # The open blocks begin at `_start`. What is parsed again of them is `_text`: less,
        # where the first of them is a `_head`, which keeps what it needs of its beginning.
        self._start = 0
        self._text = ""
        self._head: OpenFence | OpenList | None = None
        self._uses: defaultdict[str, set[_Use]] = defaultdict(set)

    @property
    def blocks(self) -> Sequence[Block]:
        """The blocks as of the last `update`."""
        return self._blocks

    def feed(self, text: str) -> None:
        """Add `text` at the end."""
        self._waiting.append(self._intake.take(text))

    def finish(self) -> None:
        """Take the text for complete: half a character at its end won't become one."""
        self._waiting.append(self._intake.finish())

    def update(self) -> Change:
        """Parse what came since the last call, and say what changed."""
        text = "".join(self._waiting)
        self._waiting.clear()
        if not text:
            return Change(len(self._blocks))
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
        return Change(self._keep(before, first), tuple(sorted(reopened)))

    def _parse(self) -> list[int]:
        """Parse the open text; return the finished blocks that had to be made anew."""
        head = self._head
        tokens = outline(self._markdown, self._text, goes_on=isinstance(head, OpenList))
        lines, cut = Lines(self._text), list(drafts(tokens))
        base = len(self._document) - len(self._text)
        starts = [*(base + lines.start(draft.line) for draft in cut), len(self._document)]
        reopened = self._reopen(self._references.open(tokens))
        if isinstance(head, OpenFence):
            self._add(head.block(), self._start, starts[0])
            if cut:
                self._finish_block(starts[0])
        ended = finished(cut, lines)
        for i, draft in enumerate(cut):
            part = self._builder.build(draft.tokens)
            use = _Use(self._finished, starts[i], starts[i + 1])
            block = part
            if i == 0 and isinstance(head, OpenList) and isinstance(part, List):
                use = replace(use, item=len(head.items), items=len(part.items))
                block = head.joined(part)
            asked = self._references.taken()
            self._add(block, self._start if i == 0 else starts[i], starts[i + 1])
            if i < ended:
                self._references.settle(draft.tokens)
                self._note(asked, use)
                self._finish_block(starts[i + 1])
            elif i == ended:
                self._begin(draft, part, asked, lines)
        return reopened

    def _begin(self, draft: Draft, part: Block, asked: frozenset[str], lines: Lines) -> None:
        """Leave the first open block, `part` of it parsed from `draft`, for the next update."""
        line = draft.line
        base = len(self._document) - len(lines.text)
        if isinstance(part, Code) and not part.closed and lines.complete > line + 1:
            self._head = OpenFence(lines.between(line, line + 1), part.info)
            self._text = self._head.take(lines.text[lines.start(line + 1) :])
            return
        if isinstance(part, List):
            tokens, line = finished_items(draft, lines.complete)
            openers = [token for token in tokens if opens_item(token)]
            if openers:
                head = self._head if isinstance(self._head, OpenList) else OpenList(part.start)
                start, end = base + lines.start(draft.line), base + lines.start(line)
                self._note(asked, _Use(self._finished, start, end, len(head.items), len(openers)))
                self._references.settle(tokens)
                head.take(part, openers)
                self._head = head
        self._text = lines.text[lines.start(line) :]

    def _add(self, block: Block, start: int, end: int) -> None:
        self._blocks.append(replace(block, source=Stretch(self._document, start, end)))

    def _finish_block(self, end: int) -> None:
        self._finished += 1
        self._start = end
        self._head = None

    def _note(self, asked: Iterable[str], use: _Use) -> None:
        for name in asked:
            self._uses[name].add(use)

    def _reopen(self, names: Iterable[str]) -> list[int]:
        """Make the blocks anew that asked for `names`; return those of them that changed."""
        uses: defaultdict[int, set[_Use]] = defaultdict(set)
        for name in names:
            for use in self._uses.get(name, ()):
                uses[use.block].add(use)
        changed = []
        for index, parts in uses.items():
            if index == self._finished and isinstance(self._head, OpenList):
                self._renew_items(self._head.items, parts)
                continue
            old = self._blocks[index]
            new = self._renewed(old, parts)
            if new != old:
                self._blocks[index] = new
                changed.append(index)
        self._references.taken()
        return changed

    def _renewed(self, old: Block, parts: Iterable[_Use]) -> Block:
        first = next(iter(parts))
        if first.item is None or not isinstance(old, List):
            return replace(self._parsed(first), source=old.source)
        items = list(old.items)
        self._renew_items(items, parts)
        return replace(old, items=tuple(items))

    def _renew_items(self, items: list[Item], parts: Iterable[_Use]) -> None:
        for use in parts:
            block = self._parsed(use)
            if use.item is not None and isinstance(block, List):
                items[use.item : use.item + use.items] = block.items

    def _parsed(self, use: _Use) -> Block:
        text = self._document.text(use.start, use.end)
        tokens = outline(self._markdown, text, goes_on=use.item is not None)
        block = self._builder.build(next(drafts(tokens)).tokens)
        self._note(self._references.taken(), use)
        return block

    def _keep(self, before: Sequence[Block], first: int) -> int:
        """Keep what is as it was; return the index of the first block that isn't."""
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
    """Return the grammar, which holds no state between parses."""
    return Markdown()
