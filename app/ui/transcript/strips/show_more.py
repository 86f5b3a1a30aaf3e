"""The line under something that is folded, which says how much there is and shows it."""

from PySide6.QtGui import QColor, QTextCharFormat

from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.strip import FormattedRange, Margins, Strip, TextStrip

_UNITS = ("kB", "MB", "GB")


def more_strip(
    words: str, look: Look, href: str, left: int = 0, background: QColor | None = None
) -> Strip:
    """The line itself, a click on which leads to `href`."""
    form = QTextCharFormat()
    form.setForeground(look.link)
    ranges = (FormattedRange(0, len(words), form, href),)
    margins = Margins(left)
    return TextStrip(
        look, words, look.small, ranges, margins, line=26, background=background, label=True
    )


def size(characters: int) -> str:
    """How much text that is, for a person: "1.3 MB"."""
    amount, unit = characters / 1000, _UNITS[0]
    for unit in _UNITS:
        if amount < 999.5 or unit == _UNITS[-1]:
            break
        amount /= 1000
    return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:.0f} {unit}"
