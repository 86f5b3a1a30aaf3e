"""What the text names and defines: links' addresses and footnotes, and who asked for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markdown_it.token import Token

from app.markup.grammar import footnote_key

Definition = Mapping[str, str]


class References:
    """The definitions that hold, the first of each name; remembers the names asked for.

    Those of finished blocks are `settled`. Those of the open ones may still change, and
    come anew with every parse.
    """

    def __init__(self) -> None:
        self._settled: dict[str, Definition] = {}
        self._open: dict[str, Definition] = {}
        self._asked: set[str] = set()

    def get(self, name: str, default: Definition | None = None) -> Definition | None:
        """Return the definition of `name`, as markdown-it asks for it."""
        self._asked.add(name)
        found = self._settled.get(name)
        return found if found is not None else self._open.get(name, default)

    def taken(self) -> frozenset[str]:
        """Return the names asked for since the last call."""
        asked, self._asked = frozenset(self._asked), set()
        return asked

    def settle(self, tokens: Iterable[Token]) -> None:
        """Keep the definitions in `tokens` for good."""
        for name, definition in _definitions(tokens):
            self._settled.setdefault(name, definition)

    def open(self, tokens: Iterable[Token]) -> frozenset[str]:
        """Take `tokens` for all that is open; return the names whose meaning changed."""
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
