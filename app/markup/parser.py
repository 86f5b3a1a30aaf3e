"""Text that arrives in pieces → blocks; only what is still open is parsed again.

*Law:* however a text was cut, the blocks after its last piece equal those of `parse`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from app.markup.block_builder import Builder, Draft, drafts
from app.markup.blocks import Block, Change, Code
from app.markup.finished_blocks import Lines, finished
from app.markup.grammar import Markdown, outline
from app.markup.name_uses import Use, Uses
from app.markup.open_fences import OpenFence
from app.markup.open_lists_and_tables import OpenBlock, grown, parts
from app.markup.references import References
from app.markup.rope import Rope, Stretch
from app.markup.text_repair import Intake


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
        self._head: OpenFence | OpenBlock | None = None
        self._uses = Uses(self._markdown, self._references, self._document)

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
        if isinstance(self._head, OpenBlock) and self._head.overflows(self._text):
            self._text = self._document.text(self._start, len(self._document))
            self._head = None
        head = self._head
        goes_on = isinstance(head, OpenBlock) and head.is_list
        tokens = outline(self._markdown, self._text, goes_on=goes_on)
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
            use = Use(self._finished, starts[i], starts[i + 1])
            block = part
            if i == 0 and isinstance(head, OpenBlock):
                use = replace(use, part=len(head.parts), parts=len(parts(part)))
                if head.prefix:
                    use = replace(use, prefix=head.prefix, start=use.start + len(head.prefix))
                block = head.joined(part)
            asked = self._references.taken()
            self._add(block, self._start if i == 0 else starts[i], starts[i + 1])
            if i < ended:
                self._references.settle(draft.tokens)
                self._uses.note(asked, use)
                self._finish_block(starts[i + 1])
            elif i == ended:
                self._begin(draft, part, asked, lines)
        return reopened

    def _begin(self, draft: Draft, part: Block, asked: frozenset[str], lines: Lines) -> None:
        """Leave the first open block, `part` of it parsed from `draft`, for the next update."""
        if isinstance(part, Code) and not part.closed and lines.complete > draft.line + 1:
            self._head = OpenFence(lines.between(draft.line, draft.line + 1), part.info)
            self._text = self._head.take(lines.text[lines.start(draft.line + 1) :])
            return
        growth = grown(draft, part, lines)
        if growth is None:
            self._text = lines.text[lines.start(draft.line) :]
            return
        head = self._head
        if not isinstance(head, OpenBlock):
            # A table's rows are parsed after its first two lines, a list's items alone.
            head = OpenBlock(part, lines.between(draft.line, growth.line))
        base = len(self._document) - len(lines.text)
        start, end = base + lines.start(growth.line), base + lines.start(growth.end)
        use = Use(self._finished, start, end, len(head.parts), growth.count, head.prefix)
        self._uses.note(asked, use)
        self._references.settle(growth.tokens)
        head.take(part, growth)
        self._head = head
        self._text = head.prefix + lines.text[lines.start(growth.end) :]

    def _add(self, block: Block, start: int, end: int) -> None:
        self._blocks.append(replace(block, source=Stretch(self._document, start, end)))

    def _finish_block(self, end: int) -> None:
        self._finished += 1
        self._start = end
        self._head = None

    def _reopen(self, names: Iterable[str]) -> list[int]:
        """Make the blocks anew that asked for `names`; return those of them that changed."""
        changed = []
        for index, uses in self._uses.of(names).items():
            if index == self._finished:
                if isinstance(self._head, OpenBlock):
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
