"""Groups of parameters: which parameters are in them, when they open, and what is remembered."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.parameters.kinds import ParameterGroup
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.providers import OPENROUTER
from app.services.program.core import Core
from app.ui.common.in_view import InView
from app.ui.parameters.number_editor import NumberEditor
from app.ui.parameters.panel import ParameterPanel
from app.ui.parameters.rows import GROUPS
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.ui.conftest import OnLoop, keep

SAMPLING, REPETITION = ParameterGroup.SAMPLING, ParameterGroup.REPETITION
OUTPUT = ParameterGroup.OUTPUT


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, in_view: InView) -> ParameterPanel:
    in_view.choose_model(OPENROUTER.id, OPENROUTER.model)
    panel = ParameterPanel(in_view)
    keep(qtbot, panel)
    panel.resize(300, 900)
    panel.show()
    return panel


def open_groups(panel: ParameterPanel) -> set[ParameterGroup]:
    return {group for group, box in panel.rows.groups.items() if box.is_open}


def test_each_of_nineteen_parameters_is_in_one_group() -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(parameter.name for parameter in PARAMETERS)
    assert len(grouped) == len(set(grouped)) == 19
    assert all(GROUPS[group] for group in ParameterGroup)


def test_the_headings_are_those_of_the_design(panel: ParameterPanel) -> None:
    assert [box.head.text() for box in panel.rows.groups.values()] == [
        "Sampling",
        "Repetition",
        "Length and stops",
        "Reasoning",
        "Output format",
        "Tools",
        "Probabilities",
    ]


def test_groups_without_a_value_are_folded_and_have_no_rows_yet(panel: ParameterPanel) -> None:
    assert open_groups(panel) == set()
    assert not any(box.has_rows for box in panel.rows.groups.values())


def test_a_group_with_a_value_is_open_at_first(qtbot: QtBot, theme: Theme, in_view: InView) -> None:
    in_view.set_values({"seed": 1, "response_format": {"type": "json_object"}})
    panel = ParameterPanel(in_view)
    keep(qtbot, panel)
    assert open_groups(panel) == {SAMPLING, OUTPUT}


def test_a_group_opens_when_one_of_it_becomes_set(panel: ParameterPanel, in_view: InView) -> None:
    in_view.set_value("presence_penalty", 0.5)
    assert open_groups(panel) == {REPETITION}
    panel.rows.groups[REPETITION].head.click()
    assert open_groups(panel) == set()
    in_view.set_value("presence_penalty", 0.6)
    assert open_groups(panel) == set()
    in_view.set_value("frequency_penalty", 0.1)
    assert open_groups(panel) == {REPETITION}


def test_a_fold_that_the_person_chose_holds_in_the_next_conversation(
    panel: ParameterPanel, in_view: InView
) -> None:
    in_view.set_values({"temperature": 0.5})
    panel.rows.groups[SAMPLING].head.click()
    panel.rows.groups[OUTPUT].head.click()
    in_view.show(None)
    in_view.choose_model(OPENROUTER.id, OPENROUTER.model)
    assert open_groups(panel) == {OUTPUT}
    in_view.begin()
    in_view.show(in_view.conversation)
    assert open_groups(panel) == {OUTPUT}


def test_a_heading_says_how_many_are_set_and_how_many_have_a_problem(
    panel: ParameterPanel, in_view: InView
) -> None:
    head = panel.rows.groups[ParameterGroup.PROBABILITIES].head
    assert (head.count, head.accessibleName()) == ("", "Probabilities")
    in_view.set_values({"top_logprobs": 3})
    assert head.count == "1 set · 1 problem"
    in_view.set_values({"top_logprobs": 3, "logprobs": True})
    assert (head.count, head.accessibleName()) == ("2 set", "Probabilities, 2 set")


def test_a_heading_says_that_a_group_is_not_supported(
    panel: ParameterPanel, in_view: InView
) -> None:
    head = panel.rows.groups[ParameterGroup.TOOLS].head
    assert head.count == ""
    in_view.choose_model("embedded", "")
    assert head.count == "Not supported"


def test_a_heading_is_pressed_with_the_keyboard(qtbot: QtBot, panel: ParameterPanel) -> None:
    head = panel.rows.groups[SAMPLING].head
    head.setFocus()
    qtbot.keyClick(head, Qt.Key.Key_Space)
    assert open_groups(panel) == {SAMPLING}


def test_only_set_parameters_are_shown_on_demand(panel: ParameterPanel, in_view: InView) -> None:
    in_view.set_values({"temperature": 0.5})
    panel.rows._show_only_set(True)
    assert panel.rows.row("temperature").isVisible()
    assert not panel.rows.row("top_p").isVisible()
    assert not panel.rows.groups[OUTPUT].isVisible()
    panel.rows._show_only_set(False)
    assert panel.rows.row("top_p").isVisible()
    assert panel.rows.groups[OUTPUT].isVisible()


def test_folds_are_remembered_at_the_next_start(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    def start() -> MainWindow:
        window = Window(theme, {"panel": True})
        keep(qtbot, window)
        return MainWindow(core, theme, window)

    async def work() -> None:
        first = start()
        first.choices.panel.rows.groups[OUTPUT].head.click()
        first.window.close()
        assert open_groups(start().choices.panel) == {OUTPUT}
        await core.close()

    on_loop(work)


def test_the_temperature_is_changed_in_three_clicks(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        window = Window(theme, {"panel": False})
        keep(qtbot, window)
        main_window = MainWindow(core, theme, window)
        window.resize(1280, 800)
        window.show()
        button = window.pane.header.panel
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        rows = main_window.choices.panel.rows
        head = rows.groups[SAMPLING].head
        qtbot.mouseClick(head, Qt.MouseButton.LeftButton)
        QApplication.sendPostedEvents()
        editor = rows.row("temperature").editor
        assert isinstance(editor, NumberEditor)
        slider = editor.slider
        assert slider is not None
        assert slider.visibleRegion().boundingRect() == slider.rect()
        left = QPoint(9, slider.height() // 2)
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=left)
        assert main_window.in_view.values == {"temperature": 0.0}
        await core.close()

    on_loop(work)
