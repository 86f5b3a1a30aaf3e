"""The base class of the editors for parameter values."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.errors import ParameterError
from app.domain.parameters.kinds import Json, Parameter

#: Least height of a control, easy to hit, in pixels.
LEAST_HEIGHT = 28


def height_in(control: QWidget) -> int:
    """Return the height of a control in pixels: LEAST_HEIGHT, or more where the text is larger."""
    return max(LEAST_HEIGHT, control.fontMetrics().height() + 10)


def fix_height(*controls: QWidget) -> None:
    """Give controls of a row one height; see `height_in`."""
    for control in controls:
        control.setFixedHeight(height_in(control))


class Editor(QWidget):
    """Base class of the widgets that edit one parameter's value. None means *not set*: nothing is
    sent and the provider's default applies."""

    #: The new value, valid for the parameter; None for not set.
    edited = Signal(object)
    #: A sentence about an invalid text; empty once the text is valid.
    complained = Signal(str)
    #: A double click asked for the provider's default.
    reset_wanted = Signal()
    #: The value is to be edited in the dialog of its kind.
    dialog_wanted = Signal()

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parameter = parameter

    def show_value(self, value: Json | None) -> None:
        """Show a value that was set elsewhere; None shows *not set*. Emits no signal."""
        raise TypeError("each kind of editor shows its own")

    def control(self) -> QWidget:
        """Return the input widget that the row's label belongs to."""
        raise TypeError("each kind of editor has its own")

    def show_choices(self, choices: Sequence[tuple[str, Json]]) -> None:
        """Offer further choices, as (words, value), that depend on other parameters. Editors
        without choices ignore them."""

    def show_default(self, value: Json | None) -> None:
        """Show the server's own default of the parameter; None if it is unknown. Editors without
        a place for it ignore it."""

    def show_description(self, words: str) -> None:
        """Set what a screen reader says about the control besides its name."""
        self.control().setAccessibleDescription(words)

    def _name(self, control: QWidget) -> None:
        control.setAccessibleName(self._parameter.label)
        control.setAccessibleDescription(self._parameter.help)

    def _take_text(self, text: str) -> Json | None:
        """Parse the text of the control, emit `edited` or `complained`, and return the value; None
        for an empty or invalid text."""
        if not text.strip():
            self.complained.emit("")
            self.edited.emit(None)
            return None
        try:
            value = self._parameter.parse(text)
        except ParameterError as wrong:
            self.complained.emit(str(wrong))
            return None
        self.complained.emit("")
        self.edited.emit(value)
        return value
