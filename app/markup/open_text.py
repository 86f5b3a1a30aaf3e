"""What a view knows of a text that is parsed while it grows.

It stands apart from the parser because that one brings markdown-it, whose import takes as long as
the first frame of a window: `growing` fetches it when the first text comes.
"""

import threading
from collections.abc import Sequence
from typing import Protocol

from app.markup.blocks import Block, BlockChange


class OpenText(Protocol):
    """A text as it grows; `parser.Parser` says what each part promises."""

    @property
    def blocks(self) -> Sequence[Block]: ...

    def feed(self, text: str) -> None: ...

    def finish(self) -> None: ...

    def update(self) -> BlockChange: ...


def prepare() -> None:
    """Fetch it in the background, since a text will come soon."""
    threading.Thread(target=new_open_text, name="markup", daemon=True).start()


def new_open_text() -> OpenText:
    """Begin an empty text."""
    from app.markup.parser import Parser

    return Parser()
