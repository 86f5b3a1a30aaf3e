"""Applies a set of colours to the application, and follows the system's light or dark scheme."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.theme.colours import DARK, LIGHT, Colours
from app.ui.theme.sheet import sheet_for

#: Arguments for making the QApplication: Fusion is the style that takes all its colours from the
#: palette. `setStyle` would delay the first frame by the 8 ms of loading QStyle's enumerations.
STYLE_ARGUMENTS = ("-style", "fusion")

#: Font sizes and the line height, in pixels.
BODY_PIXELS = 15
LINE_PIXELS = 24
SMALL_PIXELS = 13


class Theme(QObject):
    """The current colours and fonts of the application."""

    #: The colours have changed; palette and style sheet are already in place.
    changed = Signal()

    def __init__(self, application: QApplication, choice: str) -> None:
        """`choice` is `system`, `light` or `dark`. The application must have been made with
        STYLE_ARGUMENTS."""
        super().__init__(application)
        self._application = application
        self._choice = choice
        font = QFont(application.font())
        font.setPixelSize(14)
        application.setFont(font)
        self.colours = self._wanted()
        self._put_on()
        application.styleHints().colorSchemeChanged.connect(self._follow_system)

    def choose(self, choice: str) -> None:
        """Switch to `system`, `light` or `dark`."""
        self._choice = choice
        self._follow_system()

    def body_font(self) -> QFont:
        """Return the font of messages, BODY_PIXELS high."""
        font = QFont(self._application.font())
        font.setPixelSize(BODY_PIXELS)
        return font

    def small_font(self) -> QFont:
        """Return the font of labels and times, SMALL_PIXELS high."""
        font = QFont(self._application.font())
        font.setPixelSize(SMALL_PIXELS)
        return font

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
        self._application.setStyleSheet(sheet_for(self.colours))


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
