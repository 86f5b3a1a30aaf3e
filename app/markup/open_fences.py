"""An open fence: lines are added to it and not parsed again, however many there are."""

from __future__ import annotations

import re

from app.markup.blocks import Code
from app.markup.rope import Rope, RopeSlice

_OPENER = re.compile(r"([ \t]*)(`+|~+)")


class OpenFence:
    """A top-level fence whose closing line hasn't come."""

    def __init__(self, opener: str, info: str) -> None:
        found = _OPENER.match(opener)
        if found is None:
            raise ValueError("no fence begins with this line")
        self._indent = len(found[1])
        self._info = info
        closer = rf" {{0,3}}{found[2][0]}{{{len(found[2])},}}[ \t]*"
        self._closing_line = re.compile(rf"^{closer}\n", re.MULTILINE)
        self._closer = re.compile(closer)
        self._body = Rope()
        self._partial = ""
        self._closed = False

    def take(self, text: str) -> str:
        """Add the complete lines of `text` up to the closing one; return what is left."""
        found = self._closing_line.search(text)
        end = found.start() if found else text.rfind("\n") + 1
        lines = text[:end]
        if self._indent and lines:
            lines = "".join(f"{self._dedented(line)}\n" for line in lines[:-1].split("\n"))
        self._body.append(lines)
        self._closed = found is not None
        rest = text[found.end() :] if found else text[end:]
        self._partial = "" if self._closed else rest
        return rest

    @property
    def closed(self) -> bool:
        """Say whether the closing line has come, complete."""
        return self._closed

    def block(self) -> Code:
        """Return the fence as it stands, its unfinished last line included."""
        closed = self._closed or self._closer.fullmatch(self._partial) is not None
        # markdown-it doesn't count a last line of nothing but spaces.
        tail = "" if closed or not self._partial.strip(" \t") else self._dedented(self._partial)
        end = len(self._body)
        if end and not tail:
            end -= 1
        return Code(self._info, RopeSlice(self._body, 0, end, tail), closed)

    def _dedented(self, line: str) -> str:
        """Return `line` without as much space as stands before the fence, at most."""
        column = taken = 0
        while column < self._indent and taken < len(line) and line[taken] in " \t":
            column += 4 - column % 4 if line[taken] == "\t" else 1
            taken += 1
        return " " * (column - self._indent) + line[taken:]
