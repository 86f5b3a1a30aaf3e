"""The internet is reached as the person says, and this computer never through anybody."""

import logging
import threading
from pathlib import Path

import pytest

from app.api.http.client import Client
from app.domain.errors import AddressError, Unreachable
from app.domain.providers.proxies import NONE, SYSTEM, normal_proxy
from tests.api.http.exchanges import KEY, Outcome, ask, wires
from tests.authority import Authority
from tests.faults.test_connecting import free_port
from tests.proxy import answering, proxying
from tests.servers import Connection, Script, answer, chat, keep_alive, serving

FAR = "http://loquat-test.invalid/v1"
SECURE = "https://loquat-test.invalid/v1"
#: No name of this one is ever looked up: only proxies are asked for it.
NAME = "example.test"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


async def text_through(client: Client, url: str) -> str:
    return (await ask(url, client=client, close=False)).text


async def asked_by_way_of(proxy: str, url: str) -> Outcome:
    """What comes of a question through a proxy of the person's own."""
    client = Client()
    client.use_proxy(proxy)
    return await ask(url, client=client)


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


@pytest.mark.parametrize("way", ["own", SYSTEM, NONE])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.1.2.3"])
async def test_no_proxy_sees_this_computer(
    monkeypatch: pytest.MonkeyPatch, host: str, way: str
) -> None:
    listening = "127.0.0.1" if host == "localhost" else host.strip("[]")
    with serving(answer(chat("proxy"))) as proxy:
        for name in VARIABLES:
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NO_PROXY", "elsewhere.example")
        client = Client()
        client.use_proxy(proxy.url if way == "own" else way)
        try:
            async with answering(chat("direct"), host=listening) as port:
                assert await text_through(client, f"http://{host}:{port}/v1") == "direct"
        except OSError:
            pytest.skip(f"this system has no {host}")
        assert proxy.connections == 0
        await client.aclose()


@pytest.mark.parametrize("way", ["own", SYSTEM])
async def test_in_a_tunnel_the_proxy_reads_neither_key_nor_question(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    server_side = authority.server_side(NAME)
    async with answering(chat("secret"), server_side) as port, proxying(port) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        monkeypatch.setenv("HTTPS_PROXY", address)
        client = Client()
        client.use_proxy(address if way == "own" else way)
        outcome = await ask(f"https://{NAME}/v1", client=client, body={"model": "my-question"})
        assert (outcome.text, outcome.error) == ("secret", None)
        assert proxy.asked == [f"CONNECT {NAME}:443 HTTP/1.1"]
        # The tunnel was used, and what went through it is nobody's to read.
        assert len(proxy.seen) > 500
        assert KEY.encode() not in proxy.seen
        assert b"my-question" not in proxy.seen


@pytest.mark.parametrize("way", ["own", SYSTEM])
@pytest.mark.parametrize("known", [True, False])
async def test_a_proxys_own_certificate_is_believed_if_the_system_believes_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str, known: bool
) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    authority, other = Authority(tmp_path / "one"), Authority(tmp_path / "other")
    # By whatever list comes with Python, it would be the other way round.
    believed, listed = (authority, other) if known else (other, authority)
    monkeypatch.setenv("SSL_CERT_FILE", str(believed.file))
    monkeypatch.setattr("certifi.where", lambda: str(listed.file))
    async with (
        answering(chat("secure")) as port,
        proxying(port, authority.server_side("localhost")) as proxy,
    ):
        address = f"https://localhost:{proxy.port}"
        monkeypatch.setenv("HTTP_PROXY", address)
        outcome = await asked_by_way_of(address if way == "own" else way, f"http://{NAME}/v1")
    if known:
        assert (outcome.text, outcome.error) == ("secure", None)
        assert proxy.asked == [f"POST http://{NAME}/v1/chat/completions HTTP/1.1"]
    else:
        assert isinstance(outcome.error, Unreachable)
        assert f"the proxy {address} isn't valid" in str(outcome.error)
        assert proxy.asked == []


