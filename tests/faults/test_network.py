"""Everything a network does to an answer: what came is kept, and the person reads a sentence."""

import asyncio
import gzip
import logging
import socket
import ssl
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.api.client import Client
from app.domain.errors import (
    Interrupted,
    KeyRefused,
    NotAnApi,
    ProviderError,
    ProviderFailed,
    RateLimited,
    Redirected,
    TooLarge,
    Unreachable,
)
from app.domain.providers import ProviderKind
from tests.api.asking import KEY, Outcome, ask
from tests.servers import DONE, Connection, Script, answer, chat, chunk, event, serving

PROMPT = "a very private question"
BODY = {"model": "m", "messages": [{"role": "user", "content": PROMPT}]}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate made for this moment."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def outcome_of(*scripts: Script, client: Client | None = None) -> Outcome:
    with serving(*scripts) as server:
        return await ask(server.url, client=client)


def failed(outcome: Outcome, kind: type[ProviderError], text: str = "") -> str:
    """Check how an answer failed and what was kept; return the sentence."""
    assert type(outcome.error) is kind, outcome.error
    assert outcome.text == text
    assert outcome.finished == []
    sentence = str(outcome.error)
    assert sentence.endswith((".", "”"))
    assert "Error" not in sentence
    return sentence


# Getting there


async def test_1_a_name_that_does_not_resolve() -> None:
    outcome = await ask("https://loquat-test.invalid/v1")
    assert "loquat-test.invalid" in failed(outcome, Unreachable)


async def test_1_nobody_listens() -> None:
    port = free_port()
    sentence = failed(await ask(f"http://127.0.0.1:{port}"), Unreachable)
    assert f"Nothing listens at 127.0.0.1:{port}" in sentence


async def test_2_a_server_without_tls_at_an_https_address() -> None:
    with serving(answer(chat("a"))) as server:
        outcome = await ask(server.url.replace("http:", "https:"))
    assert "secure" in failed(outcome, Unreachable)


async def test_3_a_proxy_never_sees_this_computers_own_traffic(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(answer(chat("proxy"))) as proxy, serving(answer(chat("direct"))) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert (await ask(server.url)).text == "direct"
        assert (await ask("http://loquat-test.invalid")).text == "proxy"
        assert proxy.connections == 1


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1", "SOCKS"),
        ("SSL_CERT_FILE", "/nowhere/certificates.pem", "SSL_CERT_FILE"),
        ("HTTPS_PROXY", "what://127.0.0.1:1", "HTTPS_PROXY"),
    ],
)
async def test_4_a_setting_of_the_system_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, named: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert named in failed(await ask("https://loquat-test.invalid"), Unreachable)
    # What needs no proxy works all the same.
    assert (await outcome_of(answer(chat("a")))).text == "a"


async def test_4_a_certificate_file_without_certificates(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty = tmp_path / "certificates.pem"
    empty.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(empty))
    assert "SSL_CERT_FILE" in failed(await ask("https://loquat-test.invalid"), Unreachable)


async def test_2_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    server_side = self_signed(tmp_path)
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=server_side)
    async with server:
        port = server.sockets[0].getsockname()[1]
        outcome = await ask(f"https://127.0.0.1:{port}")
    assert "self-signed certificate" in failed(outcome, Unreachable)


# Breaking off


async def test_5_a_reset_in_mid_stream() -> None:
    client = Client()

    def script(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("half"))
        # A reset may overtake what was sent: wait until the text is there.
        connection.wait_for(server.stopping)
        connection.reset()

    with serving(script) as server:
        outcome_events = []
        error: ProviderError | None = None
        try:
            url = f"{server.url}/chat/completions"
            async for events in client.stream(url, BODY, KEY, ProviderKind.OPENROUTER):
                outcome_events += events
                server.stopping.set()
        except ProviderError as caught:
            error = caught
    await client.aclose()
    assert "middle of the answer" in failed(Outcome(outcome_events, error), Interrupted, "half")


async def test_6_a_body_shorter_than_announced() -> None:
    def script(connection: Connection) -> None:
        connection.head(headers={"Content-Length": "100000"})
        connection.send(chunk("half"))

    assert "middle of the answer" in failed(await outcome_of(script), Interrupted, "half")


async def test_7_a_clean_end_without_a_finish() -> None:
    outcome = await outcome_of(answer(chunk("half")))
    assert "may be incomplete" in failed(outcome, Interrupted, "half")


