"""Presets: the panel with what differs, the menu, all presets, a comparison, an import."""

import asyncio
import tempfile
from pathlib import Path

from app.domain.parameters.presets import SHIPPED
from app.ui.presets.preset_compare import PresetComparison
from app.ui.presets.presets_window import PresetsWindow
from tests.screenshots.studio import Studio

PROBLEMS = b"""{"format": "loquat-presets", "version": 1, "presets": [
  {"name": "Calm & <b>clear</b>", "about": "For \xe4\xb8\xad\xe6\x96\x87 and prose.",
   "parameters": {"temperature": 0.4, "top_p": 7, "mirostat": 2, "min_p": 0.05}},
  {"about": "nameless", "parameters": {}}]}"""

READINGS = {
    "temperature": "3.1 choices, 5.0 without it",
    "min_p": "12 of 49,152 tokens stay",
}


async def draw_presets(studio: Studio, directory: Path) -> None:
    """Everything of presets, as a person comes to it."""
    choices, panel = studio.main_window.choices, studio.main_window.choices.panel
    studio.main_window.new_conversation()
    choices.presets.use(SHIPPED[2])
    studio.main_window.in_view.set_value("temperature", 0.7)
    studio.main_window.in_view.set_value("top_k", 40)
    studio.main_window.in_view.set_value("presence_penalty", -0.5)
    panel.show_last({"temperature": 0.9, "top_k": None, "frequency_penalty": None})
    panel.show_readings(READINGS)
    for width in (280, 360):
        old = panel.minimumWidth(), panel.maximumWidth()
        panel.setFixedWidth(width)
        await studio.settle()
        studio.shoot(directory, f"60-panel-differences-{width}", panel)
        panel.setMinimumWidth(old[0])
        panel.setMaximumWidth(old[1])
    studio.shoot(directory, "61-preset-on")
    menu = panel.preset.more.menu()
    menu.popup(studio.window.mapToGlobal(studio.window.rect().center()))
    await studio.settle()
    studio.shoot(directory, "62-preset-menu", menu)
    menu.hide()
    choices.presets.show_window()
    window = studio.window.findChild(PresetsWindow)
    assert isinstance(window, PresetsWindow)
    window.list.setCurrentRow(2)
    await studio.settle()
    studio.shoot(directory, "63-presets", window)
    window.compare()
    await studio.settle()
    comparison = window.findChild(PresetComparison)
    assert isinstance(comparison, PresetComparison)
    studio.shoot(directory, "64-presets-compared", comparison)
    comparison.close()
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "presets.json"
        file.write_bytes(PROBLEMS)
        window.import_file(str(file))
        for _turn in range(100):
            await asyncio.sleep(0.02)
            if not window.said.isHidden():
                break
    await studio.settle()
    studio.shoot(directory, "65-presets-imported", window)
    window.close()
