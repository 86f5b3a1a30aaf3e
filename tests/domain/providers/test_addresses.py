"""Addresses, origins and keys."""

import pytest

from app.domain.errors import AddressError, InvalidKey
from app.domain.providers.addresses import is_loopback, normal_address, origin_of
from app.domain.providers.api_keys import clean_key, key_variable_for


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("localhost:8080/v1/", "http://localhost:8080/v1"),
        (" https://api.example.org/v1/chat/completions ", "https://api.example.org/v1"),
        ("http://[::1]:1234/v1", "http://[::1]:1234/v1"),
    ],
)
def test_an_address_is_brought_into_its_normal_form(typed: str, address: str) -> None:
    assert normal_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "ftp://example.org",
        "file:///etc/passwd",
        "https://",
        "http://host:99999/v1",
        "https://user:secret@example.org/v1",
        "https://example.org/v1?key=1",
        "https://exa mple.org",
        "https://exam\u200bple.org",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(AddressError):
        normal_address(typed)


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin_of("https://OpenRouter.ai/api/v1") == "https://openrouter.ai:443"
    assert origin_of("https://openrouter.ai:8443/api") != origin_of("https://openrouter.ai/api")
    assert origin_of("http://openrouter.ai/api") != origin_of("https://openrouter.ai/api")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1", "http://localhost/", "http://[::1]:80/"])
def test_this_computer_is_known_by_its_names(url: str) -> None:
    assert is_loopback(url)


def test_another_computer_is_not_this_one() -> None:
    assert not is_loopback("http://localhost.example.org/")


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
