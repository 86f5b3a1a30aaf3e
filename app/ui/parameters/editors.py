"""One editor for each kind of parameter. Each shows a value or none, and tells what was typed.

None means *not set*: the provider's default, for which nothing is sent.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import ParameterError
from app.domain.parameters.kinds import Json, Parameter, ParameterKind
from app.domain.text.translation import _
from app.ui.parameters.editor import Editor
from app.ui.parameters.number_editor import NumberEditor
from app.ui.theme.controls import ComboBox


class ChoiceEditor(Editor):
    """One of a few, the first being *default*; an object is typed as JSON where it is taken."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._box = ComboBox()
        # As wide as the panel, not as its longest choice: a function may have a long name.
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
                    # Of what is longer than the field its beginning says what it is.
                    field.setCursorPosition(0)

    def _choices(self) -> tuple[str, ...]:
        return self._parameter.choices

    def _take_choice(self, place: int) -> None:
        self._take_text(str(self._box.itemData(place) or ""))

    def _take_typed(self, text: str) -> None:
        # Of a choice its words are shown, and its value is meant.
        place = self._box.findText(text)
        self._take_text(text if place < 0 else str(self._box.itemData(place) or ""))


class SwitchEditor(ChoiceEditor):
    """Default, on or off: three states, so not a check box."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._box.setItemText(1, _("on"))
        self._box.setItemText(2, _("off"))

    def _choices(self) -> tuple[str, ...]:
        return ("true", "false")


class LinesEditor(Editor):
    """A list of texts, one a line; `\\n` in a line stands for a line break."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._area = _small_area(_("default: none. One a line; \\n is a line break"), 2)
        self._name(self._area)
        self._area.textChanged.connect(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)

    def control(self) -> QWidget:
        return self._area

    def show_value(self, value: Json | None) -> None:
        lines = [] if value is None else [_escaped(text) for text in value]
        with QSignalBlocker(self._area):
            self._area.setPlainText("\n".join(lines))

    def _take(self) -> None:
        texts = [_unescaped(line) for line in self._area.toPlainText().split("\n") if line]
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


class JsonEditor(Editor):
    """JSON as text, checked as it is typed; what isn't valid yet is not sent."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        hint = " ".join(parameter.format(parameter.start).split())
        self._area = _small_area(_("default. For example {example}").format(example=hint), 3)
        self._name(self._area)
        self._area.textChanged.connect(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)

    def control(self) -> QWidget:
        return self._area

    def show_value(self, value: Json | None) -> None:
        with QSignalBlocker(self._area):
            self._area.setPlainText("" if value is None else self._parameter.format(value))

    def _take(self) -> None:
        self._take_text(self._area.toPlainText())


class DialogEditor(JsonEditor):
    """JSON that is easier written in a dialog, which a button opens."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        button = QPushButton(_("Edit…"))
        button.setAccessibleName(_("Edit {label}").format(label=parameter.label))
        button.clicked.connect(self.dialog_wanted)
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)


#: Which editor each kind has.
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


def _small_area(placeholder: str, lines: int) -> QPlainTextEdit:
    area = QPlainTextEdit()
    area.setObjectName("json")
    area.setPlaceholderText(placeholder)
    area.setTabChangesFocus(True)
    area.setFixedHeight(area.fontMetrics().lineSpacing() * lines + 18)
    return area


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def _unescaped(text: str) -> str:
    parts = text.split("\\\\")
    return "\\".join(part.replace("\\n", "\n").replace("\\t", "\t") for part in parts)
