"""Presets as the person keeps them: names, shipped ones, files, and which one is on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import InputError, ParameterError
from app.domain.parameters.presets import SHIPPED, Preset
from app.domain.providers.providers import ProviderKind
from app.services.chat.sent_parameters import sent_parameters
from app.services.library.preset_files import read_file, write_file
from app.services.library.presets import Presets
from app.store.library import Library

VALUES = {"temperature": 0.2, "top_k": 30}


@pytest.fixture
def presets() -> Iterator[Presets]:
    library = Library.in_memory()
    yield Presets(library)
    library.close()


def test_a_preset_is_kept_and_the_name_of_another_gets_a_number(presets: Presets) -> None:
    first, second = presets.save("Calm", "Why", VALUES), presets.save("calm", "", {})
    assert presets.get(first.id) == first
    assert second.name == "calm 2"
    assert presets.all() == [*SHIPPED, first, second]


def test_a_value_that_the_table_refuses_is_not_kept(presets: Presets) -> None:
    with pytest.raises(ParameterError):
        presets.save("Wild", "", {"temperature": 9})
    assert presets.all() == list(SHIPPED)


@pytest.mark.parametrize("preset", SHIPPED, ids=lambda one: one.id)
def test_what_comes_with_the_program_stays_and_can_be_duplicated(
    presets: Presets, preset: Preset
) -> None:
    with pytest.raises(InputError, match="Duplicate"):
        presets.overwrite(preset.id, {})
    with pytest.raises(InputError, match="Duplicate"):
        presets.rename(preset.id, "Mine", "")
    with pytest.raises(InputError, match="Duplicate"):
        presets.remove(preset.id)
    mine = presets.duplicate(preset.id)
    assert mine.parameters == preset.parameters
    assert not mine.shipped


def test_what_was_deleted_or_overwritten_comes_back(presets: Presets) -> None:
    preset = presets.save("Calm", "Why", VALUES)
    presets.restore(presets.remove(preset.id))
    assert presets.get(preset.id) == preset
    presets.restore(presets.overwrite(preset.id, {"seed": 1}))
    assert presets.get(preset.id) == preset


def test_a_preset_may_keep_its_name_when_it_is_renamed(presets: Presets) -> None:
    preset = presets.save("Calm", "", VALUES)
    assert presets.rename(preset.id, "Calm", "Now with a reason").name == "Calm"


def test_a_conversation_is_on_the_preset_put_on_last_until_that_is_gone(presets: Presets) -> None:
    preset = presets.save("Calm", "", VALUES)
    presets.remember("one", preset.id)
    assert presets.current("one", {"temperature": 1.9}) == preset
    assert presets.current("other", {"temperature": 1.9}) is None
    presets.remove(preset.id)
    assert presets.current("one", {"temperature": 1.9}) is None


def test_values_that_are_exactly_those_of_a_preset_are_it(presets: Presets) -> None:
    preset = presets.save("Calm", "", VALUES)
    assert presets.current("one", {**VALUES, "max_tokens": 5}) == preset
    presets.remember("one", SHIPPED[0].id)
    assert presets.current("one", VALUES) == preset


def test_new_conversations_with_a_model_start_with_its_preset(presets: Presets) -> None:
    preset = presets.save("Calm", "", VALUES)
    presets.put_default_for("p", "m", preset.id)
    assert presets.starting_values("p", "m") == VALUES
    assert presets.starting_values("p", "other") == {}
    presets.remove(preset.id)
    assert presets.starting_values("p", "m") == {}


def test_a_file_brings_presets_to_another_library(presets: Presets, tmp_path: Path) -> None:
    preset = presets.save("Calm", "Why", VALUES)
    write_file([preset], tmp_path / "a.json")
    added = presets.take(read_file(tmp_path / "a.json").presets)
    assert [(one.name, one.about, one.parameters) for one in added] == [("Calm 2", "Why", VALUES)]


def test_what_is_no_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(InputError):
            read_file(path)


def test_what_was_sent_is_told_by_the_names_of_the_table() -> None:
    body = {"temperature": 0.5, "max_completion_tokens": 9, "top_p": "hostile"}
    found = sent_parameters(ProviderKind.OPENAI, body)
    assert found["temperature"] == 0.5
    assert found["max_tokens"] == 9
    assert found["seed"] is None
    assert "top_p" not in found


def test_what_the_program_sends_of_its_own_accord_is_not_taken_for_a_choice() -> None:
    assert "max_tokens" not in sent_parameters(ProviderKind.EMBEDDED, {"max_tokens": 1024})
    assert sent_parameters(ProviderKind.EMBEDDED, {"max_tokens": 9})["max_tokens"] == 9
