"""The settings page of commands that answer tool calls."""

import shlex

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.chat.tool_command import MOST_SECONDS, USUAL_SECONDS, ToolCommand
from app.domain.errors import LoquatError
from app.domain.text.translation import _
from app.services.program.core import Core
from app.ui.common.exact_text import ExactField
from app.ui.common.held_key import ignore_held_keys
from app.ui.theme.controls import CheckBox, SpinBox
from app.ui.theme.words import PlainLabel, put_tip

#: Height of the field of environment variables in pixels: three lines.
ENVIRONMENT_HEIGHT = 76


class ToolsPage(QWidget):
    """List of tools, with a form for the command of the selected tool beside it."""

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = core.tooling.commands
        self._list = QListWidget()
        self._list.setAccessibleName(_("Tools with a command"))
        self._list.setFixedWidth(190)
        self._list.currentItemChanged.connect(self._choose)
        self._tool = QLineEdit()
        self._tool.setAccessibleName(_("Tool"))
        self._tool.setPlaceholderText(_("the function's name, such as current_weather"))
        self._line = QLineEdit()
        self._line.setAccessibleName(_("Command"))
        self._line.setPlaceholderText(_("a program and its arguments"))
        self._seconds = SpinBox()
        self._seconds.setAccessibleName(_("Time"))
        self._seconds.setRange(1, round(MOST_SECONDS))
        self._seconds.setSuffix(_(" seconds at most"))
        self._environment = ExactField()
        self._environment.setObjectName("json")
        self._environment.setAccessibleName(_("Environment"))
        self._environment.setPlaceholderText(_("NAME or NAME=VALUE, one per line"))
        self._environment.setTabChangesFocus(True)
        self._environment.setFixedHeight(ENVIRONMENT_HEIGHT)
        put_tip(
            self._environment,
            _(
                "NAME passes on a variable of Loquat's environment, NAME=VALUE sets "
                "one. Values are saved in the library, not encrypted."
            ),
        )
        self._always = CheckBox(_("Run without asking"))
        self._words = PlainLabel()
        self._words.setWordWrap(True)
        self._arrange()
        self._show_list("")

    def _arrange(self) -> None:
        add = QPushButton(_("Add"))
        add.clicked.connect(self._add)
        self._remove = QPushButton(_("Remove"))
        ignore_held_keys(self._remove)
        self._remove.clicked.connect(self._remove_it)
        buttons = QHBoxLayout()
        buttons.addWidget(add)
        buttons.addWidget(self._remove)
        left = QVBoxLayout()
        left.addWidget(self._list, 1)
        left.addLayout(buttons)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(_("Tool"), self._tool)
        form.addRow(_("Command"), self._line)
        form.addRow(_("Time"), self._seconds)
        form.addRow(_("Environment"), self._environment)
        form.addRow("", self._always)
        note = PlainLabel(
            _(
                "When a model calls the tool, the command gets the arguments as JSON "
                "on its standard input, and its output is the result. It runs without "
                "a shell, with your path, home, language and screen, none of your "
                "keys, and what you add under Environment. A call can be harmful: let "
                "only commands run without asking that can't do harm."
            )
        )
        note.setObjectName("muted")
        note.setWordWrap(True)
        save = QPushButton(_("Save"))
        save.setObjectName("primary")
        save.clicked.connect(self._save)
        right = QVBoxLayout()
        right.addLayout(form)
        right.addWidget(save, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self._words)
        right.addWidget(note)
        right.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(left)
        layout.addLayout(right, 1)

    def _show_list(self, selected: str) -> None:
        with QSignalBlocker(self._list):
            self._list.clear()
            for command in self._commands.all():
                item = QListWidgetItem(command.tool)
                self._list.addItem(item)
                if command.tool == selected:
                    self._list.setCurrentItem(item)
        self._show(self._commands.find(selected))

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._show(self._commands.find(item.text()))

    def _show(self, command: ToolCommand | None) -> None:
        self._tool.setText(command.tool if command is not None else "")
        self._line.setText(shlex.join(command.arguments) if command is not None else "")
        self._seconds.setValue(round(command.seconds if command is not None else USUAL_SECONDS))
        environment = command.environment if command is not None else ()
        self._environment.put_text("\n".join(environment))
        self._always.setChecked(command is not None and command.always)
        self._remove.setEnabled(command is not None)
        self._words.setText("")

    def _selected(self) -> str:
        row = self._list.currentRow()
        return self._list.item(row).text() if row >= 0 else ""

    def _add(self) -> None:
        with QSignalBlocker(self._list):
            self._list.setCurrentRow(-1)
        self._show(None)
        self._tool.setFocus()

    def _save(self) -> None:
        tool = self._tool.text().strip()
        try:
            arguments = tuple(shlex.split(self._line.text()))
        except ValueError:
            self._words.setText(_("A quotation mark isn't closed."))
            return
        lines = (line.strip() for line in self._environment.text().split("\n"))
        command = ToolCommand(
            tool,
            arguments,
            always=self._always.isChecked(),
            seconds=float(self._seconds.value()),
            environment=tuple(line for line in lines if line),
        )
        before = self._selected()
        try:
            self._commands.put(command)
            if before and before != tool:
                self._commands.remove(before)
        except LoquatError as failure:
            self._words.setText(str(failure))
            return
        self._show_list(tool)
        self._words.setText(_("Saved."))

    def _remove_it(self) -> None:
        try:
            self._commands.remove(self._selected())
        except LoquatError as failure:
            self._words.setText(str(failure))
            return
        self._show_list("")
