"""The editor of one parameter with its reset button: the part that a row of the Parameters face
and a row of the lab have in common."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QToolButton

from app.domain.parameters.kinds import Json, Parameter
from app.domain.text.translation import _
from app.ui.common.keys import is_enter
from app.ui.parameters.editor import LEAST_HEIGHT
from app.ui.parameters.editors import EDITORS
from app.ui.theme.icons import icon
from app.ui.theme.words import put_tip


class ValueControl(QObject):
    """Keeps the value that the editor shows and the complaint about its text, which are never both
    there: an invalid text unsets the value. The widgets are laid out by the row."""

    #: The new value; None for not set.
    edited = Signal(object)
    #: The value or the complaint is another one.
    changed = Signal()

    def __init__(self, parameter: Parameter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        #: The value that the editor shows; None while it shows none, or text that is no value.
        self.value: Json | None = None
        #: A sentence about an invalid text; empty if there is none.
        self.complaint = ""
        self.editor = EDITORS[parameter.kind](parameter)
        self.editor.edited.connect(self._take)
        self.editor.complained.connect(self._complain)
        self.editor.reset_wanted.connect(self.unset)
        words = _("Reset {label}").format(label=parameter.label)
        self.reset = RowButton("reset", words, self.unset)
        self.reset.hide()

    @property
    def is_idle(self) -> bool:
        """Whether there is neither a value nor an invalid text."""
        return self.value is None and not self.complaint

    def show_value(self, value: Json | None) -> None:
        """Show the value that is set; None for the provider's default."""
        if value is None and self.is_idle:
            # Sixteen of nineteen rows, mostly, when another conversation opens.
            return
        self.value, self.complaint = value, ""
        self.editor.show_value(value)
        self._tell()

    def unset(self) -> None:
        """Leave the parameter to the provider."""
        self.show_value(None)
        self.edited.emit(None)
        self.editor.control().setFocus()

    def _take(self, value: Json | None) -> None:
        self.value = value
        self._tell()
        self.edited.emit(value)

    def _complain(self, sentence: str) -> None:
        self.complaint = sentence
        if sentence and self.value is not None:
            # The text is not sent, nor is the value that stood here before.
            self._take(None)
        else:
            self._tell()

    def _tell(self) -> None:
        self.reset.setVisible(not self.is_idle)
        self.changed.emit()


class RowButton(QToolButton):
    """Quiet tool button of a row that is pressed by Enter as well as by Space."""

    def __init__(self, glyph: str, words: str, slot: Callable[[], None]) -> None:
        super().__init__()
        self.setIcon(icon(glyph, QPalette.ColorRole.PlaceholderText))
        self.setIconSize(QSize(16, 16))
        self.setFixedSize(LEAST_HEIGHT, LEAST_HEIGHT)
        put_tip(self, words)
        self.setAccessibleName(words)
        self.clicked.connect(slot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)
