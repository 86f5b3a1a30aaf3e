"""Functions and forms are written in dialogs that say what is wrong, and arrive in the panel."""

from typing import Any

from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain.parameters.kinds import ParameterGroup
from app.domain.parameters.table import BY_NAME
from app.services.program.core import Core
from app.services.tools.examples import EXAMPLES
from app.ui.parameters.dialogs.format_dialog import FormatDialog
from app.ui.parameters.dialogs.tools_dialog import ToolsDialog
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.ui.conftest import OnLoop, keep, until, use_server


def named(widget: QWidget, kind: type[Any], name: str) -> Any:
    return next(one for one in widget.findChildren(kind) if one.accessibleName() == name)


def press(widget: QWidget, words: str) -> None:
    next(one for one in widget.findChildren(QPushButton) if one.text() == words).click()


def said(widget: QWidget) -> str:
    parts = [one for one in widget.findChildren(QWidget) if not isinstance(one, QPlainTextEdit)]
    return " ".join(one.text() for one in parts if hasattr(one, "text"))


def test_functions_are_edited_and_told_as_they_are_sent(
    qtbot: QtBot, core: Core, on_loop: OnLoop
) -> None:
    async def work() -> None:
        dialog = ToolsDialog(core)
        keep(qtbot, dialog)
        told: list[Any] = []
        dialog.chosen.connect(told.append)
        dialog.ask([example.value for example in EXAMPLES.tools[:2]])
        named(dialog, QListWidget, "Functions").setCurrentRow(1)
        name = named(dialog, QLineEdit, "Name")
        name.selectAll()
        qtbot.keyClicks(name, "look_up")
        press(dialog, "Use")
        (tools,) = told
        assert [tool["function"]["name"] for tool in tools][1] == "look_up"
        assert tools[0] == EXAMPLES.tools[0].value
        BY_NAME["tools"].validate(tools)
        await core.close()

    on_loop(work)


def test_a_function_without_a_name_is_not_used(qtbot: QtBot, core: Core, on_loop: OnLoop) -> None:
    async def work() -> None:
        dialog = ToolsDialog(core)
        keep(qtbot, dialog)
        told: list[Any] = []
        dialog.chosen.connect(told.append)
        dialog.ask([{"type": "function", "function": {"name": ""}}])
        press(dialog, "Use")
        assert told == []
        assert "needs a name" in said(dialog)
        qtbot.keyClicks(named(dialog, QLineEdit, "Name"), "f")
        named(dialog, QPlainTextEdit, "Parameters").setPlainText("{")
        press(dialog, "Use")
        assert told == []
        await core.close()

    on_loop(work)


def test_a_wrong_schema_is_explained_as_one_types(
    qtbot: QtBot, core: Core, on_loop: OnLoop
) -> None:
    async def work() -> None:
        dialog = FormatDialog(core)
        keep(qtbot, dialog)
        dialog.ask(EXAMPLES.responses[0].value)
        area = named(dialog, QPlainTextEdit, "JSON Schema")
        await until(lambda: "valid JSON Schema" in said(dialog))
        area.setPlainText('{"type": "objekt"}')
        await until(lambda: "$.type" in said(dialog))
        area.setPlainText('{"type":\n 7,}')
        assert "line 2" in said(dialog)
        await core.close()

    on_loop(work)


def test_a_form_is_told_as_it_is_sent(qtbot: QtBot, core: Core, on_loop: OnLoop) -> None:
    async def work() -> None:
        dialog = FormatDialog(core)
        keep(qtbot, dialog)
        told: list[Any] = []
        dialog.chosen.connect(told.append)
        for example in EXAMPLES.responses:
            dialog.ask(example.value)
            press(dialog, "Use")
        dialog.ask({"type": "json_object"})
        press(dialog, "Use")
        assert told == [*(one.value for one in EXAMPLES.responses), {"type": "json_object"}]
        await core.close()

    on_loop(work)


def test_the_panel_opens_them_and_tool_choice_names_the_functions(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        # The model on this computer takes no tools.
        use_server(core, "http://127.0.0.1:9")
        window = Window(theme, {})
        keep(qtbot, window)
        main_window = MainWindow(core, theme, window)
        window.show()
        panel = main_window.choices.panel
        panel.rows.groups[ParameterGroup.TOOLS].head.setChecked(True)
        named(panel, QPushButton, "Edit Tools").click()
        (dialog,) = window.findChildren(ToolsDialog)
        dialog._add(EXAMPLES.tools[0].value)
        press(dialog, "Use")
        assert main_window.in_view.values.get("tools") == [EXAMPLES.tools[0].value]
        name = EXAMPLES.tools[0].value["function"]["name"]
        choice = named(panel, QComboBox, "Tool choice")
        words = [choice.itemText(place) for place in range(choice.count())]
        assert words == ["Default", "None", "Auto", "Required", f"Tool: {name}"]
        choice.setCurrentIndex(4)
        choice.activated.emit(4)
        assert main_window.in_view.values.get("tool_choice") == {
            "type": "function",
            "function": {"name": name},
        }
        await core.close()

    on_loop(work)


def test_an_effort_is_chosen_by_a_word_and_a_budget_is_typed(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        use_server(core, "http://127.0.0.1:9")
        window = Window(theme, {})
        keep(qtbot, window)
        main_window = MainWindow(core, theme, window)
        window.show()
        panel = main_window.choices.panel
        panel.rows.groups[ParameterGroup.REASONING].head.setChecked(True)
        box = named(panel, QComboBox, "Reasoning")
        place = box.findText("High effort")
        box.setCurrentIndex(place)
        box.activated.emit(place)
        assert main_window.in_view.values.get("reasoning") == {"effort": "high"}
        box.setEditText('{"max_tokens": 2000}')
        assert main_window.in_view.values.get("reasoning") == {"max_tokens": 2000}
        main_window.in_view.set_value("reasoning", {"effort": "none"})
        assert box.currentText() == "Off"
        box.setEditText('{"effort": "huge"}')
        assert main_window.in_view.values == {}
        await core.close()

    on_loop(work)
