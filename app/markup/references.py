"""Table of the names that a text defines: link definitions and footnotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markdown_it.token import Token

from app.markup.grammar import footnote_key

Definition = Mapping[str, str]


class References:
    """Maps the normalised name of a link or footnote to its definition, for markdown-it.

    The first definition of a name counts. Definitions in finished blocks are settled and never
    change; those in open blocks are replaced with every parse. Every name that is looked up is
    recorded until `taken` is called, so that its user can be parsed again when it is defined.
    """

    def __init__(self) -> None:
        self._settled: dict[str, Definition] = {}
        self._open: dict[str, Definition] = {}
        self._asked: set[str] = set()

    def get(self, name: str, default: Definition | None = None) -> Definition | None:
        """Return the definition of `name`, or `default`, and record that it was looked up."""
        self._asked.add(name)
        settled = self._settled.get(name)
        return settled if settled is not None else self._open.get(name, default)

    def taken(self) -> frozenset[str]:
        """Return the names that were looked up since the last call, whether defined or not."""
        asked, self._asked = frozenset(self._asked), set()
        return asked

    def settle(self, tokens: Iterable[Token]) -> None:
        """Settle the definitions in the tokens of finished blocks."""
        for name, definition in _definitions(tokens):
            self._settled.setdefault(name, definition)

    def open(self, tokens: Iterable[Token]) -> frozenset[str]:
        """Replace the definitions of the open blocks by those in `tokens`.

        Returns the names whose definition was added, removed or changed by that.
        """
        before, self._open = self._open, {}
        for name, definition in _definitions(tokens):
            if name not in self._settled:
                self._open.setdefault(name, definition)
        if not before and not self._open:
            return frozenset()
        names = before.keys() | self._open.keys()
        return frozenset(
            name
            for name in names
            if name not in self._settled and before.get(name) != self._open.get(name)
        )


def _definitions(tokens: Iterable[Token]) -> Iterable[tuple[str, Definition]]:
    for token in tokens:
        if token.type == "definition":
            yield token.meta["id"], {"href": token.meta["url"], "title": ""}
        elif token.type == "footnote_reference_open":
            yield footnote_key(token.meta["label"]), {}
