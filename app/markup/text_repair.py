"""Makes pieces of any text into text that every later step can hold."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")
_CARRIAGE_RETURN = re.compile("\r\n?")
_REPLACEMENT = "\ufffd"


class TextRepair:
    """Joins what was cut apart, and replaces what isn't text.

    Line endings become "\\n"; NUL and lone surrogates become U+FFFD (SQLite stops at the
    one and refuses the other), while a pair that was cut in two becomes its character.
    """

    __slots__ = ("_after_return", "_high")

    def __init__(self) -> None:
        self._high = ""
        self._after_return = False

    def take(self, text: str) -> str:
        """Return what is certain of all that came and wasn't returned yet."""
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
        """Return what was held back for a character that won't come now."""
        held, self._high = self._high, ""
        return _REPLACEMENT if held else ""
