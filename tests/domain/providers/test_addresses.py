"""Addresses in their normal form, their origins, and which are on this computer."""

import pytest

from app.domain.errors import AddressError
from app.domain.providers.addresses import is_loopback, normal_address, origin_of


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
