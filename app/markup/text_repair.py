"""Replaces characters in incoming text that Qt, SQLite or UTF-8 can't represent."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")
_CARRIAGE_RETURN = re.compile("\r\n?")
_REPLACEMENT = "\ufffd"


class TextRepair:
    """Normalises a text that arrives in pieces.

    Line endings ("\\r\\n", "\\r") become "\\n". NUL and lone surrogates become U+FFFD, because
    SQLite ends a string at NUL and refuses surrogates. A surrogate pair or a "\\r\\n" that was cut
    between two pieces is joined. The result doesn't depend on where the text was cut.
    """

    __slots__ = ("_after_return", "_high")

    def __init__(self) -> None:
        self._high = ""
        self._after_return = False

    def take(self, text: str) -> str:
        """Return the normalised piece. A high surrogate at its end is kept back, and put before
        the next piece."""
        text, self._high = self._high + text, ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._high = text[:-1], text[-1]
        if _SURROGATE.search(text):
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if not text:
            return ""
        if self._after_return and text[0] == "\n":
            text = text[1:]
            self._after_return = False
        if text:
            self._after_return = text[-1] == "\r"
        return _CARRIAGE_RETURN.sub("\n", text).replace("\0", _REPLACEMENT)

    def finish(self) -> str:
        """End the text: return U+FFFD if `take` kept a high surrogate back, else ""."""
        high, self._high = self._high, ""
        return _REPLACEMENT if high else ""
