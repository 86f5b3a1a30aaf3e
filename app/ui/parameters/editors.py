"""The editors for each kind of parameter but numbers, and the table that maps kinds to editors.

None means *not set*: nothing is sent and the provider's default applies.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import ParameterError
from app.domain.parameters.kinds import Json, Parameter, ParameterKind
from app.domain.text.translation import _
from app.ui.common.exact_text import ExactField
from app.ui.parameters.editor import Editor
from app.ui.parameters.number_editor import NumberEditor
from app.ui.theme.controls import ComboBox


class ChoiceEditor(Editor):
    """Combo box of the parameter's choices after *default*. If the parameter also takes an object,
    the box has a text field for JSON."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._box = ComboBox()
        # Width of the panel, not of the longest choice: a function may have a long name.
        self._box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._box.setMinimumContentsLength(8)
        self._name(self._box)
        self._box.addItem(_("default"), "")
        for choice in self._choices():
            self._box.addItem(choice, choice)
        if parameter.takes_object:
            field = QLineEdit()
            self._box.setLineEdit(field)
            self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            self._name(field)
            self._box.editTextChanged.connect(self._take_typed)
        self._box.activated.connect(self._take_choice)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._box, 1)

    def control(self) -> QWidget:
        return self._box

    def show_choices(self, choices: Sequence[tuple[str, Json]]) -> None:
        first = 1 + len(self._choices())
        wanted = [(words, self._parameter.format(value)) for words, value in choices]
        there = [
            (self._box.itemText(place), self._box.itemData(place))
            for place in range(first, self._box.count())
        ]
        if wanted == there:
            return
        text, place = self._box.currentText(), self._box.currentIndex()
        with QSignalBlocker(self._box):
            while self._box.count() > first:
                self._box.removeItem(first)
            for words, value in wanted:
                self._box.addItem(words, value)
            if place < first:
                self._box.setCurrentIndex(place)
            if self._box.isEditable():
                self._box.setEditText(text)

    def show_value(self, value: Json | None) -> None:
        text = "" if value is None else self._parameter.format(value)
        place = self._box.findData(text)
        with QSignalBlocker(self._box):
            if place >= 0:
                self._box.setCurrentIndex(place)
            else:
                self._box.setEditText(text)
                field = self._box.lineEdit()
                if field is not None:
                    # The beginning of a long text says most about it.
                    field.setCursorPosition(0)

    def _choices(self) -> tuple[str, ...]:
        return self._parameter.choices

    def _take_choice(self, place: int) -> None:
        self._take_text(str(self._box.itemData(place) or ""))

    def _take_typed(self, text: str) -> None:
        """Take the text of an editable combo box: if it is the label of a choice, the choice's
        value, otherwise the text itself, which is parsed as JSON."""
        place = self._box.findText(text)
        self._take_text(text if place < 0 else str(self._box.itemData(place) or ""))


class SwitchEditor(ChoiceEditor):
    """Combo box with default, on and off. A check box would have no third state."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._box.setItemText(1, _("on"))
        self._box.setItemText(2, _("off"))

    def _choices(self) -> tuple[str, ...]:
        return ("true", "false")


class AreaEditor(Editor):
    """Base class of the editors with a small text area."""

    def __init__(
        self, parameter: Parameter, placeholder: str, lines: int, parent: QWidget | None = None
    ) -> None:
        """`lines` is the height of the area in lines of text."""
        super().__init__(parameter, parent)
        self._area = ExactField()
        self._area.setObjectName("json")
        self._area.setPlaceholderText(placeholder)
        self._area.setTabChangesFocus(True)
        self._area.setFixedHeight(self._area.fontMetrics().lineSpacing() * lines + 18)
        self._name(self._area)
        self._area.textChanged.connect(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)

    def control(self) -> QWidget:
        return self._area

    def _take(self) -> None:
        self._take_text(self._area.text())


class LinesEditor(AreaEditor):
    """Text area for a list of strings, one a line; `\\n` in a line stands for a line break."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        words = _("default: none. One a line; \\n is a line break")
        super().__init__(parameter, words, 2, parent)

    def show_value(self, value: Json | None) -> None:
        lines = [] if value is None else [_escaped(text) for text in value]
        with QSignalBlocker(self._area):
            self._area.put_text("\n".join(lines))

    def _take(self) -> None:
        texts = [_unescaped(line) for line in self._area.text().split("\n") if line]
        if not texts:
            self.complained.emit("")
            self.edited.emit(None)
            return
        try:
            value = self._parameter.validate(texts)
        except ParameterError as wrong:
            self.complained.emit(str(wrong))
            return
        self.complained.emit("")
        self.edited.emit(value)


class JsonEditor(AreaEditor):
    """Text area for JSON that is checked after each edit. Invalid JSON is reported and not sent."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        example = " ".join(parameter.format(parameter.start).split())
        words = _("default. For example {example}").format(example=example)
        super().__init__(parameter, words, 3, parent)

    def show_value(self, value: Json | None) -> None:
        with QSignalBlocker(self._area):
            self._area.put_text("" if value is None else self._parameter.format(value))


class DialogEditor(JsonEditor):
    """JSON text area with an Edit button, for kinds of values that have a dialog."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        button = QPushButton(_("Edit…"))
        button.setAccessibleName(_("Edit {label}").format(label=parameter.label))
        button.clicked.connect(self.dialog_wanted)
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)


#: The editor class of each kind of parameter.
EDITORS: dict[ParameterKind, type[Editor]] = {
    ParameterKind.NUMBER: NumberEditor,
    ParameterKind.INTEGER: NumberEditor,
    ParameterKind.SWITCH: SwitchEditor,
    ParameterKind.CHOICE: ChoiceEditor,
    ParameterKind.STRINGS: LinesEditor,
    ParameterKind.JSON: JsonEditor,
    ParameterKind.FUNCTIONS: DialogEditor,
    ParameterKind.FORMAT: DialogEditor,
    ParameterKind.BIAS: DialogEditor,
}


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def _unescaped(text: str) -> str:
    parts = text.split("\\\\")
    return "\\".join(part.replace("\\n", "\n").replace("\\t", "\t") for part in parts)
