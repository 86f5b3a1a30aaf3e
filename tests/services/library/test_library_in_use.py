"""A library that an earlier program has used opens with everything that was in it."""

import json
from decimal import Decimal
from pathlib import Path

import apsw
import pytest

from app.domain.chat.conversation import Conversation, Message, Role, Timings, ToolCall
from app.domain.chat.tool_command import ToolCommand
from app.domain.errors import Remedy
from app.domain.events import Usage
from app.domain.parameters.token_origins import Origin
from app.services.library import export as exporting
from app.services.library.drafts import Drafts
from app.services.library.presets import Presets
from app.services.library.settings import Settings
from app.store.library import Library

IN_USE = Path(__file__).parents[2] / "store" / "shapes" / "in_use"
SETTINGS = "SELECT name, value FROM settings ORDER BY name"


@pytest.fixture(params=sorted(path.stem for path in IN_USE.iterdir()))
def directory(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The data directory of a program of that version, used for all that it offers."""
    with apsw.Connection(str(tmp_path / "library.db")) as connection:
        connection.execute((IN_USE / f"{request.param}.sql").read_text())
    connection.close()
    return tmp_path


def kept_settings(directory: Path) -> list[tuple[str, str]]:
    connection = apsw.Connection(str(directory / "library.db"), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return list(connection.execute(SETTINGS))
    finally:
        connection.close()


def test_conversations_and_answers_are_as_they_were(directory: Path) -> None:
    library = Library.open(directory)
    assert library.conversations() == [
        Conversation(
            "c",
            "In use",
            1.0,
            2.0,
            "gone",
            provider="7f31",
            model="qwen",
            system="Be brief.",
            parameters={"temperature": 0.5, "stop": ["\n"]},
            routing={"order": ["deepinfra"]},
        )
    ]
    asked, known = library.messages("c")[:2]
    assert asked == Message("q", None, Role.USER, "Why?", 1.0)
    assert known == Message(
        "known",
        "q",
        Role.ASSISTANT,
        "From My server.",
        2.0,
        reasoning="Hm.",
        provider="7f31",
        model="qwen",
        served_by="DeepInfra",
        finish_reason="stop",
        usage=Usage(3, 4),
        cost=Decimal("0.010"),
        cost_estimated=True,
        timings=Timings(0.5, 1.5),
        tool_calls=(ToolCall("i", "look", "{}"),),
        reasoning_details='[{"type":"text"}]',
        generation="gen-1",
        note="A note.",
    )
    assert library.request_head("known") == {"model": "qwen", "messages": [], "temperature": 0.5}
    assert [token.chosen.token for token in library.probabilities("known")] == ["From"]
    library.close()


def test_a_providers_name_becomes_its_id_unless_none_or_several_have_it(directory: Path) -> None:
    library = Library.open(directory)
    providers = {message.id: message.provider for message in library.messages("c")}
    assert providers == {
        "q": "",
        "known": "7f31",
        "router": "openrouter",
        "several": "Twin",
        "gone": "Renamed since",
    }
    assert [cell.answer.provider for cell in library.sweeps.cells("s")] == ["7f31", "Twin"]
    assert library.messages("c")[2].remedy is Remedy.CREDIT
    (written,) = json.loads(b"".join(exporting.pieces(library, library.conversations())))[
        "conversations"
    ]
    assert [(one["provider"], one["provider_id"]) for one in written["messages"]] == [
        ("", ""),
        ("My server", "7f31"),
        ("OpenRouter", "openrouter"),
        ("Twin", "Twin"),
        ("Renamed since", "Renamed since"),
    ]
    library.close()


def test_settings_read_as_they_were_chosen_and_stay_so_in_the_file(directory: Path) -> None:
    before = kept_settings(directory)
    library = Library.open(directory)
    settings, drafts = Settings(library), Drafts(library)
    assert settings.theme == "dark"
    assert settings.enter_sends is False
    assert settings.proxy == "http://proxy.example:3128"
    assert settings.default_provider == "7f31"
    assert settings.engine_model == Path("/models/other.gguf")
    assert settings.tool_commands == (
        ToolCommand("look", ("look", "-n"), always=True, seconds=7.0),
    )
    assert (settings.sweep_cells, settings.sweep_dollars) == (12, 1.5)
    assert settings.token_origins == (Origin("7f31", "qwen", "Qwen", {5: b" tree"}),)
    assert (drafts.text("c"), drafts.text("")) == ("half a thought", "a beginning")
    assert settings.picks("favourite_models") == [("openrouter", "deepseek/deepseek-v4-pro")]
    assert settings.picks("recent_models") == [("7f31", "qwen")]
    assert settings.refusals("http://127.0.0.1:8080", "qwen") == {"top_a": "unknown field"}
    assert settings.window() == {"width": 900, "conversation": "c"}
    preset = Presets(library).current("c", {})
    assert preset is not None
    assert (preset.name, preset.about, preset.parameters) == (
        "Mine",
        "About it.",
        {"temperature": 0.2},
    )
    library.close()
    assert kept_settings(directory) == before
