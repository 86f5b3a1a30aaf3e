"""The windows of presets: kept, renamed, thrown away and brought back, compared, passed on."""

import asyncio
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.parameters.presets import SHIPPED, Preset
from app.services.program.core import Core
from app.ui.common.notices import Toast
from app.ui.common.undo import UndoStack
from app.ui.presets.preset_compare import PresetComparison
from app.ui.presets.preset_name import PresetNameDialog
from app.ui.presets.presets_window import STAR, PresetsWindow
from tests.ui.conftest import OnLoop, keep

VALUES = {"temperature": 0.2, "top_k": 30}


@pytest.fixture
def window(qtbot: QtBot, core: Core) -> PresetsWindow:
    core.presets.save("Calm", "For letters.", VALUES)
    parent = QWidget()
    keep(qtbot, parent)
    toast = Toast(parent, parent)
    window = PresetsWindow(core, parent, UndoStack(toast, parent))
    window.come_forward()
    window._select(own(core).id)
    return window


def own(core: Core) -> Preset:
    """The one preset of the person's."""
    [found] = [one for one in core.presets.all() if not one.shipped]
    return found


def names(window: PresetsWindow) -> list[str]:
    return [window.list.item(row).text() for row in range(window.list.count())]


def chosen(window: PresetsWindow) -> str:
    return window.list.item(window.list.currentRow()).text()


def button(window: QWidget, words: str) -> QPushButton:
    [found] = [one for one in window.findChildren(QPushButton) if one.text() == words]
    return found


def test_each_says_what_it_is_for_and_what_it_sets(window: PresetsWindow) -> None:
    assert names(window) == [*(one.name for one in SHIPPED), "Calm"]
    assert window.about.text() == "For letters."
    assert "0.2" in window.values.text()
    for row, one in enumerate(SHIPPED):
        window.list.setCurrentRow(row)
        assert window.about.text().startswith(one.about)
        assert "Comes with Loquat" in window.about.text()
        assert not button(window, "Delete").isEnabled()
        assert not button(window, "Rename…").isEnabled()


def test_enter_puts_one_on(qtbot: QtBot, core: Core, window: PresetsWindow) -> None:
    used: list[Preset] = []
    window.used.connect(used.append)
    qtbot.keyClick(window.list, Qt.Key.Key_Return)
    button(window, "Use").click()
    assert used[-1] == own(core)


def test_one_is_renamed_by_the_keyboard(qtbot: QtBot, core: Core, window: PresetsWindow) -> None:
    qtbot.keyClick(window.list, Qt.Key.Key_F2)
    dialog = window.findChild(PresetNameDialog)
    assert isinstance(dialog, PresetNameDialog)
    assert dialog.name.text() == "Calm"
    dialog.name.clear()
    assert not button(dialog, "Save").isEnabled()
    qtbot.keyClicks(dialog.name, "Calmer")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    assert own(core).name == "Calmer"
    assert own(core).parameters == VALUES
    assert chosen(window) == "Calmer"


def test_what_is_deleted_comes_back(qtbot: QtBot, core: Core, window: PresetsWindow) -> None:
    before = own(core)
    assert not button(window, "Undo").isVisible()
    qtbot.keyClick(window.list, Qt.Key.Key_Delete)
    assert [one.name for one in core.presets.all()] == [one.name for one in SHIPPED]
    assert window.said.text() == "“Calm” was deleted."
    button(window, "Undo").click()
    assert own(core) == before
    assert chosen(window) == "Calm"
    assert not button(window, "Undo").isVisible()
    # Once more by the keyboard alone; and what comes with the program stays.
    qtbot.keyClick(window.list, Qt.Key.Key_Delete)
    qtbot.keyClick(window.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert own(core) == before
    window.list.setCurrentRow(0)
    qtbot.keyClick(window.list, Qt.Key.Key_Delete)
    assert len(core.presets.all()) == len(SHIPPED) + 1


def test_a_shipped_one_is_duplicated_to_be_changed(core: Core, window: PresetsWindow) -> None:
    window.list.setCurrentRow(0)
    button(window, "Duplicate").click()
    assert chosen(window) == f"{SHIPPED[0].name} 2"
    made = next(one for one in core.presets.all() if one.name == chosen(window))
    assert made.parameters == SHIPPED[0].parameters
    assert button(window, "Delete").isEnabled()


def test_two_are_compared_and_the_better_is_used(window: PresetsWindow) -> None:
    used: list[Preset] = []
    window.used.connect(used.append)
    window.list.setCurrentRow(0)
    button(window, "Compare…").click()
    comparison = window.findChild(PresetComparison)
    assert isinstance(comparison, PresetComparison)
    comparison.second.setCurrentIndex(comparison.second.count() - 1)
    cells = [
        item.text()
        for row in range(comparison.table.rowCount())
        for column in range(comparison.table.columnCount())
        if (item := comparison.table.item(row, column)) is not None
    ]
    assert "Top K" in cells
    assert "30" in cells
    button(comparison, "Use B").click()
    assert used[-1].name == "Calm"


def test_the_start_of_a_models_conversations_has_a_star(core: Core, window: PresetsWindow) -> None:
    core.presets.put_default_for("embedded", "smol", own(core).id)
    assert chosen(window) == f"Calm {STAR}"
    assert "Used for new chats with smol." in window.about.text()
    row = window.list.item(window.list.currentRow())
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "Calm, used for new chats"
    core.presets.put_default_for("embedded", "smol", None)
    assert chosen(window) == "Calm"


def test_presets_go_through_a_file(
    core: Core, window: PresetsWindow, on_loop: OnLoop, tmp_path: Path
) -> None:
    path = tmp_path / "one.json"

    async def work() -> None:
        await window._export(path, [own(core)])
        assert window.said.text() == f"Exported to {path}."
        await window._import(path)

    on_loop(work)
    [one] = json.loads(path.read_text("utf-8"))["presets"]
    assert one["name"] == "Calm"
    assert names(window)[-2:] == ["Calm", "Calm 2"]
    assert chosen(window) == "Calm 2"


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[" * 100_000, b'{"format": "other"}', b"null"]
)
def test_a_file_that_has_none_changes_nothing(
    core: Core, window: PresetsWindow, on_loop: OnLoop, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    before = core.presets.all()

    async def work() -> None:
        window.import_file(str(path))
        await asyncio.gather(*core.tasks._running)

    on_loop(work)
    assert core.presets.all() == before
    assert window.said.isVisible()
    assert window.said.text()
    assert "Traceback" not in window.said.text()
