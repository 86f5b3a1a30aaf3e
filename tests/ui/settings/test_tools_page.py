"""The page of commands that answer tool calls."""

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.settings.tools_page import ToolsPage
from tests.ui.conftest import keep
from tests.ui.parameters.test_dialogs import named, press, said


def test_the_environment_of_a_command_is_kept_and_shown_again(qtbot: QtBot, core: Core) -> None:
    page = ToolsPage(core)
    keep(qtbot, page)
    named(page, QLineEdit, "Tool").setText("weather")
    named(page, QLineEdit, "Command").setText("curl")
    field = named(page, QPlainTextEdit, "Environment")
    field.setPlainText(" PGPASSWORD \n\nLANG=de_DE\n")
    press(page, "Save")
    command = core.tooling.commands.find("weather")
    assert command is not None
    assert command.environment == ("PGPASSWORD", "LANG=de_DE")
    press(page, "Add")
    assert field.toPlainText() == ""
    page._show_list("weather")
    assert field.toPlainText() == "PGPASSWORD\nLANG=de_DE"
    core.library.close()


def test_a_line_that_is_no_variable_is_said_and_kept_in_the_field(qtbot: QtBot, core: Core) -> None:
    page = ToolsPage(core)
    keep(qtbot, page)
    named(page, QLineEdit, "Tool").setText("weather")
    named(page, QLineEdit, "Command").setText("curl")
    field = named(page, QPlainTextEdit, "Environment")
    field.setPlainText("MY TOKEN=secret")
    press(page, "Save")
    assert "“MY TOKEN” isn't an environment variable" in said(page)
    assert "secret" not in said(page)
    assert field.toPlainText() == "MY TOKEN=secret"
    assert core.tooling.commands.all() == ()
    core.library.close()
