"""The internet is reached as the person says, and this computer never through anybody."""

import threading

import pytest

from app.api.client import Client
from app.domain.errors import AddressError
from app.domain.providers import ProviderKind
from app.domain.proxies import NONE, SYSTEM, normal_proxy
from tests.api.asking import KEY, ask
from tests.servers import Connection, answer, chat, serving

FAR = "http://loquat-test.invalid/v1"


async def text_through(client: Client, url: str) -> str:
    return (await ask(url, client=client, close=False)).text


async def test_a_proxy_of_ones_own_is_used_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(answer(chat("own"))) as own, serving(answer(chat("system"))) as system:
        monkeypatch.setenv("HTTP_PROXY", system.url)
        monkeypatch.setenv("NO_PROXY", "*")
        client = Client()
        client.use_proxy(own.url)
        assert await text_through(client, FAR) == "own"
        assert own.requests[0].path.startswith("http://loquat-test.invalid/")
        assert system.connections == 0
        await client.aclose()


async def test_the_systems_proxy_is_used_and_can_be_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(answer(chat("system"))) as system:
        monkeypatch.setenv("HTTP_PROXY", system.url)
        client = Client()
        assert await text_through(client, FAR) == "system"
        client.use_proxy(NONE)
        assert await text_through(client, FAR) == ""
        client.use_proxy(SYSTEM)
        assert await text_through(client, FAR) == "system"
        assert system.connections == 2
        await client.aclose()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_no_proxy_sees_this_computer(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    with serving(answer(chat("proxy"))) as proxy, serving(answer(chat("direct"))) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        client = Client()
        client.use_proxy(proxy.url)
        assert await text_through(client, f"http://{host}:{server.port}/v1") == "direct"
        assert proxy.connections == 0
        await client.aclose()


async def test_a_key_never_reaches_a_proxy_in_clear() -> None:
    def refuse(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 403 No\r\nConnection: close\r\n\r\n")

    with serving(refuse) as proxy:
        client = Client()
        client.use_proxy(proxy.url)
        outcome = await ask("https://loquat-test.invalid/v1", client=client)
        assert [request.method for request in proxy.requests] == ["CONNECT"]
        assert all(KEY.encode() not in request.raw for request in proxy.requests)
    assert "proxy" in str(outcome.error)


async def test_an_answer_on_its_way_goes_on_when_the_way_is_changed() -> None:
    go_on = threading.Event()

    def slowly(connection: Connection) -> None:
        connection.head()
        connection.send(chat("a")[:60])
        connection.wait_for(go_on)
        connection.send(chat("a")[60:])

    with serving(slowly) as proxy:
        client = Client()
        client.use_proxy(proxy.url)
        texts = []
        url = f"{FAR}/chat/completions"
        stream = client.stream(url, {"model": "m"}, None, ProviderKind.OPENAI_COMPATIBLE)
        proxy.asked.clear()
        client.use_proxy(NONE)
        client.use_proxy(proxy.url)
        go_on.set()
        async for events in stream:
            texts += events
        assert len(texts) >= 2
        await client.aclose()


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("system", SYSTEM),
        ("none", NONE),
        (" proxy.example:3128 ", "http://proxy.example:3128"),
        ("https://proxy.example/", "https://proxy.example"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_a_proxy_is_read_as_it_is_typed(typed: str, address: str) -> None:
    assert normal_proxy(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "socks5://proxy.example:1080",
        "http://me:secret@proxy.example",
        "ftp://proxy.example",
        "http://",
        "http://proxy.example/path",
        "http://proxy.example:0",
        "http://proxy.example:99999",
        "",
    ],
)
def test_what_is_no_proxy_is_refused_without_quoting_it(typed: str) -> None:
    with pytest.raises(AddressError) as refused:
        normal_proxy(typed)
    assert "secret" not in str(refused.value)
