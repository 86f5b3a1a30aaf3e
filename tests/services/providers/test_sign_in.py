"""Signing in, from the address to the kept key; and every way in which it can go wrong."""

import asyncio
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.domain.errors import AddressError, Forbidden, InputError, Interrupted, Refused
from app.domain.providers.key_limits import KeyFacts
from app.domain.providers.providers import OPENROUTER, Provider
from app.services.program.core import Core
from app.services.providers import sign_in as signing_in
from app.services.providers.sign_in import Connected, SigningIn, key_facts
from app.services.providers.sign_in_callback import LOOPBACK
from tests.openrouter import CODE, KEY, OpenRouter, browse, provider_of
from tests.servers import Connection, Server, answer, serving
from tests.services.providers.test_sign_in_callback import is_free, rest
from tests.services.talking import PATIENCE


@pytest.fixture
def openrouter() -> Iterator[Server]:
    with serving(OpenRouter()) as server:
        yield server


def attempt_at(
    core: Core,
    provider: Provider,
    hosts: tuple[str, ...] = LOOPBACK,
    patience: float = signing_in.PATIENCE,
) -> SigningIn:
    return SigningIn(core.providers, core.client, provider, hosts=hosts, patience=patience)


def finishing(attempt: SigningIn) -> asyncio.Task[Connected]:
    return asyncio.create_task(asyncio.wait_for(attempt.finish(), PATIENCE))


def port_of(attempt: SigningIn) -> int:
    """Where the browser is to come back to."""
    callback = parse_qs(urlsplit(attempt.address).query)["callback_url"][0]
    port = urlsplit(callback).port
    assert port is not None
    return port


async def test_the_browser_comes_back_and_the_key_is_kept(core: Core, openrouter: Server) -> None:
    provider = provider_of(openrouter)
    said: list[str] = []
    async with attempt_at(core, provider) as attempt:
        assert await attempt.listen()
        port = port_of(attempt)
        task = asyncio.create_task(attempt.finish(said.append))
        page = await browse(attempt.address)
        connected = await asyncio.wait_for(task, PATIENCE)
        assert is_free(port)
    assert "You can close this" in page.text
    assert await core.providers.key(provider) == KEY
    assert said == ["Fetching the key…", "Saving the key…"]
    assert not connected.lasting
    assert connected.sentence().startswith(
        "Connected. Key “Loquat”: $4.20 of $10 left. The key is kept in memory until Loquat closes"
    )


async def test_the_page_has_no_script_and_gives_nothing_on(core: Core, openrouter: Server) -> None:
    async with attempt_at(core, provider_of(openrouter)) as attempt:
        await attempt.listen()
        task = finishing(attempt)
        page = await browse(attempt.address)
        await task
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-security-policy"].startswith("default-src 'none';")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert not [one for one in (CODE, "script", "://", "src", "style") if one in page.text]


async def test_listening_twice_is_listening_once(core: Core) -> None:
    async with attempt_at(core, OPENROUTER) as attempt:
        assert await attempt.listen()
        port = port_of(attempt)
        assert await attempt.listen()
        assert port_of(attempt) == port
    assert is_free(port)


async def test_a_code_can_be_pasted_with_no_listener(core: Core, openrouter: Server) -> None:
    provider = provider_of(openrouter)
    async with attempt_at(core, provider) as attempt:
        assert attempt.address == attempt.code_address
        shown = await browse(attempt.code_address)
        with pytest.raises(InputError):
            attempt.paste("not a code")
        attempt.paste(f" {shown.text}\n")
        await finishing(attempt)
    assert await core.providers.key(provider) == KEY


async def test_a_code_can_be_pasted_while_the_browser_is_awaited(
    core: Core, openrouter: Server
) -> None:
    provider = provider_of(openrouter)
    async with attempt_at(core, provider) as attempt:
        await attempt.listen()
        port = port_of(attempt)
        task = finishing(attempt)
        attempt.paste((await browse(attempt.code_address)).text)
        attempt.paste("a-second-one-too-late")
        await task
        assert is_free(port)
    assert await core.providers.key(provider) == KEY


async def test_where_no_port_can_be_had_the_address_is_that_of_a_code(
    core: Core, openrouter: Server
) -> None:
    async with attempt_at(core, provider_of(openrouter), ("192.0.2.1",)) as attempt:
        assert not await attempt.listen()
        assert attempt.address == attempt.code_address
        assert "key_label=Loquat" in attempt.address


async def test_a_computer_without_ipv6_signs_in(core: Core, openrouter: Server) -> None:
    provider = provider_of(openrouter)
    async with attempt_at(core, provider, ("127.0.0.1", "2001:db8::1")) as attempt:
        assert await attempt.listen()
        task = finishing(attempt)
        await browse(attempt.address)
        await task
    assert await core.providers.key(provider) == KEY


async def test_cancelling_leaves_no_listener_and_no_task(core: Core, openrouter: Server) -> None:
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def sign_in() -> None:
        async with attempt_at(core, provider_of(openrouter)) as attempt:
            await attempt.listen()
            ready.set_result(port_of(attempt))
            await attempt.finish()

    before = asyncio.all_tasks()
    task = asyncio.create_task(sign_in())
    reader, writer = await asyncio.open_connection("127.0.0.1", await ready)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert is_free(ready.result())
    assert await rest(reader) == b""
    writer.close()
    assert asyncio.all_tasks() == before
    assert await core.providers.key(provider_of(openrouter)) is None


