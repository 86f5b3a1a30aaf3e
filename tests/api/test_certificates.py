"""A server is believed if the system believes it, and nobody else is."""

import asyncio
import ssl
from pathlib import Path

import pytest

from app.api import certificates
from app.domain.errors import Unreachable
from tests.api.asking import ask
from tests.faults.test_connecting import self_signed
from tests.servers import chat

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


async def text_of(context: ssl.SSLContext) -> tuple[str, object]:
    """Ask a server that shows a certificate."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + chat("secure"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(say, "127.0.0.1", 0, ssl=context)
    async with server:
        port = server.sockets[0].getsockname()[1]
        outcome = await ask(f"https://localhost:{port}")
    return outcome.text, outcome.error


def known_here(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side, and the file that makes it known."""
    context = self_signed(folder)
    return context, next(path for path in folder.iterdir() if b"CERTIFICATE" in path.read_bytes())


async def test_who_is_known_to_the_system_is_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context, known = known_here(tmp_path)
    _text, error = await text_of(context)
    assert isinstance(error, Unreachable)
    assert "could not prove" in str(error)
    monkeypatch.setenv("SSL_CERT_FILE", str(known))
    assert await text_of(context) == ("secure", None)


def test_a_system_without_any_is_helped_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "_system_has_some", lambda: False)
    assert certificates.trusting_context().cert_store_stats()["x509_ca"] > 50


def test_the_systems_own_store_is_used_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import truststore

    monkeypatch.setattr(certificates, "_system_has_some", lambda: True)
    assert isinstance(certificates.trusting_context(), truststore.SSLContext)
