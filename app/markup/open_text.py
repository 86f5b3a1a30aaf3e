"""Interface of the incremental parser, without importing it.

`parser` imports markdown-it, which takes as long as the first frame of a window. So the window
knows only this module, and `new_open_text` imports the parser with the first text.
"""

import threading
from collections.abc import Sequence
from typing import Protocol

from app.markup.blocks import Block, BlockChange


class OpenText(Protocol):
    """Protocol of a Markdown text that is parsed while it grows; implemented, and documented, by
    `parser.Parser`."""

    @property
    def blocks(self) -> Sequence[Block]: ...

    def feed(self, text: str) -> None: ...

    def finish(self) -> None: ...

    def update(self) -> BlockChange: ...


def prepare() -> None:
    """Import the parser on a background thread, because a text will arrive soon."""
    threading.Thread(target=new_open_text, name="markup", daemon=True).start()


def new_open_text() -> OpenText:
    """Return a new incremental parser with an empty text; the first call imports the parser."""
    from app.markup.parser import Parser

    return Parser()
