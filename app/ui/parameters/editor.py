"""What the editors of all kinds of parameters have in common."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.errors import ParameterError
from app.domain.parameters.kinds import Json, Parameter


class Editor(QWidget):
    """What all editors have in common; `focus` is the control that bears the label's name."""

    #: A value, or None for not set.
    edited = Signal(object)
    #: What is wrong with the text as it stands; empty when nothing is.
    complained = Signal(str)
    #: The provider's default is wanted back, by a double click.
    reset_wanted = Signal()
    #: A dialog of its own is wanted for the value.
    dialog_wanted = Signal()

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parameter = parameter
        #: Whether it is so small that it stands on its label's line.
        self.is_small = False

    def show_value(self, value: Json | None) -> None:
        """Show a value that comes from elsewhere, without telling that it was edited."""
        raise TypeError("each kind of editor shows its own")

    def control(self) -> QWidget:
        """The control that a label belongs to."""
        raise TypeError("each kind of editor has its own")

    def show_choices(self, choices: Sequence[tuple[str, Json]]) -> None:
        """Offer further values that others bring with them; most editors offer none."""

    def show_description(self, words: str) -> None:
        """Have a screen reader say more of the value than its control shows."""
        self.control().setAccessibleDescription(words)

    def _name(self, control: QWidget) -> None:
        control.setAccessibleName(self._parameter.label)
        control.setAccessibleDescription(self._parameter.help)

    def _take_text(self, text: str) -> Json | None:
        """Tell the value that a text means, or what is wrong with it."""
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