async def test_cancelling_while_the_key_is_fetched_keeps_none(core: Core) -> None:
    before = asyncio.all_tasks()
    with serving(Connection.stall) as server:
        provider = provider_of(server)
        async with attempt_at(core, provider) as attempt:
            attempt.paste(CODE)
            task = asyncio.create_task(attempt.finish())
            assert await asyncio.to_thread(server.asked.wait, PATIENCE)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(server.left.wait, PATIENCE)
    assert asyncio.all_tasks() == before
    assert await core.providers.key(provider) is None


async def test_nobody_is_waited_for_without_end(core: Core, openrouter: Server) -> None:
    before = asyncio.all_tasks()
    async with attempt_at(core, provider_of(openrouter), patience=0.01) as attempt:
        await attempt.listen()
        port = port_of(attempt)
        with pytest.raises(Interrupted, match=r"Sign-in wasn't finished .* Try again"):
            await attempt.finish()
        assert is_free(port)
    assert asyncio.all_tasks() == before


def test_the_sentence_names_the_minutes() -> None:
    assert "within 10 minutes" in str(signing_in._too_late(signing_in.PATIENCE))


async def test_an_exchange_without_an_answer_ends(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "EXCHANGE", 0.05)
    with serving(Connection.stall) as server:
        async with attempt_at(core, provider_of(server)) as attempt:
            attempt.paste(CODE)
            with pytest.raises(Interrupted, match=r"sent no answer\. Try again"):
                await finishing(attempt)


async def test_facts_that_do_not_come_change_nothing(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "FACTS", 0.05)
    gives = answer(f'{{"key": "{KEY}"}}', content_type="application/json")
    for facts in (Connection.stall, answer(b"<html>", status=500), answer(b"[[[")):
        with serving(gives, facts) as server:
            provider = provider_of(server)
            async with attempt_at(core, provider) as attempt:
                attempt.paste(CODE)
                connected = await finishing(attempt)
        assert connected.facts == KeyFacts()
        assert connected.sentence().startswith("Connected. The key is kept in memory")
        assert await core.providers.key(provider) == KEY


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ({"error": "access_denied"}, "was declined"),
        ({"error": "server_error", "error_description": "GPU on fire"}, "GPU on fire"),
    ],
)
async def test_an_error_that_the_browser_brings_is_told(
    core: Core, error: dict[str, str], words: str
) -> None:
    with serving(OpenRouter(returned=error)) as server:
        async with attempt_at(core, provider_of(server)) as attempt:
            await attempt.listen()
            task = finishing(attempt)
            page = await browse(attempt.address)
            with pytest.raises(Refused, match=words):
                await task
    assert "No key was created" in page.text
    assert "fire" not in page.text
    assert not any("auth/keys" in one.path for one in server.requests)


async def test_a_refused_code_says_what_to_do(core: Core) -> None:
    with serving(OpenRouter(status=403)) as server:
        provider = provider_of(server)
        async with attempt_at(core, provider) as attempt:
            await attempt.listen()
            task = finishing(attempt)
            await browse(attempt.address)
            with pytest.raises(Forbidden, match="Try again"):
                await task
    assert await core.providers.key(provider) is None


async def test_a_server_that_can_be_overheard_is_not_signed_in_at(core: Core) -> None:
    provider = Provider("o", "o", OPENROUTER.kind, "http://openrouter.ai/api/v1", "m")
    async with attempt_at(core, provider) as attempt:
        with pytest.raises(AddressError):
            assert attempt.address
        attempt.paste(CODE)
        with pytest.raises(AddressError):
            await finishing(attempt)


@pytest.mark.parametrize("status", [200, 403, 500])
async def test_code_verifier_and_key_are_in_no_log_repr_or_error(
    core: Core, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    # Each step of the loop is logged then, with what it was about.
    asyncio.get_running_loop().set_debug(True)
    asyncio.get_running_loop().slow_callback_duration = 0
    with serving(OpenRouter(status=status)) as server:
        async with attempt_at(core, provider_of(server)) as attempt:
            await attempt.listen()
            task = finishing(attempt)
            # What a browser writes down is its own.
            await asyncio.to_thread(browse_apart, attempt.address)
            try:
                shown = repr(await task)
            except Refused as error:
                shown = "".join(traceback.format_exception(error)) + repr(error) + error.detail
            shown += repr([attempt, attempt._listener, attempt._returned, task])
            verifier = attempt._verifier
    assert any("auth/keys" in one.path for one in server.requests)
    shown += caplog.text
    assert "Executing <Task" in shown
    for secret in (CODE, KEY, KEY[:12], verifier, verifier[:12]):
        assert secret not in shown


def browse_apart(address: str) -> None:
    """Open an address from another thread, and without a word in the log."""
    with httpx.Client(follow_redirects=True, trust_env=False) as browser:
        browser.get(address)


async def test_nothing_is_written_down(core: Core, openrouter: Server) -> None:
    async with attempt_at(core, provider_of(openrouter)) as attempt:
        await attempt.listen()
        task = finishing(attempt)
        await browse(attempt.address)
        await task
        secrets = [CODE, KEY, attempt._verifier]
    await core.close()
    kept = await asyncio.to_thread(everything_in, core.directory)
    assert kept
    assert not [secret for secret in secrets if secret.encode() in kept]


def everything_in(directory: Path) -> bytes:
    """The bytes of all files together."""
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


async def test_a_kept_key_tells_what_it_may_spend(core: Core, openrouter: Server) -> None:
    provider = provider_of(openrouter)
    assert await key_facts(core.providers, core.client, provider) is None
    await core.providers.save_key(provider, KEY)
    facts = await key_facts(core.providers, core.client, provider)
    assert facts is not None
    assert facts.label == "Loquat"
