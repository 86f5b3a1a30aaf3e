"""The tools dialog: the functions that a model may call, each with name, description and JSON
Schema."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.text.translation import _
from app.services.program.core import Core
from app.ui.common.exact_text import ExactField
from app.ui.parameters.dialogs.json_field import SchemaField
from app.ui.theme.buttons import dialog_button
from app.ui.theme.menu import Menu, MenuButton
from app.ui.theme.words import PlainLabel

#: JSON Schema of a function without parameters.
NO_PARAMETERS: dict[str, Any] = {"type": "object", "properties": {}}


class ToolsDialog(QDialog):
    """Dialog for the value of the tools parameter: a list of functions beside a form for the
    selected one. *Use* emits all of them."""

    #: The new value, a list of tools; None if it is empty.
    chosen = Signal(object)

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Tools"))
        self.resize(760, 560)
        self._tools: list[dict[str, Any]] = []
        self._list = QListWidget()
        self._list.setAccessibleName(_("Functions"))
        self._list.setFixedWidth(200)
        self._list.currentRowChanged.connect(self._show)
        self._name = QLineEdit()
        self._name.setAccessibleName(_("Name"))
        self._name.setPlaceholderText(_("letters, digits, _ and -, such as current_weather"))
        self._name.textEdited.connect(self._keep)
        self._about = ExactField()
        self._about.setObjectName("json")
        self._about.setAccessibleName(_("Description"))
        self._about.setPlaceholderText(_("When the model should call it, and what it returns"))
        self._about.setTabChangesFocus(True)
        self._about.setFixedHeight(self._about.fontMetrics().lineSpacing() * 3 + 18)
        self._about.textChanged.connect(self._keep)
        self._schema = SchemaField(core, _("Parameters"))
        self._schema.edited.connect(self._keep)
        self._words = PlainLabel()
        self._words.setObjectName("warning")
        self._words.setWordWrap(True)
        self._words.hide()
        self._form = QWidget()
        self._arrange()

    def ask(self, tools: Any) -> None:
        """Open the dialog with a value of the parameter, a list of tools; entries that are no
        objects are left out."""
        self._tools = [dict(tool) for tool in tools or () if isinstance(tool, dict)]
        self._show_list(0)
        self._words.hide()
        self.show()
        self.raise_()
        self.activateWindow()

    def _arrange(self) -> None:
        add = MenuButton(_("Add"))
        menu = Menu(add)
        empty = QAction(_("Empty function"), menu)
        empty.triggered.connect(self._add_empty)
        menu.addAction(empty)
        menu.addSeparator()
        for example in _examples():
            action = QAction(example.title, menu)
            action.triggered.connect(lambda _on=False, tool=example.value: self._add(tool))
            menu.addAction(action)
        add.setMenu(menu)
        self._remove = dialog_button(_("Remove"), self._remove_it)
        buttons = QHBoxLayout()
        buttons.addWidget(add)
        buttons.addWidget(self._remove)
        left = QVBoxLayout()
        left.addWidget(self._list, 1)
        left.addLayout(buttons)
        form = QFormLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(_("Name"), self._name)
        form.addRow(_("Description"), self._about)
        form.addRow(_("Parameters"), self._schema)
        use = dialog_button(_("Use"), self._use)
        use.setObjectName("primary")
        below = QHBoxLayout()
        below.addWidget(self._words, 1)
        below.addStretch(1)
        below.addWidget(use)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addLayout(left)
        middle.addWidget(self._form, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addLayout(middle, 1)
        layout.addLayout(below)

    def _show_list(self, row: int) -> None:
        with QSignalBlocker(self._list):
            self._list.clear()
            self._list.addItems([_name_of(tool) or _("(no name yet)") for tool in self._tools])
            self._list.setCurrentRow(min(row, len(self._tools) - 1))
        self._show(self._list.currentRow())

    def _show(self, row: int) -> None:
        there = 0 <= row < len(self._tools)
        self._form.setVisible(there)
        self._remove.setEnabled(there)
        if not there:
            return
        function = _function_of(self._tools[row])
        blockers = (
            QSignalBlocker(self._name),
            QSignalBlocker(self._about),
            QSignalBlocker(self._schema),
        )
        self._name.setText(str(function.get("name", "")))
        self._about.put_text(str(function.get("description", "")))
        self._schema.put_schema(function.get("parameters", NO_PARAMETERS))
        for blocker in blockers:
            blocker.unblock()

    def _keep(self) -> None:
        """Store the form in the selected tool. Fields that the form does not show stay
        unchanged."""
        row = self._list.currentRow()
        if not 0 <= row < len(self._tools):
            return
        function = {**_function_of(self._tools[row]), "name": self._name.text().strip()}
        if about := self._about.text().strip():
            function["description"] = about
        else:
            function.pop("description", None)
        if (schema := self._schema.schema()) is not None:
            function["parameters"] = schema
        self._tools[row] = {**self._tools[row], "type": "function", "function": function}
        self._list.item(row).setText(function["name"] or _("(no name yet)"))

    def _add_empty(self) -> None:
        self._add({"type": "function", "function": {"name": "", "parameters": NO_PARAMETERS}})
        self._name.setFocus()

    def _add(self, tool: dict[str, Any]) -> None:
        self._tools.append(dict(tool))
        self._show_list(len(self._tools) - 1)

    def _remove_it(self) -> None:
        row = self._list.currentRow()
        if 0 <= row < len(self._tools):
            del self._tools[row]
            self._show_list(row)

    def _use(self) -> None:
        names = [_name_of(tool) for tool in self._tools if tool.get("type") == "function"]
        wrong = ""
        if not all(names):
            wrong = _("Every function needs a name.")
        elif len(set(names)) < len(names):
            wrong = _("Two functions have the same name.")
        elif any(not _is_name(name) for name in names):
            wrong = _("A name can have letters, digits, _ and -, at most 64 characters.")
        elif self._form.isVisible() and self._schema.schema() is None:
            wrong = _("The parameters are not a JSON Schema yet.")
        self._words.setText(wrong)
        self._words.setVisible(bool(wrong))
        if not wrong:
            self.accept()
            self.chosen.emit(self._tools or None)


def _examples() -> Any:
    from app.services.tools.examples import EXAMPLES

    return EXAMPLES.tools


def _function_of(tool: dict[str, Any]) -> dict[str, Any]:
    function = tool.get("function")
    return function if isinstance(function, dict) else {}


def _name_of(tool: dict[str, Any]) -> str:
    return str(_function_of(tool).get("name", ""))


def _is_name(name: str) -> bool:
    return len(name) <= 64 and all(
        character.isascii() and (character.isalnum() or character in "_-") for character in name
    )
