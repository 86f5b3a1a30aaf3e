"""API keys as they are pasted, and the environment variable of each origin."""

import pytest

from app.domain.errors import InvalidKey
from app.domain.providers.api_keys import clean_key, key_variable_for, without_secret


def test_a_key_loses_the_white_space_around_it() -> None:
    assert clean_key("  sk-123\n") == "sk-123"


@pytest.mark.parametrize(
    "key", ["", "sk-1\n23", "sk-\u200b123", "sk-é", "sk 1", "\ufeffsk", "x" * 5000]
)
def test_a_key_that_no_header_could_carry_is_refused_without_being_quoted(key: str) -> None:
    with pytest.raises(InvalidKey) as refusal:
        clean_key(key)
    assert "sk-" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "variable"),
    [
        ("https://openrouter.ai/api/v1/chat/completions", "OPENROUTER_API_KEY"),
        ("https://api.openai.com/v1/chat/completions", "OPENAI_API_KEY"),
        ("https://API.DeepSeek.com:443/chat/completions", "DEEPSEEK_API_KEY"),
        ("http://127.0.0.1:8080/v1/chat/completions", None),
        ("http://localhost:11434/v1/chat/completions", None),
        ("http://[::1]:1234/v1", None),
        ("https://llm.example.org/v1", "LOQUAT_API_KEY"),
        # Not the same origin: a key would go to somebody else, or in clear.
        ("https://openrouter.ai.example.org/v1", "LOQUAT_API_KEY"),
        ("https://openrouter.ai@example.org/v1", "LOQUAT_API_KEY"),
        ("http://openrouter.ai/api/v1", "LOQUAT_API_KEY"),
        ("https://api.openai.com:8443/v1", "LOQUAT_API_KEY"),
        ("http://[", "LOQUAT_API_KEY"),
        ("https://api.openai.com:99999/", "LOQUAT_API_KEY"),
        ("", "LOQUAT_API_KEY"),
    ],
)
def test_each_origin_has_its_key_variable(url: str, variable: str | None) -> None:
    assert key_variable_for(url) == variable


@pytest.mark.parametrize("key", ["x", "k", "ollama", "1234567", ""])
def test_a_key_that_is_too_short_to_be_one_spoils_no_message(key: str) -> None:
    words = "The text exceeds 1234567 tokens; ollama takes top_k."
    assert without_secret(words, key) == words


def test_a_key_is_redacted_inside_a_longer_word() -> None:
    assert without_secret("keysk-01234.", "sk-01234") == "key•••."
