"""Every setting of the table is kept, read back with its type, and told of when it changes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.chat.tool_command import ToolCommand
from app.domain.parameters.token_origins import Origin
from app.domain.providers.routed_model import RoutedModel
from app.services.library.setting import Control, Setting
from app.services.library.settings import SETTINGS, Settings
from app.store.library import Library

#: Another value than the default of each setting.
OTHERS: dict[str, Any] = {
    "theme": "dark",
    "enter_sends": False,
    "ask_probabilities": True,
    "engine_model": Path("/models/other.gguf"),
    "proxy": "http://proxy.example:3128",
    "default_provider": "openrouter",
    "last_model": RoutedModel("openrouter", "a/model", {"sort": "price"}),
    "sweep_cells": 12,
    "sweep_dollars": 1.5,
    "tool_commands": (ToolCommand("look", ("look",)),),
    "key_origins": {"https://api.example:443": True, "http://127.0.0.1:8080": None},
    "token_origins": (Origin("p", "m", "M", {5: b" "}),),
}
#: JSON that none of them can be.
NONSENSE: tuple[Any, ...] = (
    None,
    [],
    {},
    -1,
    1.0e300,
    "\0",
    "no such thing://",
    True,
    [[1]],
    ["a", {}],
)


@pytest.fixture
def library() -> Iterator[Library]:
    """A new library in memory."""
    made = Library.in_memory()
    yield made
    made.close()


def by_name(setting: Setting[Any]) -> str:
    return setting.name


def test_the_table_is_all_there_is() -> None:
    assert {setting.name for setting in SETTINGS} == OTHERS.keys()
    assert Settings.theme in SETTINGS


@pytest.mark.parametrize("setting", SETTINGS, ids=by_name)
def test_a_setting_is_kept_and_told_of_once(library: Library, setting: Setting[Any]) -> None:
    settings = Settings(library)
    told: list[str] = []
    settings.changed.connect(told.append)
    assert settings.get(setting) == setting.default
    other = OTHERS[setting.name]
    settings.put(setting, other)
    settings.put(setting, other)
    assert told == [setting.name]
    again = Settings(library)
    assert again.get(setting) == getattr(again, setting.name) == other
    assert type(again.get(setting)) is type(other)
    settings.put(setting, setting.default)
    assert Settings(library).get(setting) == setting.default
    assert told == [setting.name] * 2


@pytest.mark.parametrize("setting", SETTINGS, ids=by_name)
def test_what_can_not_be_right_reads_as_a_value_of_the_same_type(
    library: Library, setting: Setting[Any]
) -> None:
    settings = Settings(library)
    allowed = (type(setting.default), type(OTHERS[setting.name]))
    for value in NONSENSE:
        library.put_setting(setting.name, value)
        assert isinstance(settings.get(setting), allowed), value


@pytest.mark.parametrize("setting", SETTINGS, ids=by_name)
def test_a_setting_in_the_window_has_words_for_all_that_it_shows(setting: Setting[Any]) -> None:
    assert (setting.control is not Control.NONE) == bool(setting.label)
    if setting.control is Control.CHOICE:
        assert setting.default in setting.choices
    if setting.control is Control.WHOLE_NUMBER:
        assert setting.range[0] <= setting.default <= setting.range[1]


def test_settings_of_a_read_only_library_hold_until_the_program_ends(tmp_path: Path) -> None:
    library = Library.open(tmp_path)
    Settings(library).theme = "dark"
    library.close()
    reader = Library.open_to_read(tmp_path)
    assert reader is not None
    settings = Settings(reader)
    told: list[str] = []
    settings.changed.connect(told.append)
    settings.theme = "light"
    settings.enter_sends = False
    settings.put_window({"width": 1})
    assert (settings.theme, settings.enter_sends) == ("light", False)
    assert settings.window() == {"width": 1}
    assert told == ["theme", "enter_sends"]
    assert Settings(reader).theme == "dark"
    reader.close()
