"""Providers and settings."""

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings

from app.domain.providers.providers import OPENROUTER, STARTING_PROVIDERS, Provider, ProviderKind
from app.store.library import Library
from tests.store import values

on_one_library = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40
)


def test_a_new_library_starts_with_the_known_providers(library: Library) -> None:
    assert library.providers() == list(STARTING_PROVIDERS)


@given(provider=values.providers)
@on_one_library
def test_every_field_of_a_provider_comes_back(library: Library, provider: Provider) -> None:
    library.put_provider(provider)
    assert library.providers()[-1] == provider


def test_a_changed_provider_keeps_its_place(library: Library) -> None:
    library.put_provider(Provider("mine", "Mine", ProviderKind.LLAMA_CPP, "http://x", "m"))
    changed = Provider(OPENROUTER.id, "Router", OPENROUTER.kind, OPENROUTER.base_url, "other")
    library.put_provider(changed)
    assert library.providers()[1] == changed


def test_a_removed_provider_is_gone_and_stays_gone_when_removed_again(library: Library) -> None:
    library.remove_provider(OPENROUTER.id)
    library.remove_provider(OPENROUTER.id)
    assert OPENROUTER.id not in [provider.id for provider in library.providers()]


@given(value=values.json_values)
@on_one_library
def test_a_setting_comes_back(library: Library, value: Any) -> None:
    library.put_setting("name", value)
    assert library.setting("name") == value


def test_a_setting_that_was_never_made_is_none(library: Library) -> None:
    assert library.setting("never") is None


def test_a_changed_provider_leaves_the_other_starting_providers(library: Library) -> None:
    changed = replace(OPENROUTER, model="another/model")
    library.put_provider(changed)
    assert library.providers() == [
        changed if provider.id == OPENROUTER.id else provider for provider in STARTING_PROVIDERS
    ]


def test_a_removed_provider_leaves_the_other_starting_providers(library: Library) -> None:
    library.remove_provider(OPENROUTER.id)
    assert [one.id for one in library.providers()] == [
        one.id for one in STARTING_PROVIDERS if one.id != OPENROUTER.id
    ]
