"""The page of settings is made from their table, and who uses a setting hears of it at once."""

from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from app.domain.errors import LibraryFull
from app.services.library.setting import Control, Setting, whole_number
from app.services.library.settings import SETTINGS, Settings
from app.services.program.core import Core
from app.ui.settings.general_page import GeneralPage
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.colours import DARK, LIGHT
from app.ui.theme.theme import Theme
from tests.ui.conftest import OnLoop, keep
from tests.ui.parameters.test_dialogs import named, said

COUNT: Setting[int] = whole_number(3, 1, 9, "Count", "A help text.")
COUNT.name = "count"


def refuse(_name: str, _value: Any) -> None:
    raise LibraryFull("It can't be written.")


def test_every_setting_with_a_control_has_a_row(qtbot: QtBot, core: Core) -> None:
    page = GeneralPage(core)
    keep(qtbot, page)
    (form,) = page.findChildren(QFormLayout)
    labels = [
        label.text()
        for row in range(form.rowCount())
        if (item := form.itemAt(row, QFormLayout.ItemRole.LabelRole))
        and isinstance(label := item.widget(), QLabel)
    ]
    wanted = [one.label for one in SETTINGS if one.control is not Control.NONE]
    assert [label for label in labels if label] == wanted


def test_a_setting_is_kept_and_shown_wherever_it_changes(qtbot: QtBot, core: Core) -> None:
    page = GeneralPage(core)
    keep(qtbot, page)
    colours = named(page, QComboBox, "Theme")
    enter = named(page, QCheckBox, "Enter sends, Shift+Enter starts a new line")
    assert (colours.currentText(), enter.isChecked()) == ("System", True)
    colours.setCurrentIndex(colours.findText("Dark"))
    enter.click()
    assert (core.settings.theme, core.settings.enter_sends) == ("dark", False)
    core.settings.theme = "light"
    assert colours.currentText() == "Light"


def test_a_number_has_its_range_and_its_help(qtbot: QtBot, core: Core) -> None:
    page = GeneralPage(core, [COUNT])
    keep(qtbot, page)
    number = named(page, QSpinBox, "Count")
    assert (number.value(), number.minimum(), number.maximum()) == (3, 1, 9)
    assert "A help text." in said(page)
    number.setValue(7)
    assert core.library.setting("count") == 7


def test_what_could_not_be_kept_is_said_and_not_shown(
    qtbot: QtBot, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = GeneralPage(core)
    keep(qtbot, page)
    page.show()
    monkeypatch.setattr(core.library, "put_setting", refuse)
    enter = named(page, QCheckBox, "Enter sends, Shift+Enter starts a new line")
    enter.click()
    assert enter.isChecked()
    assert "It can't be written." in said(page)


def test_the_window_follows_its_settings(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        window = Window(theme, {})
        keep(qtbot, window)
        main_window = MainWindow(core, theme, window)
        sends = [main_window.writing.composer.field.enter_sends]
        core.settings.enter_sends = False
        sends.append(main_window.writing.composer.field.enter_sends)
        assert sends == [True, False]
        core.settings.put(Settings.theme, "dark")
        assert theme.colours is DARK
        core.settings.put(Settings.theme, "light")
        assert theme.colours is LIGHT
        window.close()
        await core.close()

    on_loop(work)
