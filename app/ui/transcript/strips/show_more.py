"""The "Show all" line under a folded block, which says how long the block is."""

from PySide6.QtGui import QTextCharFormat

from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.strip import FormattedRange, Margins, TextStrip

_UNITS = ("kB", "MB", "GB")


def more_strip(
    words: str, look: Look, href: str, left: int = 0, *, in_code: bool = False
) -> TextStrip:
    """Return a strip with a line such as "Show all 40 lines"; a click on it reports `href`.

    `left` is its indent in pixels.
    """
    form = QTextCharFormat()
    form.setForeground(look.link)
    ranges = (FormattedRange(0, len(words), form, href),)
    margins = Margins(left)
    return TextStrip(look, words, look.small, ranges, margins, line=28, in_code=in_code, label=True)


def size(characters: int) -> str:
    """Return a number of characters as a size for a person, as "1.3 MB" (1 kB = 1,000)."""
    amount, unit = characters / 1000, _UNITS[0]
    for unit in _UNITS:
        if amount < 999.5 or unit == _UNITS[-1]:
            break
        amount /= 1000
    return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:.0f} {unit}"
