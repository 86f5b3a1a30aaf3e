"""The way to a provider is blocked: the person reads by what, and everything else works."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.errors import (
    Unreachable,
)
from tests.api.http.exchanges import ask
from tests.faults.outcomes import failed, outcome_of
from tests.servers import answer, chat, serving


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
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
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


async def test_1_a_name_that_does_not_resolve() -> None:
    outcome = await ask("https://loquat-test.invalid/v1")
    assert "loquat-test.invalid" in failed(outcome, Unreachable)


async def test_1_nobody_listens() -> None:
    port = free_port()
    sentence = failed(await ask(f"http://127.0.0.1:{port}"), Unreachable)
    assert f"No server is running at 127.0.0.1:{port}" in sentence


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
