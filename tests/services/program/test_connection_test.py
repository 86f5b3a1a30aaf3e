"""Trying a provider out says what works, step by step, and buys nothing."""

import json

import pytest

from app.domain.providers.providers import Provider, ProviderKind
from app.services.program.connection_test import check_provider
from app.services.program.core import Core
from app.services.program.diagnosis import Check
from tests.servers import Script, answer, chat, serving
from tests.services.talking import provider_at


def listing(*ids: str) -> Script:
    data = {"data": [{"id": one} for one in ids]}
    return answer(json.dumps(data), content_type="application/json")


async def tried(core: Core, provider: Provider) -> list[tuple[bool, str]]:
    told: list[Check] = []
    await check_provider(core, provider, told.append)
    return [(check.ok, check.words) for check in told]


async def test_a_server_on_this_computer_is_asked_for_a_word(core: Core) -> None:
    with serving(listing("m", "n"), answer(chat("Hi"))) as server:
        steps = await tried(core, provider_at(core, server.url))
        assert server.requests[1].json["max_tokens"] == 8
    assert steps == [(True, "Connected. 2 models."), (True, "m answers.")]


async def test_a_model_that_is_not_there_is_said(core: Core) -> None:
    with serving(listing("other")) as server:
        steps = await tried(core, provider_at(core, server.url))
        assert len(server.requests) == 1
    assert steps[-1] == (False, "“m” isn't one of them.")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (answer("{}", status=401), "rejected the API key"),
        (answer("<html>", content_type="text/html"), "page instead of an answer"),
    ],
)
async def test_the_first_step_that_fails_is_the_last(
    core: Core, script: Script, words: str
) -> None:
    with serving(script) as server:
        ((ok, said),) = await tried(core, provider_at(core, server.url))
    assert not ok
    assert words in said


async def test_a_server_that_lists_and_does_not_answer_is_told_from_one_that_does(
    core: Core,
) -> None:
    failing = answer('{"error": {"message": "no slot"}}', status=500)
    with serving(listing("m"), failing) as server:
        steps = await tried(core, provider_at(core, server.url))
    assert [ok for ok, _words in steps] == [True, False]
    assert "no slot" in steps[-1][1]


async def test_a_key_that_is_needed_and_missing_is_said_before_anything_is_sent(
    core: Core,
) -> None:
    with serving(listing("m")) as server:
        steps = await tried(core, provider_at(core, server.url, ProviderKind.DEEPSEEK))
        assert server.requests == []
    assert "needs an API key" in steps[0][1]


async def test_each_providers_own_variable_is_for_it_alone(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", "sk-for-deepseek-alone")
    deepseek = Provider("d", "D", ProviderKind.DEEPSEEK, "https://api.deepseek.com", "m")
    elsewhere = Provider("e", "E", ProviderKind.DEEPSEEK, "https://deepseek.example", "m")
    other = Provider("o", "O", ProviderKind.OPENAI, "https://api.openai.com/v1", "m")
    assert await core.providers.key(deepseek) == "sk-for-deepseek-alone"
    assert await core.providers.key(elsewhere) is None
    assert await core.providers.key(other) is None
