"""A read-only text field that shows only part of a long text, because Qt lays out the whole at
once."""

from PySide6.QtGui import QFontDatabase

from app.domain.text.invisible_characters import mark_invisible_in_prose
from app.ui.common.exact_text import ExactField

#: Most characters that are laid out. That takes some tens of milliseconds, and nobody reads more.
SHOWN_CHARACTERS = 100_000
#: Most characters of one line. The time to lay out a line without spaces grows with the square of
#: its length: 4 s for 300,000 characters.
LINE_CHARACTERS = 20_000
CUT = "…"


class BoundedField(ExactField):
    """Read-only text field in a fixed-width font. Shows at most SHOWN_CHARACTERS characters, and at
    most LINE_CHARACTERS of each line; an ellipsis stands where text is left out."""

    def __init__(self, name: str) -> None:
        """`name` is the accessible name, which a screen reader says."""
        super().__init__()
        # Selects the rule of the style sheet.
        self.setObjectName("json")
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        #: Whether the field leaves out part of its text at the end of a line or of the whole.
        self.is_cut = False

    def show_text(self, text: str, start: int = 0) -> None:
        """Show `text` from the character at index `start`, unchanged, so that a copy of the field
        is exact. Afterwards `is_cut` says whether some of the text is left out."""
        self._show(text, start, text[start : start + SHOWN_CHARACTERS])

    def show_words(self, text: str, start: int = 0) -> None:
        """Like `show_text`, but with invisible and direction-changing characters as visible signs,
        for texts that may try to deceive the reader."""
        # Only the shown part is searched for such characters: 10 MB would take 3 s.
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
        self.put_text("\n".join(lines))
