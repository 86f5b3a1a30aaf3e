"""Fonts, colours and measures of the conversation, made once per theme and given to all strips."""

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPen, QTextCharFormat

from app.markup.highlighting import SyntaxClass
from app.ui.theme.theme import LINE_PIXELS, TextSize, Theme
from app.ui.transcript.painting.formulas import FormulaCache
from app.ui.transcript.painting.mark_boxes import plain_format

#: Indent of one level of nesting, in pixels.
INDENT = 26
#: Font sizes of headings by level (1 to 6).
HEADINGS = (
    TextSize.BODY,
    TextSize.DISPLAY,
    TextSize.TITLE,
    TextSize.HEADING,
    TextSize.BODY,
    TextSize.BODY,
    TextSize.BODY,
)

#: Height of a line of labels, in pixels at a text size of 100 %.
SMALL_LINE = 20


class Look:
    """Fonts, colours, formats and line heights (pixels) of one theme.

    It is never changed: another theme, or another text size, makes a new look and new strips.
    """

    def __init__(self, theme: Theme, formulas: FormulaCache | None = None) -> None:
        #: Formulas are drawn in any colour, so their cache is shared by all looks.
        self.formulas = formulas or FormulaCache()
        self.colours = theme.colours
        self.body = theme.body_font()
        self.small = theme.small_font()
        self.code = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        self.code.setPixelSize(theme.scaled(TextSize.LABEL))
        # With this hint, characters that the fixed font lacks come from another fixed font.
        self.code.setStyleHint(QFont.StyleHint.Monospace)
        self.line = theme.scaled(LINE_PIXELS)
        self.code_line = theme.scaled(20)
        self.small_line = theme.scaled(SMALL_LINE)
        self._headings = [theme.font(size) for size in HEADINGS]
        self.character = QFontMetrics(self.body).averageCharWidth()
        self.text = QColor(self.colours.text)
        self.muted = QColor(self.colours.muted)
        self.link = QColor(self.colours.link)
        self.warning = QColor(self.colours.warning)
        self.window = QColor(self.colours.base)
        self.code_background = QColor(self.colours.code)
        self.code_edge = QColor(self.colours.line)
        self.bubble = QColor(self.colours.bubble)
        self.syntax_formats = {
            syntax: _coloured_format(getattr(self.colours, f"code_{syntax.value}"))
            for syntax in SyntaxClass
        }
        self.scroll = QColor(self.colours.scroll)
        self.hairline = QPen(QColor(self.colours.line))
        self.found = QColor(self.colours.found)
        self.found_here = QColor(self.colours.found_here)
        self.heat = [QColor(colour) for colour in self.colours.heat]
        self.plain = plain_format(self.text)
        self.selection = QColor(self.colours.selection)
        self.accent = QColor(self.colours.accent)

    def heading(self, level: int) -> QFont:
        """Return the font of a heading of level 1 to 6."""
        font = QFont(self._headings[level])
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def link_format(self) -> QTextCharFormat:
        """Return the character format of a link."""
        made = QTextCharFormat()
        made.setForeground(self.link)
        made.setFontUnderline(True)
        return made

    def quiet_format(self) -> QTextCharFormat:
        """Return the character format of a link that shouldn't attract attention."""
        made = QTextCharFormat()
        made.setForeground(self.muted)
        return made


def _coloured_format(colour: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    return made
