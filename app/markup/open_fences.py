"""A code fence that is still open: new lines are appended to it and never parsed again."""

from __future__ import annotations

import re

from app.markup.blocks import Code
from app.markup.rope import Rope, RopeSlice

_OPENER = re.compile(r"([ \t]*)(`+|~+)")


class OpenFence:
    """A top-level fenced code block whose closing line hasn't arrived yet.

    Appending is O(new characters), however long the block is.
    """

    def __init__(self, opener: str, info: str) -> None:
        """`opener` is the fence's first line, `info` the text after its backticks or tildes.

        Raises ValueError if no fence begins with `opener`.
        """
        start = _OPENER.match(opener)
        if start is None:
            raise ValueError("no fence begins with this line")
        self._indent = len(start[1])
        self._info = info
        closer = rf" {{0,3}}{start[2][0]}{{{len(start[2])},}}[ \t]*"
        self._closing_line = re.compile(rf"^{closer}\n", re.MULTILINE)
        self._closer = re.compile(closer)
        self._body = Rope()
        self._partial = ""
        self._closed = False

    def take(self, text: str) -> str:
        """Append the complete lines of `text` to the code, and return the rest of `text`.

        The rest is the incomplete last line or, if the fence's closing line is in `text`,
        everything after that line.
        """
        closing = self._closing_line.search(text)
        end = closing.start() if closing else text.rfind("\n") + 1
        lines = text[:end]
        if self._indent and lines:
            lines = "".join(f"{self._dedented(line)}\n" for line in lines[:-1].split("\n"))
        self._body.append(lines)
        self._closed = closing is not None
        rest = text[closing.end() :] if closing else text[end:]
        self._partial = "" if self._closed else rest
        return rest

    @property
    def closed(self) -> bool:
        """Whether the complete closing line has arrived."""
        return self._closed

    def block(self) -> Code:
        """Return the code block as of now, including its incomplete last line."""
        closed = self._closed or self._closer.fullmatch(self._partial) is not None
        # markdown-it ignores a last line that has only white space.
        tail = "" if closed or not self._partial.strip(" \t") else self._dedented(self._partial)
        end = len(self._body)
        if end and not tail:
            end -= 1
        return Code(self._info, RopeSlice(self._body, 0, end, tail), closed)

    def _dedented(self, line: str) -> str:
        """Return `line` without its indent, of which at most the opening line's is removed."""
        column = taken = 0
        while column < self._indent and taken < len(line) and line[taken] in " \t":
            column += 4 - column % 4 if line[taken] == "\t" else 1
            taken += 1
        return " " * (column - self._indent) + line[taken:]
