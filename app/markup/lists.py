"""An open list: its finished items are kept, and only the last one is parsed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markdown_it.token import Token

from app.markup.blocks import Item, List
from app.markup.building import Draft, loose


class OpenList:
    """A top-level list that may get more items.

    An item is finished where the next one's first line is complete: everything within an
    item ends at such a line.
    """

    def __init__(self, start: int) -> None:
        self.items: list[Item] = []
        self._start = start
        self._loose = False

    def joined(self, rest: List) -> List:
        """Return the whole list, of which `rest` are the items still open."""
        return replace(
            rest,
            start=self._start,
            tight=rest.tight and not self._loose,
            items=(*self.items, *rest.items),
        )

    def take(self, rest: List, openers: Sequence[Token]) -> None:
        """Keep the first items of `rest`, those that `openers` begin; another one follows."""
        self.items.extend(rest.items[: len(openers)])
        self._loose = self._loose or any(any(loose(opener)) for opener in openers)


def finished_items(draft: Draft, complete: int) -> tuple[Sequence[Token], int]:
    """Return the tokens of the list's finished items, and the line where the next begins.

    `complete` is the number of complete lines.
    """
    last, line = 0, draft.line
    for index, token in enumerate(draft.tokens):
        if opens_item(token) and token.map is not None and token.map[0] < complete:
            last, line = index, token.map[0]
    return draft.tokens[:last], line


def opens_item(token: Token) -> bool:
    """Say whether `token` begins an item of a top-level list."""
    return token.type == "list_item_open" and token.level == 1
