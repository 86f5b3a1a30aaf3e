"""The button above the parameter panel that names the active preset, with a dot once values differ
from it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from app.domain.text.translation import _
from app.ui.theme.icons import icon
from app.ui.theme.words import put_tip

DOT = "●"


class PresetButton(QPushButton):
    """Push button with the active preset's name and a menu. The menu is empty until its owner fills
    it on `menu_wanted`."""

    #: The menu opens and is to be filled: the empty menu.
    menu_wanted = Signal(QMenu)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(icon("sliders"), "", parent)
        self.setObjectName("flat")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._words = ""
        menu = QMenu(self)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)
        self.show_preset("", changed=False)

    def show_preset(self, name: str, *, changed: bool) -> None:
        """Show a preset's name, empty for none, and whether the current values differ from it."""
        words = _("Preset: {name}").format(name=name or _("none"))
        self._words = f"{words} {DOT}" if changed else words
        tip = _("{preset}, changed since") if changed else "{preset}"
        tip = tip.format(preset=words)
        self.setAccessibleName(tip)
        put_tip(self, tip)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 56
        cut = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideMiddle, room)
        self.setText((cut if room > 0 else self._words).replace("&", "&&"))

    def _fill(self) -> None:
        self.menu().clear()
        self.menu_wanted.emit(self.menu())
