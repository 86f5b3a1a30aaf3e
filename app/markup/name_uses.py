"""Who asked for which name, and what has to be made anew when its meaning changes."""

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
    """A finished piece of source that asked for a name.

    It is a whole block, or, where `part` is given, `parts` items of a list or rows of a
    table from that one on, to be parsed after `prefix`.
    """

    block: int
    start: int
    end: int
    part: int | None = None
    parts: int = 0
    prefix: str = ""


class NameUses:
    """The finished pieces of a document, by the names that they asked for.

    A piece asks for the same names each time it is parsed, unless one of them has changed.
    """

    def __init__(self, markdown: Markdown, references: References, document: Rope) -> None:
        self._markdown = markdown
        self._references = references
        self._document = document
        self._builder = BlockBuilder(markdown, references)
        self._by_name: defaultdict[str, set[NameUse]] = defaultdict(set)

    def note(self, asked: Iterable[str], use: NameUse) -> None:
        """Remember that `use` asked for the names in `asked`."""
        for name in asked:
            self._by_name[name].add(use)

    def of(self, names: Iterable[str]) -> Mapping[int, Sequence[NameUse]]:
        """Return all that asked for one of `names`, by the index of its block."""
        found: defaultdict[int, list[NameUse]] = defaultdict(list)
        uses = (self._by_name[name] for name in names if name in self._by_name)
        for use in set().union(*uses):
            found[use.block].append(use)
        return found

    def renewed(self, old: Block, uses: Sequence[NameUse]) -> Block:
        """Return the finished block `old`, made anew where `uses` are in it."""
        whole = next((use for use in uses if use.part is None), None)
        if whole is not None:
            return replace(self._parsed(whole), source=old.source)
        new = list(parts(old))
        fresh = self.renew(new, uses)
        if isinstance(old, Table) and isinstance(fresh, Table):
            old = replace(old, header=fresh.header)
        return with_parts(old, new)

    def renew(self, old: list[ItemOrRow], uses: Iterable[NameUse]) -> Block | None:
        """Replace the parts in `old` that are `uses`; return the last block that was parsed."""
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
