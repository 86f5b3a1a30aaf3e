"""A key goes to the server it was given for, and nowhere else."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import InvalidKey
from app.domain.providers.providers import OPENROUTER, Provider, ProviderKind
from app.services.program.core import Core
from tests.servers import answer, chat, serving
from tests.services.talking import ask, conversation_at, provider_at

CANARY = "sk-canary-0123456789"


def stand_in(kind: ProviderKind, base_url: str) -> Provider:
    """A provider that is in no library."""
    return Provider(id="x", name="x", kind=kind, base_url=base_url, model="m")


def everything_in(directory: Path) -> bytes:
    """The bytes of all files together."""
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


async def test_a_kept_key_is_sent_to_its_server(core: Core) -> None:
    with serving(answer(chat("One"))) as server:
        held = conversation_at(core, server)
        await core.providers.save_key(core.providers.get(held.conversation.provider), CANARY)
        await ask(core, held)
    assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"


async def test_a_kept_key_is_not_sent_to_another_port(core: Core) -> None:
    with serving(answer(chat("One"))) as first, serving(answer(chat("Two"))) as second:
        await core.providers.save_key(provider_at(core, first.url), CANARY)
        await ask(core, conversation_at(core, second))
    assert "authorization" not in second.requests[0].headers


async def test_a_changed_address_has_no_key(core: Core) -> None:
    provider = provider_at(core, "http://127.0.0.1:1")
    await core.providers.save_key(provider, CANARY)
    moved = core.providers.put(replace(provider, base_url="http://127.0.0.1:2"))
    assert await core.providers.key(provider) == CANARY
    assert await core.providers.key(moved) is None


async def test_removing_a_provider_forgets_its_key_unless_another_needs_it(core: Core) -> None:
    first = provider_at(core, "http://127.0.0.1:1/v1")
    second = provider_at(core, "http://127.0.0.1:1/v2")
    await core.providers.save_key(first, CANARY)
    await core.providers.remove(first)
    assert await core.providers.key(second) == CANARY
    await core.providers.remove(second)
    assert await core.providers.key(second) is None


@pytest.mark.parametrize(
    ("kind", "base_url", "sent"),
    [
        (ProviderKind.OPENROUTER, OPENROUTER.base_url, True),
        (ProviderKind.OPENROUTER, "http://127.0.0.1:1", True),
        (ProviderKind.OPENROUTER, "https://openrouter.ai.example.com/api/v1", False),
        (ProviderKind.OPENROUTER, "http://openrouter.ai/api/v1", False),
        (ProviderKind.OPENROUTER, "http://127.0.0.1.example.com", False),
        (ProviderKind.OPENAI_COMPATIBLE, OPENROUTER.base_url, False),
        (ProviderKind.OPENAI_COMPATIBLE, "http://127.0.0.1:1", False),
        (ProviderKind.LLAMA_CPP, "http://127.0.0.1:1", False),
    ],
)
async def test_openrouters_variable_is_for_openrouter(
    core: Core,
    monkeypatch: pytest.MonkeyPatch,
    kind: ProviderKind,
    base_url: str,
    sent: bool,
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", CANARY)
    assert await core.providers.key(stand_in(kind, base_url)) == (CANARY if sent else None)


async def test_a_kept_key_goes_before_the_environments(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = provider_at(core, "http://127.0.0.1:1")
    monkeypatch.setenv("LOQUAT_API_KEY", "from-outside")
    assert await core.providers.key(provider) == "from-outside"
    await core.providers.save_key(provider, CANARY)
    assert await core.providers.key(provider) == CANARY


@pytest.mark.parametrize("text", ["sk-a\nsk-b", "sk-\u200bcanary", "", "sk-ä"])
async def test_a_key_that_no_header_carries_is_refused_without_being_quoted(
    core: Core, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    provider = provider_at(core, "http://127.0.0.1:1")
    with pytest.raises(InvalidKey) as refused:
        await core.providers.save_key(provider, text)
    assert "sk-" not in str(refused.value)
    if text:
        monkeypatch.setenv("LOQUAT_API_KEY", text)
        with pytest.raises(InvalidKey):
            await core.providers.key(provider)


async def test_a_target_does_not_show_its_key(core: Core) -> None:
    provider = provider_at(core, "http://127.0.0.1:1")
    await core.providers.save_key(provider, CANARY)
    assert CANARY not in repr(await core.providers.target(provider, "m"))


async def test_a_key_that_the_server_repeats_is_not_kept(core: Core) -> None:
    body = f'{{"error": {{"message": "Incorrect API key provided: {CANARY}"}}}}'
    with serving(answer(body, status=401, content_type="application/json")) as server:
        held = conversation_at(core, server)
        await core.providers.save_key(core.providers.get(held.conversation.provider), CANARY)
        message = await ask(core, held)
    assert message.error
    assert CANARY not in message.error
    await core.close()
    kept = await asyncio.to_thread(everything_in, core.directory)
    assert b"/chat/completions" in kept
    assert CANARY.encode() not in kept
