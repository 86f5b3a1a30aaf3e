"""Index of the finished source that refers to a link or footnote name.

When a name is defined, or defined otherwise, the sources that refer to it are parsed again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.markup.block_builder import BlockBuilder, token_groups
from app.markup.blocks import Block, Table
from app.markup.grammar import Markdown, outline
from app.markup.open_lists_and_tables import ItemOrRow, parts, with_parts
from app.markup.references import References
from app.markup.rope import Rope


@dataclass(frozen=True, slots=True)
class NameUse:
    """A finished range of the source that refers to a name.

    `block` is the index of the top-level block, `start` and `end` are offsets in characters in
    the document. The range is the whole block if `part` is None. Otherwise it is `parts` items of
    a list or rows of a table, beginning with number `part`, and has to be parsed after `prefix`
    (the table's header, empty for a list).
    """

    block: int
    start: int
    end: int
    part: int | None = None
    parts: int = 0
    prefix: str = ""


class NameUses:
    """The finished ranges of one document, by the names that they refer to.

    Names are looked up in `references`; parsing a range records the names that it asks for.
    """

    def __init__(self, markdown: Markdown, references: References, document: Rope) -> None:
        self._markdown = markdown
        self._references = references
        self._document = document
        self._builder = BlockBuilder(markdown, references)
        self._by_name: defaultdict[str, set[NameUse]] = defaultdict(set)

    def note(self, asked: Iterable[str], use: NameUse) -> None:
        """Record that the range `use` refers to the names in `asked`."""
        for name in asked:
            self._by_name[name].add(use)

    def of(self, names: Iterable[str]) -> Mapping[int, Sequence[NameUse]]:
        """Return the ranges that refer to any of `names`, by the index of their block."""
        by_block: defaultdict[int, list[NameUse]] = defaultdict(list)
        uses = (self._by_name[name] for name in names if name in self._by_name)
        for use in set().union(*uses):
            by_block[use.block].append(use)
        return by_block

    def renewed(self, old: Block, uses: Sequence[NameUse]) -> Block:
        """Return the finished block `old` with parts of it parsed again: the whole block, or the
        list items and table rows in `uses`, which contain a name that is defined only now."""
        whole = next((use for use in uses if use.part is None), None)
        if whole is not None:
            return replace(self._parsed(whole), source=old.source)
        new = list(parts(old))
        fresh = self.renew(new, uses)
        if isinstance(old, Table) and isinstance(fresh, Table):
            old = replace(old, header=fresh.header)
        return with_parts(old, new)

    def renew(self, old: list[ItemOrRow], uses: Iterable[NameUse]) -> Block | None:
        """Parse the ranges in `uses` again and replace these items or rows in the list `old`.

        Returns the block that the last range was parsed into; None if `uses` is empty.
        """
        fresh = None
        for use in uses:
            fresh = self._parsed(use)
            if use.part is not None:
                old[use.part : use.part + use.parts] = parts(fresh)
        return fresh

    def _parsed(self, use: NameUse) -> Block:
        text = use.prefix + self._document.text(use.start, use.end)
        goes_on = use.part is not None and not use.prefix
        tokens = outline(self._markdown, text, goes_on=goes_on)
        block = self._builder.build(next(token_groups(tokens)).tokens)
        self.note(self._references.taken(), use)
        return block
