"""Repair of surrogate halves and NUL in text, so that it can be stored and sent.

A JSON string may hold half a surrogate pair (`"\\ud83d"`), which neither SQLite nor UTF-8 can
write, and NUL, at which SQLite's own functions stop reading. Both become U+FFFD.
"""

import re

REPLACEMENT = "\ufffd"
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class SurrogateRepair:
    """Repairs a text that comes in pieces; keeps a high surrogate until the next piece."""

    def __init__(self) -> None:
        self._high = ""

    def feed(self, text: str) -> str:
        """Return the repaired piece; a high surrogate at its end is kept for the next piece."""
        text = self._high + text
        self._high = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            self._high, text = text[-1], text[:-1]
        return mend(text)

    def finish(self) -> str:
        """End the text: return U+FFFD if `feed` kept a high surrogate, else an empty text."""
        high, self._high = self._high, ""
        return REPLACEMENT if high else ""


def mend(text: str) -> str:
    """Return a text with surrogate pairs joined, and lone surrogates and NUL replaced by U+FFFD."""
    if _UNWRITABLE.search(text) is None:
        return text
    paired = _PAIR.sub(
        lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text
    )
    return _UNWRITABLE.sub(REPLACEMENT, paired)
