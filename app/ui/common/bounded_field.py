"""Text of any size to be read and selected: as much of it as Qt lays out at once is shown."""

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit

from app.domain.text.invisible_characters import mark_invisible_in_prose

#: Laying out this many characters takes some tens of milliseconds, and nobody reads more.
SHOWN_CHARACTERS = 100_000
#: A line costs with the square of its length where it has no spaces: 4 s for 300,000 characters.
LINE_CHARACTERS = 20_000
CUT = "…"


class BoundedField(QPlainTextEdit):
    """Read-only, in the font of code. What is shown is as it was given, or cut."""

    def __init__(self, name: str) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__()
        # The name in the style sheet.
        self.setObjectName("json")
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.is_cut = False

    def show_text(self, text: str, start: int = 0) -> None:
        """Show a text from `start` on; `is_cut` says whether there is more of it.

        What is shown is as it is, since it may be copied from here.
        """
        self._show(text, start, text[start : start + SHOWN_CHARACTERS])

    def show_words(self, text: str, start: int = 0) -> None:
        """As above, for a text that may hide something: what can't be seen stands as a sign."""
        # Only what is shown is looked through: that takes 3 s for 10 MB.
        self._show(text, start, mark_invisible_in_prose(text[start : start + SHOWN_CHARACTERS]))

    def _show(self, text: str, start: int, shown: str) -> None:
        lines = shown.split("\n")
        self.is_cut = len(shown) < len(text) or any(len(line) > LINE_CHARACTERS for line in lines)
        if self.is_cut:
            lines = [
                line if len(line) <= LINE_CHARACTERS else line[:LINE_CHARACTERS] + CUT
                for line in lines
            ]
            lines[0] = (CUT if start else "") + lines[0]
            ends = start + len(shown) == len(text) or lines[-1].endswith(CUT)
            lines[-1] += "" if ends else CUT
        self.setPlainText("\n".join(lines))
