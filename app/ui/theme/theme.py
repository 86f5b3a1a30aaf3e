"""Puts a set of colours on the application, and follows the system's choice of light or dark."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.theme.colours import DARK, LIGHT, Colours
from app.ui.theme.sheet import sheet_for

#: For the application's making: the one style that takes every colour. Set later, by
#: `setStyle`, it would cost the first frame the 8 ms of loading QStyle's enumerations.
STYLE_ARGUMENTS = ("-style", "fusion")

BODY_PIXELS = 15
LINE_PIXELS = 24
SMALL_PIXELS = 13


class Theme(QObject):
    """The colours in force. `changed` is told after palette and style sheet are in place."""

    changed = Signal()

    def __init__(self, application: QApplication, choice: str) -> None:
        """`choice` is `system`, `light` or `dark`. The application has STYLE_ARGUMENTS."""
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
        """Change to `system`, `light` or `dark`."""
        self._choice = choice
        self._follow_system()

    def body_font(self) -> QFont:
        """The font of the conversation."""
        font = QFont(self._application.font())
        font.setPixelSize(BODY_PIXELS)
        return font

    def small_font(self) -> QFont:
        """The font of labels and times."""
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
    """Qt's palette for a set of colours."""
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in (
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
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.control))
    return palette
