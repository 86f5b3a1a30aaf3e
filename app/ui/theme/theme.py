"""Applies a set of colours to the application, and follows the system's light or dark scheme."""

from enum import IntEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.theme.colours import DARK, LIGHT, Colours
from app.ui.theme.sheet import sheet_for

#: Arguments for making the QApplication: Fusion is the style that takes all its colours from the
#: palette. `setStyle` would delay the first frame by the 8 ms of loading QStyle's enumerations.
STYLE_ARGUMENTS = ("-style", "fusion")


class TextSize(IntEnum):
    """The type scale: every font size of the program, in pixels at a text size of 100 %."""

    CAPTION = 11
    LABEL = 13
    BODY = 15
    HEADING = 17
    TITLE = 20
    DISPLAY = 24


#: Height of a line of messages, in pixels at a text size of 100 %.
LINE_PIXELS = 24


class Theme(QObject):
    """The current colours and fonts of the application."""

    #: The colours have changed; palette and style sheet are already in place.
    changed = Signal()

    def __init__(self, application: QApplication, choice: str, text_scale: float = 1.0) -> None:
        """`choice` is `system`, `light` or `dark`; all text is `text_scale` times as large as at
        100 %. The application must have been made with STYLE_ARGUMENTS."""
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._text_scale = text_scale
        # Qt adds icons to some entries of the menus of its fields, and none to others.
        application.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus)
        application.setFont(self.font(TextSize.LABEL))
        self.colours = self._wanted()
        self._put_on()
        application.styleHints().colorSchemeChanged.connect(self._follow_system)

    def choose(self, choice: str) -> None:
        """Switch to `system`, `light` or `dark`."""
        self._choice = choice
        self._follow_system()

    def font(self, size: TextSize) -> QFont:
        """Return the font of the window in a size of the type scale."""
        font = QFont(self._application.font())
        font.setPixelSize(self.scaled(size))
        return font

    def body_font(self) -> QFont:
        """Return the font of messages."""
        return self.font(TextSize.BODY)

    def small_font(self) -> QFont:
        """Return the font of labels and buttons."""
        return self.font(TextSize.LABEL)

    def scaled(self, pixels: int) -> int:
        """Return a length in pixels at a text size of 100 % as it is at the current text size, such
        as the height of a row that contains one line of text."""
        return round(pixels * self._text_scale)

    def _wanted(self) -> Colours:
        if self._choice == "system":
            dark = self._application.styleHints().colorScheme() is Qt.ColorScheme.Dark
        else:
            dark = self._choice == "dark"
        return DARK if dark else LIGHT

    def _follow_system(self) -> None:
        wanted = self._wanted()
        if wanted is not self.colours:
            self.colours = wanted
            self._put_on()
            self.changed.emit()

    def _put_on(self) -> None:
        self._application.setPalette(palette_for(self.colours))
        self._application.setStyleSheet(sheet_for(self.colours, self.scaled))


def palette_for(colours: Colours) -> QPalette:
    """Return the Qt palette of a set of colours."""
    role = QPalette.ColorRole
    palette = QPalette()
    for role_of_colour, colour in (
        (role.Window, colours.base),
        (role.Base, colours.raised),
        (role.AlternateBase, colours.side),
        (role.Button, colours.raised),
        (role.Light, colours.raised),
        (role.Midlight, colours.hover),
        (role.Mid, colours.control),
        (role.Dark, colours.control),
        (role.WindowText, colours.text),
        (role.Text, colours.text),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.warning),
        (role.PlaceholderText, colours.muted),
        (role.ToolTipBase, colours.raised),
        (role.ToolTipText, colours.text),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Link, colours.link),
        (role.LinkVisited, colours.link),
        (role.Accent, colours.accent),
    ):
        palette.setColor(role_of_colour, QColor(colour))
    for disabled in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, disabled, QColor(colours.control))
    return palette