def refuse(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 403 No\r\nConnection: close\r\n\r\n")


def ask_for_a_password(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 407 Who\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@pytest.mark.parametrize(
    ("script", "url", "says"),
    [
        (refuse, SECURE, "doesn't allow connections to loquat-test.invalid"),
        (ask_for_a_password, SECURE, "needs a user name and password"),
        (ask_for_a_password, FAR, "needs a user name and password"),
    ],
)
async def test_a_proxy_that_refuses_is_named(script: Script, url: str, says: str) -> None:
    with serving(script) as proxy:
        outcome = await asked_by_way_of(proxy.url, url)
        assert url == FAR or [request.method for request in proxy.requests] == ["CONNECT"]
        assert url == FAR or KEY.encode() not in proxy.requests[0].raw
        assert isinstance(outcome.error, Unreachable)
        assert f"The proxy {proxy.url} {says}" in str(outcome.error)


@pytest.mark.parametrize("url", [FAR, SECURE])
async def test_a_proxy_that_is_not_there_is_named_and_not_the_server(url: str) -> None:
    proxy = f"http://127.0.0.1:{free_port()}"
    outcome = await asked_by_way_of(proxy, url)
    assert isinstance(outcome.error, Unreachable)
    assert f"Can't reach the proxy {proxy} on the way to loquat-test.invalid" in str(outcome.error)


async def test_a_status_of_the_server_itself_is_no_proxys() -> None:
    with serving(ask_for_a_password) as server:
        outcome = await ask(server.url)
    assert outcome.error is not None
    assert "proxy" not in str(outcome.error)


async def test_the_password_in_the_systems_proxy_is_used_and_never_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(ask_for_a_password) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("//", "//me:opensesame@"))
        outcome = await asked_by_way_of(SYSTEM, FAR)
        assert proxy.requests[0].headers["proxy-authorization"].startswith("Basic ")
    assert outcome.error is not None
    for told in (str(outcome.error), outcome.error.detail, caplog.text):
        assert "opensesame" not in told


@pytest.mark.parametrize(
    ("excepted", "through"),
    [
        ("loquat-test.invalid", False),
        ("other.example, .INVALID", False),
        ("*.invalid", False),
        ("loquat-test.invalid:80", False),
        ("loquat-test.invalid:8080", True),
        ("test.invalid", True),
        ("*", False),
        (" , ", True),
        ("10.0.0.0/8", True),
    ],
)
async def test_what_the_system_excepts_is_asked_straight(
    monkeypatch: pytest.MonkeyPatch, excepted: str, through: bool
) -> None:
    with serving(answer(chat("proxy"))) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", excepted)
        outcome = await asked_by_way_of(SYSTEM, FAR)
        assert proxy.connections == through
    assert outcome.text == ("proxy" if through else "")


@pytest.mark.parametrize(
    ("excepted", "host"),
    [
        ("10.0.0.0/8", "10.1.2.3"),
        ("fd00::/8", "[fd00::5]"),
        ("fd00::5", "[fd00::5]"),
        ("[fd00::5]", "[fd00::5]"),
        ("10.1.2.3", "10.1.2.3"),
    ],
)
def test_a_network_can_be_excepted(
    monkeypatch: pytest.MonkeyPatch, excepted: str, host: str
) -> None:
    import ssl

    import httpx

    from app.api.http.proxying import ProxyTransport

    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    for names, proxy in ((excepted, None), ("11.0.0.0/8,nonsense/9", "http://proxy.example:3128")):
        monkeypatch.setenv("NO_PROXY", names)
        ways = ProxyTransport(SYSTEM, ssl.create_default_context(), httpx.Limits())
        assert ways.proxy_for(httpx.URL(f"http://{host}:11434/v1")) == proxy


async def test_a_socks_proxy_is_no_hindrance_where_another_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Desktops set them all.
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:1080/")
    with serving(answer(chat("http"))) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        outcome = await asked_by_way_of(SYSTEM, FAR)
        assert "SOCKS" in str(outcome.error)
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert (await asked_by_way_of(SYSTEM, FAR)).text == "http"


async def test_an_answer_on_its_way_goes_on_when_the_way_is_changed() -> None:
    from app.domain.providers.providers import ProviderKind

    go_on = threading.Event()

    def slowly(connection: Connection) -> None:
        connection.head()
        whole = chat("before", "after")
        middle = whole.index(b"\n\n") + 2
        connection.send(whole[:middle])
        connection.wait_for(go_on)
        connection.send(whole[middle:])

    before = wires()
    with serving(slowly) as former, serving(answer(chat("new"))) as latter:
        client = Client()
        client.use_proxy(former.url)
        url = f"{FAR}/chat/completions"
        stream = client.stream(url, {"model": "m"}, None, ProviderKind.OPENAI_COMPATIBLE)
        events = await anext(stream)
        client.use_proxy(latter.url)
        await client.settle()
        assert await text_through(client, FAR) == "new"
        go_on.set()
        async for more in stream:
            events += more
        assert Outcome(events).text == "beforeafter"
        assert former.connections == 1
        # With its last answer, the former way is closed; the new one is not.
        assert len(wires() - before) == 1
        await client.aclose()
    assert wires() <= before


async def test_a_former_way_on_which_nothing_comes_is_closed_at_once() -> None:
    before = wires()
    with serving(keep_alive(chat("a"))) as proxy:
        client = Client()
        client.use_proxy(proxy.url)
        assert await text_through(client, FAR) == "a"
        client.use_proxy(NONE)
        await client.settle()
        assert wires() <= before
        await client.aclose()


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("system", SYSTEM),
        ("none", NONE),
        (" proxy.example:3128 ", "http://proxy.example:3128"),
        ("https://proxy.example/", "https://proxy.example"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("10.0.0.1:8080", "http://10.0.0.1:8080"),
    ],
)
def test_a_proxy_is_read_as_it_is_typed(typed: str, address: str) -> None:
    assert normal_proxy(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "socks5://proxy.example:1080",
        "http://me:secret@proxy.example",
        "me:secret@proxy.example",
        "http://me:80/secret@proxy.example",
        "ftp://proxy.example",
        "http://",
        "http://proxy.example/path",
        "http://proxy.example:0",
        "http://proxy.example:99999",
        "http://a secret.example",
        "http://secret..example",
        "http://secret\u202e.example",
        "http://999.1.1.1",
        "http://[fe80::1%25eth0]",
        "http://" + "secret" * 100_000,
        "",
    ],
)
def test_what_is_no_proxy_is_refused_without_quoting_it(typed: str) -> None:
    with pytest.raises(AddressError) as refused:
        normal_proxy(typed)
    assert "secret" not in str(refused.value)
