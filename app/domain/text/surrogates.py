"""Text that every part can hold: surrogate pairs joined across pieces, the rest replaced.

A JSON string may carry half a pair (`"\\ud83d"`), which neither SQLite nor UTF-8 can write, and
NUL, at which SQLite's own functions stop reading. Both become U+FFFD.
"""

import re

REPLACEMENT = "\ufffd"
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class Surrogates:
    """Mends a text that comes in pieces; holds back a high half until the next piece."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Return the piece as it can be kept, perhaps less its last character."""
        text = self._held + text
        self._held = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            self._held, text = text[-1], text[:-1]
        return mend(text)

    def finish(self) -> str:
        """Return what a half that was held back becomes when no other half comes."""
        held, self._held = self._held, ""
        return REPLACEMENT if held else ""


def mend(text: str) -> str:
    """Join surrogate pairs; replace lone ones and NUL by U+FFFD."""
    if _UNWRITABLE.search(text) is None:
        return text
    paired = _PAIR.sub(
        lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text
    )
    return _UNWRITABLE.sub(REPLACEMENT, paired)
