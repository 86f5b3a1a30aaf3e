"""`loquat ask --dry-run`: the request is shown, nothing is sent, started or kept."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Loquat
from tests.servers import answer, chat, serving

CANARY = "sk-canary-0123456789"


@pytest.mark.parametrize("form", ["json", "curl", "python", "openai", "javascript"])
def test_a_dry_run_sends_and_keeps_nothing(loquat: Loquat, tmp_path: Path, form: str) -> None:
    with serving(answer(chat("One"))) as server:
        chosen = ["--base-url", server.url, "--model", "m", "--set", "seed=7"]
        ran = loquat("ask", "Well?", *chosen, "--dry-run", "--as", form)
        assert server.connections == 0
        assert (ran.status, ran.err) == (0, "")
        assert server.url in ran.out
    assert "$LOQUAT_API_KEY" in ran.out or "LOQUAT_API_KEY" in ran.out
    assert "Well?" in ran.out
    assert not (tmp_path / "data").exists()


def test_a_dry_run_shows_the_request_as_json(
    loquat: Loquat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", CANARY)
    ran = loquat("ask", "Well?", "--provider", "openrouter", "--dry-run", "--set", "max_tokens=5")
    shown = json.loads(ran.out)
    assert shown["url"] == "https://openrouter.ai/api/v1/chat/completions"
    assert shown["headers"]["Authorization"] == "Bearer $OPENROUTER_API_KEY"
    assert shown["body"]["model"] == "deepseek/deepseek-v4-pro"
    assert shown["body"]["max_completion_tokens"] == 5


def test_a_dry_run_of_the_model_on_this_computer_needs_no_key(loquat: Loquat) -> None:
    shown = json.loads(loquat("ask", "Well?", "--dry-run").out)
    assert shown["url"].startswith("http://127.0.0.1:")
    assert shown["headers"] == {}


def test_a_parameter_that_goes_nowhere_is_noted(loquat: Loquat) -> None:
    ran = loquat("ask", "Well?", "--dry-run", "--set", "include_reasoning=true")
    assert ran.status == 0
    assert "include_reasoning" in ran.err
    assert "include_reasoning" not in ran.out


def test_bytes_that_are_no_text_in_an_argument_are_mended(loquat: Loquat) -> None:
    # What Python makes of a byte in an argument that is no UTF-8.
    shown = json.loads(loquat("ask", "a\udcff", "--system", "b\udcff", "--dry-run").out)
    assert [one["content"] for one in shown["body"]["messages"]] == ["b\ufffd", "a\ufffd"]