async def test_7_an_end_in_the_middle_of_an_event() -> None:
    outcome = await outcome_of(answer(chunk("half") + chunk("lost")[:40]))
    failed(outcome, Interrupted, "half")


async def test_7_a_connection_closed_without_an_answer() -> None:
    assert "without an answer" in failed(await outcome_of(lambda _: None), Interrupted)


async def test_8_a_stall_ends_by_itself() -> None:
    def script(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("half"))
        connection.stall()

    outcome = await outcome_of(script, client=Client(read_timeout=0.2))
    assert "stopped sending" in failed(outcome, Interrupted, "half")


async def test_8_a_server_that_never_begins() -> None:
    outcome = await outcome_of(Connection.stall, client=Client(read_timeout=0.2))
    failed(outcome, Interrupted)


@pytest.mark.parametrize("drip", [b": PROCESSING\n\n", b"data:\n\n", b"\n", b"x"])
async def test_9_a_drip_that_says_nothing_is_silence(drip: bytes) -> None:
    def script(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("half"))
        connection.drip(drip)

    client = Client(read_timeout=10, silence_timeout=0.2)
    assert "stopped sending" in failed(await outcome_of(script, client=client), Interrupted, "half")


async def test_9_a_drip_of_headers_is_silence() -> None:
    def script(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\n")
        connection.drip(b"X-Wait: a\r\n")

    client = Client(read_timeout=10, silence_timeout=0.2)
    failed(await outcome_of(script, client=client), Interrupted)


async def test_9_comments_between_pieces_do_no_harm() -> None:
    waiting = b": OPENROUTER PROCESSING\n\n"
    outcome = await outcome_of(answer(waiting * 3 + chunk("a") + waiting + chat("b")))
    assert outcome.error is None
    assert outcome.text == "ab"


# Strange bytes


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_10_bytes_cut_inside_characters(size: int) -> None:
    escaped = b'data: {"choices":[{"delta":{"content":"\\ud83d\\ude00"}}]}\n\n'
    outcome = await outcome_of(answer(escaped + chat("é迁😀"), size=size))
    assert outcome.text == "😀é迁😀"


async def test_10_invalid_utf8_becomes_a_replacement_character() -> None:
    bad = b'data: {"choices":[{"delta":{"content":"a\xffb"}}]}\n\n'
    assert (await outcome_of(answer(bad + chat()))).text == "a\ufffdb"


async def test_11_a_byte_order_mark_does_not_hide_the_first_event() -> None:
    assert (await outcome_of(answer(b"\xef\xbb\xbf" + chat("a")))).text == "a"


async def test_12_line_separators_inside_json_end_no_line() -> None:
    text = "a\u2028b\u2029c\x85d\x0b\x0ce"
    assert (await outcome_of(answer(chat(text)))).text == text


async def test_13_a_line_of_fifty_megabytes_is_stopped_and_the_text_kept() -> None:
    def script(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("kept") + b"data: ")
        for _turn in range(50):
            connection.send(b"x" * 1_000_000)

    failed(await outcome_of(script), TooLarge, "kept")


async def test_14_a_gzip_bomb_is_not_inflated() -> None:
    bomb = gzip.compress(b"data: " + b"0" * 50_000_000)
    outcome = await outcome_of(answer(bomb, headers={"Content-Encoding": "gzip"}))
    assert "compressed" in failed(outcome, NotAnApi)


async def test_14_a_gzip_bomb_as_an_error_is_its_status() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    failed(
        await outcome_of(answer(bomb, status=500, headers={"Content-Encoding": "gzip"})),
        ProviderFailed,
    )


async def test_14_an_endless_error_is_its_status() -> None:
    def script(connection: Connection) -> None:
        connection.head(500, "application/json")
        connection.drip(b" " * 65_536, 0.001)

    failed(await outcome_of(script), ProviderFailed)


@pytest.mark.parametrize("media", ["text/html; charset=utf-8", "text/plain", "image/png"])
async def test_15_a_page_instead_of_an_answer(media: str) -> None:
    outcome = await outcome_of(answer(b"<html>Welcome to the hotel</html>", content_type=media))
    sentence = failed(outcome, NotAnApi)
    assert "sign in to the network" in sentence
    assert "hotel</html>" not in sentence


async def test_15_a_page_that_claims_to_be_a_stream() -> None:
    failed(await outcome_of(answer(b"<html>\n\n</html>\n\n" * 20)), Interrupted)
    failed(await outcome_of(answer(b"data: <html>\n\n" * 20)), NotAnApi)


async def test_16_one_event_of_nonsense_is_skipped() -> None:
    outcome = await outcome_of(answer(chunk("a") + b"data: {oops\n\n" + chat("b")))
    assert outcome.text == "ab"
    assert outcome.error is None


async def test_16_nothing_but_nonsense_from_there_on_is_the_end() -> None:
    outcome = await outcome_of(answer(chunk("a") + b"data: {oops\n\n" * 9 + chat("b")))
    failed(outcome, Interrupted, "a")


# What is not given away


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_17_a_redirect_is_named_and_not_followed(status: int) -> None:
    with serving(answer(chat("stolen"))) as other:
        target = f"{other.url}/steal?x=1"
        with serving(answer(b"", status=status, headers={"Location": target})) as server:
            outcome = await ask(server.url, body=BODY)
        assert f"127.0.0.1:{other.port}" in failed(outcome, Redirected)
        assert other.connections == 0


@pytest.mark.parametrize("target", ["", "//[", "/v2", "javascript:alert(1)", "http://a\x01b"])
async def test_17_a_redirect_to_nowhere_is_still_a_sentence(target: str) -> None:
    def script(connection: Connection) -> None:
        head = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"
        connection.send(head.encode())

    outcome = await outcome_of(script)
    assert isinstance(outcome.error, ProviderError)
    assert str(outcome.error).endswith(".")


async def test_18_a_limit_says_how_long_to_wait() -> None:
    limited = answer(b'{"error":{"message":"slow down"}}', status=429, headers={"Retry-After": "7"})
    outcome = await outcome_of(limited)
    assert "slow down" in failed(outcome, RateLimited)
    assert isinstance(outcome.error, RateLimited)
    assert outcome.error.retry_after == 7


async def test_19_a_wrong_key() -> None:
    body = f'{{"error":{{"message":"Incorrect API key provided: {KEY}","code":401}}}}'
    outcome = await outcome_of(answer(body, status=401, content_type="application/json"))
    assert "settings" in failed(outcome, KeyRefused)
    assert KEY not in str(outcome.error) + repr(outcome.error)


async def test_19_an_error_inside_the_stream_keeps_what_came() -> None:
    error = {"error": {"code": "server_error", "message": "GPU on fire\x07"}, "choices": []}
    outcome = await outcome_of(answer(chunk("half") + event(error) + chunk("never") + DONE))
    assert "“GPU on fire”" in failed(outcome, ProviderFailed, "half")


@pytest.mark.parametrize(
    "script",
    [
        answer(chat("a")),
        answer(f'{{"error":"{KEY}"}}', status=400),
        answer(chunk("a") + event({"error": {"message": KEY}})),
        answer(b"", status=302, headers={"Location": f"https://{KEY}@evil.invalid/{KEY}"}),
        answer(KEY, content_type=f"text/{KEY}"),
        answer(KEY, headers={"Content-Encoding": KEY}),
        answer(f"data: {KEY}\n\n" * 9),
        lambda _connection: None,
    ],
)
async def test_20_the_key_is_in_no_error_and_in_no_log(
    script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(script) as server:
        outcome = await ask(server.url)
    shown = caplog.text
    if (error := outcome.error) is not None:
        shown += "".join(traceback.format_exception(error)) + repr(error) + error.detail
    assert shown
    assert KEY not in shown


async def test_21_the_key_is_in_no_address() -> None:
    with serving(answer(chat("a"))) as server:
        await ask(server.url)
    assert KEY not in server.requests[0].path


async def test_22_a_request_is_sent_once_whatever_happens() -> None:
    for script in (Connection.reset, lambda _: None, answer(b"", status=503), answer(b"half")):
        with serving(script) as server:
            assert (await ask(server.url)).error is not None
        assert len(server.requests) == 1


async def test_stop_works_while_nothing_comes() -> None:
    def script(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("half"))
        connection.drip(b": waiting\n\n")

    with serving(script) as server:
        task = asyncio.create_task(ask(server.url))
        assert await asyncio.to_thread(server.asked.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.left.wait, 10)
