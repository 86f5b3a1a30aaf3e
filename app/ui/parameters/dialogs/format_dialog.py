"""The response format dialog: text, any JSON, or JSON that matches a schema."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.text.translation import _
from app.services.program.core import Core
from app.ui.parameters.dialogs.json_field import SchemaField
from app.ui.theme.buttons import dialog_button
from app.ui.theme.controls import CheckBox, ComboBox
from app.ui.theme.menu import Menu, MenuButton
from app.ui.theme.words import PlainLabel

TEXT, ANY_JSON, SCHEMA = "text", "json_object", "json_schema"
_WORDS = {TEXT: _("Text"), ANY_JSON: _("Any JSON object"), SCHEMA: _("JSON that matches a schema")}
_START: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}


class FormatDialog(QDialog):
    """Dialog for the value of the response format parameter. *Use* emits it."""

    #: The new value, an object with `type` and, for a schema, `json_schema`.
    chosen = Signal(object)

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Response format"))
        self.resize(600, 520)
        self._kind = ComboBox()
        self._kind.setAccessibleName(_("Response format"))
        for kind, words in _WORDS.items():
            self._kind.addItem(words, kind)
        self._kind.currentIndexChanged.connect(self._show_kind)
        self._name = QLineEdit()
        self._name.setAccessibleName(_("Name"))
        self._name.setPlaceholderText(_("a name for the schema, such as person"))
        self._strict = CheckBox(_("Strict: only what the schema allows"))
        self._schema = SchemaField(core, _("JSON Schema"))
        self._note = PlainLabel(
            _("Also ask for JSON in the prompt. Otherwise some models send only spaces.")
        )
        self._note.setObjectName("muted")
        self._note.setWordWrap(True)
        self._words = PlainLabel()
        self._words.setObjectName("warning")
        self._words.setWordWrap(True)
        self._words.hide()
        self._arrange()

    def ask(self, value: Any) -> None:
        """Open the dialog with a value of the parameter. If it is no object, the dialog starts with
        any JSON object and an empty schema."""
        wanted = value if isinstance(value, dict) else {}
        described = wanted.get(SCHEMA)
        described = described if isinstance(described, dict) else {}
        self._kind.setCurrentIndex(max(0, self._kind.findData(wanted.get("type", ANY_JSON))))
        self._name.setText(str(described.get("name", "answer")))
        self._strict.setChecked(described.get("strict") is not False)
        self._schema.put_schema(described.get("schema", _START))
        self._show_kind()
        self.show()
        self.raise_()
        self.activateWindow()

    def _arrange(self) -> None:
        examples = MenuButton(_("Examples"))
        examples.setAutoDefault(False)
        menu = Menu(examples)
        for example in _examples():
            action = QAction(example.title, menu)
            action.triggered.connect(lambda _on=False, value=example.value: self.ask(value))
            menu.addAction(action)
        examples.setMenu(menu)
        top = QHBoxLayout()
        top.addWidget(self._kind)
        top.addStretch(1)
        top.addWidget(examples)
        self._form = QWidget()
        form = QFormLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(_("Name"), self._name)
        form.addRow("", self._strict)
        form.addRow(_("Schema"), self._schema)
        use = dialog_button(_("Use"), self._use)
        use.setObjectName("primary")
        below = QHBoxLayout()
        below.addWidget(self._words, 1)
        below.addStretch(1)
        below.addWidget(use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addLayout(top)
        layout.addWidget(self._note)
        layout.addWidget(self._form, 1)
        layout.addStretch(0)
        layout.addLayout(below)

    def _show_kind(self) -> None:
        kind = self._kind.currentData()
        self._form.setVisible(kind == SCHEMA)
        self._note.setVisible(kind == ANY_JSON)
        self._words.hide()

    def _use(self) -> None:
        kind = str(self._kind.currentData())
        value: dict[str, Any] = {"type": kind}
        if kind == SCHEMA:
            schema = self._schema.schema()
            if schema is None:
                self._words.setText(_("The schema is not valid JSON yet."))
                self._words.show()
                return
            name = self._name.text().strip() or "answer"
            value[SCHEMA] = {"name": name, "strict": self._strict.isChecked(), "schema": schema}
        self.accept()
        self.chosen.emit(value)


def _examples() -> Any:
    from app.services.tools.examples import EXAMPLES

    return EXAMPLES.responses
