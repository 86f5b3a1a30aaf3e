"""The editors for each kind of parameter but numbers, and the table that maps kinds to editors.

None means *not set*: nothing is sent and the provider's default applies.
"""

import json
import re
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.domain.errors import ParameterError
from app.domain.parameters.kinds import MAX_VALUE_TEXT, Json, Parameter, ParameterKind
from app.domain.text.translation import _
from app.ui.parameters.editor import Editor, fix_height
from app.ui.parameters.number_editor import NumberEditor
from app.ui.theme.controls import ComboBox

#: Characters of a value that a line shows; a longer one is changed in its dialog. Qt lays out a
#: whole line at each key.
LONGEST_LINE = 4000
#: An escaped character or a separator in the text of a list.
_PARTS = re.compile(r"\\(.)|(, ?)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t"}


class ChoiceEditor(Editor):
    """Combo box of the parameter's choices after *Default*. If the parameter also takes an object,
    the box has a text field for JSON."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._box = ComboBox()
        # Width of the panel, not of the longest choice: a function may have a long name.
        self._box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._box.setMinimumContentsLength(8)
        fix_height(self._box)
        self._name(self._box)
        self._box.addItem(_("Default"), "")
        for value, words in self._choices().items():
            self._box.addItem(words, value)
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

    def _choices(self) -> dict[str, str]:
        """Return the fixed choices: value → words."""
        words = {"none": _("None"), "auto": _("Auto"), "required": _("Required")}
        return {choice: words.get(choice, choice) for choice in self._parameter.choices}

    def _take_choice(self, place: int) -> None:
        self._take_text(str(self._box.itemData(place) or ""))

    def _take_typed(self, text: str) -> None:
        """Take the text of an editable combo box: if it is the label of a choice, the choice's
        value, otherwise the text itself, which is parsed as JSON."""
        place = self._box.findText(text)
        self._take_text(text if place < 0 else str(self._box.itemData(place) or ""))


class SwitchEditor(ChoiceEditor):
    """Combo box with default, on and off. A check box would have no third state."""

    def _choices(self) -> dict[str, str]:
        return {"true": _("On"), "false": _("Off")}


class LineEditor(Editor):
    """Base class of the editors with a line of text."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._field = QLineEdit()
        self._field.setMaxLength(MAX_VALUE_TEXT)
        fix_height(self._field)
        self._field.setPlaceholderText(_("Default"))
        self._name(self._field)
        # Not textEdited: text from a screen reader or an input method must count as typed, too.
        self._field.textChanged.connect(self._take)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._field, 1)

    def control(self) -> QWidget:
        return self._field

    def _show_text(self, text: str) -> None:
        with QSignalBlocker(self._field):
            self._field.setText(text)
            self._field.setCursorPosition(0)

    def _take(self, text: str) -> None:
        self._take_text(text)


class StringsEditor(LineEditor):
    """Line of strings that are separated by commas. `\\n` stands for a line break and `\\,` for a
    comma."""

    def show_value(self, value: Json | None) -> None:
        self._show_text("" if value is None else joined(value))

    def _take(self, text: str) -> None:
        texts = separated(text)
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


class JsonEditor(LineEditor):
    """Line of JSON that is checked after each edit. Invalid JSON is reported and not sent."""

    def show_value(self, value: Json | None) -> None:
        text = "" if value is None else json.dumps(value, ensure_ascii=False)
        is_long = len(text) > LONGEST_LINE
        self._field.setReadOnly(is_long)
        self._show_text(f"{text[:LONGEST_LINE]}…" if is_long else text)


class DialogEditor(JsonEditor):
    """Line of JSON with an Edit button, for kinds of values that have a dialog."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._button = QPushButton(_("Edit…"))
        fix_height(self._button)
        self._button.setAccessibleName(_("Edit {label}").format(label=parameter.label))
        self._button.clicked.connect(self.dialog_wanted)
        layout = self.layout()
        if layout is not None:
            layout.addWidget(self._button)


#: The editor class of each kind of parameter.
EDITORS: dict[ParameterKind, type[Editor]] = {
    ParameterKind.NUMBER: NumberEditor,
    ParameterKind.INTEGER: NumberEditor,
    ParameterKind.SWITCH: SwitchEditor,
    ParameterKind.CHOICE: ChoiceEditor,
    ParameterKind.STRINGS: StringsEditor,
    ParameterKind.JSON: JsonEditor,
    ParameterKind.FUNCTIONS: DialogEditor,
    ParameterKind.FORMAT: DialogEditor,
    ParameterKind.BIAS: DialogEditor,
}


def joined(texts: Sequence[str]) -> str:
    """Return strings as one line that `separated` reads back."""
    escapes = {"\\": "\\\\", ",": "\\,", "\n": "\\n", "\t": "\\t"}
    return ", ".join("".join(escapes.get(sign, sign) for sign in text) for text in texts)


def separated(line: str) -> list[str]:
    """Return the strings of a line. A space behind a comma belongs to none of them; empty strings
    are left out."""
    texts, last = [""], 0
    for part in _PARTS.finditer(line):
        texts[-1] += line[last : part.start()]
        last = part.end()
        if part[2] is None:
            texts[-1] += _ESCAPES.get(part[1], part[1])
        else:
            texts.append("")
    texts[-1] += line[last:]
    return [text for text in texts if text]
