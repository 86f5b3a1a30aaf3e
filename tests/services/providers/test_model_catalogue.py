"""Every model of every provider is there, offline too, and brought up to date without a word."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import KeyRefused, NotAnApi
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import Model
from app.domain.providers.providers import OPENROUTER, ProviderKind
from app.services.program.core import Core
from app.services.providers.model_catalogue import STALE
from tests.api.endpoints.test_model_lists import ENDPOINT, LISTED
from tests.servers import Script, answer, serving
from tests.services.talking import provider_at

KEY = "sk-or-v1-0123456789abcdef0123456789abcdef"


def listing(value: Any) -> Script:
    return answer(json.dumps(value), content_type="application/json")


async def test_a_list_is_kept_and_there_again_without_a_network(core: Core, tmp_path: Path) -> None:
    with serving(listing({"data": [LISTED, {"id": "other"}]})) as server:
        provider = provider_at(core, server.url)
        assert core.providers.catalogue.is_stale(provider)
        await core.providers.refresh(provider)
        assert [request.path for request in server.requests] == ["/models"]
    assert not core.providers.catalogue.is_stale(provider)
    model = core.providers.model(provider, LISTED["id"])
    await core.close()
    again = Core(tmp_path)
    assert again.providers.model(provider, LISTED["id"]) == model
    assert "other" in {one.id for one in again.providers.models(provider)}
    assert not again.providers.catalogue.is_stale(provider)
    await again.close()


@pytest.mark.parametrize(
    ("age", "stale"),
    [(0.0, False), (STALE - 1, False), (STALE, True), (-1.0, True), (-STALE * 24, True)],
)
async def test_a_list_is_old_after_an_hour_or_once_the_clock_was_set_back(
    core: Core, monkeypatch: pytest.MonkeyPatch, age: float, stale: bool
) -> None:
    fetched = 1_800_000_000.0
    core.library.put_catalogue(OPENROUTER.id, fetched, [Model("a", "A")])
    monkeypatch.setattr(time, "time", lambda: fetched + age)
    assert core.providers.catalogue.is_stale(OPENROUTER) is stale


async def test_what_a_model_does_not_take_by_its_list_is_grey(core: Core) -> None:
    with serving(listing({"data": [LISTED]})) as server:
        provider = provider_at(core, server.url)
        await core.providers.refresh(provider)
    model = core.providers.model(provider, LISTED["id"])
    refused = core.providers.not_taken(provider, model)
    assert refused.keys() == {one.name for one in PARAMETERS} - {"temperature", "top_p"}


async def test_at_openrouter_the_key_is_proved_before_the_list_that_anybody_gets(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    refusal = answer(b'{"error":{"code":401}}', status=401, content_type="application/json")
    with serving(refusal) as server:
        provider = provider_at(core, server.url, ProviderKind.OPENROUTER)
        with pytest.raises(KeyRefused):
            await core.providers.refresh(provider)
        assert server.requests[0].path == "/key"
    with serving(listing({}), listing({"data": [{"id": "a"}]})) as server:
        provider = provider_at(core, server.url, ProviderKind.OPENROUTER)
        assert [model.id for model in await core.providers.refresh(provider)] == ["a"]


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"data":7}', b"", b"[" * 5000])
async def test_what_lists_no_models_is_not_an_api(core: Core, body: bytes) -> None:
    with serving(answer(body, content_type="application/json")) as server:
        provider = provider_at(core, server.url)
        with pytest.raises(NotAnApi):
            await core.providers.refresh(provider)
    assert core.providers.catalogue.is_stale(provider)


async def test_old_lists_are_brought_up_to_date_and_failures_are_quiet(core: Core) -> None:
    with serving(listing({"data": [{"id": "a"}]})) as good, serving(answer("", status=500)) as bad:
        first, second = provider_at(core, good.url), provider_at(core, bad.url)
        for one in core.providers.all():
            if one.id == OPENROUTER.id:
                await core.providers.remove(one)
        told: list[str] = []
        core.providers.catalogue.changed.connect(told.append)
        await core.providers.refresh_stale()
        assert told == [first.id]
        await core.providers.refresh_stale()
        assert len(good.requests) == 1
        assert len(bad.requests) == 2
    assert [one.id for one in core.providers.models(second)] == ["m"]


async def test_another_address_has_another_list(core: Core) -> None:
    with serving(listing({"data": [{"id": "a"}]})) as server:
        provider = provider_at(core, server.url)
        await core.providers.refresh(provider)
        moved = core.providers.put(
            type(provider)(provider.id, provider.name, provider.kind, f"{server.url}/v1", "m")
        )
    assert [one.id for one in core.providers.models(moved)] == ["m"]


async def test_the_hosts_of_a_model_are_asked_for_by_its_path(core: Core) -> None:
    with serving(listing({"data": {"endpoints": [ENDPOINT]}})) as server:
        provider = provider_at(core, server.url)
        hosts = await core.providers.endpoints(provider, "deepseek/deepseek-v4-pro")
        assert server.requests[0].path == "/models/deepseek/deepseek-v4-pro/endpoints"
    assert [host.tag for host in hosts] == ["deepinfra/fp8"]


async def test_llama_cpp_says_how_large_its_window_really_is(core: Core) -> None:
    props = {"default_generation_settings": {"n_ctx": 2048}}
    with serving(listing({"data": [{"id": "a"}]}), listing(props)) as server:
        provider = provider_at(core, f"{server.url}/v1", ProviderKind.LLAMA_CPP)
        (model,) = await core.providers.refresh(provider)
        assert [request.path for request in server.requests] == ["/v1/models", "/props"]
    assert model.context_length == 2048


async def test_favourites_and_the_last_choices_are_remembered(core: Core) -> None:
    catalogue = core.providers.catalogue
    catalogue.put_favourite(("p", "a"), marked=True)
    catalogue.put_favourite(("p", "b"), marked=True)
    catalogue.put_favourite(("p", "a"), marked=False)
    assert catalogue.favourites() == [("p", "b")]
    for number in range(12):
        catalogue.note_choice(("p", str(number)))
    catalogue.note_choice(("p", "5"))
    assert [model for _provider, model in catalogue.recent()][:3] == ["5", "11", "10"]
    assert len(catalogue.recent()) == 8


async def test_what_no_host_takes_that_may_serve_is_grey(core: Core) -> None:
    hosts = [
        {**ENDPOINT, "tag": "deepseek", "supported_parameters": ["temperature", "top_p"]},
        {**ENDPOINT, "tag": "deepinfra/fp8", "supported_parameters": ["top_k", "max_tokens"]},
    ]
    with serving(listing({"data": {"endpoints": hosts}})) as server:
        provider = provider_at(core, server.url, ProviderKind.OPENROUTER)
        model = core.providers.model(provider, "m")
        assert core.providers.not_taken(provider, model) == {}
        await core.providers.catalogue.endpoints(provider, "m", None)
    everybody = core.providers.not_taken(provider, model).keys()
    assert not {"temperature", "top_k", "max_tokens"} & everybody
    assert "min_p" in everybody
    only = core.providers.not_taken(provider, model, {"only": ["deepseek"]}).keys()
    assert {"top_k", "max_tokens"} <= only
    assert "temperature" not in only
    ignoring = core.providers.not_taken(provider, model, {"ignore": ["deepinfra"]}).keys()
    assert ignoring == only
