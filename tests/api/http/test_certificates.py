"""A server is believed if the system believes it, and nobody else is."""

import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.api.http import certificates
from app.domain.errors import Unreachable
from tests.api.http.exchanges import KEY, Outcome, ask
from tests.authority import Authority
from tests.proxy import answering, proxying
from tests.servers import chat

#: A server elsewhere, which only the proxy of a test leads to.
NAME = "example.test"
MakeKnown = Callable[[Authority, pytest.MonkeyPatch], None]


def by_a_file(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


def by_a_folder(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("only openssl says under which name it looks for a certificate")
    command = [openssl, "x509", "-noout", "-subject_hash", "-in", str(authority.file)]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    folder = authority.file.parent / "known"
    folder.mkdir()
    shutil.copy(authority.file, folder / f"{name}.0")
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))


def by_the_system(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform in {"win32", "darwin"}:
        pytest.skip("a test leaves the system's own store alone")
    # What is compiled into OpenSSL isn't there, and what distributions have is the authority's.
    monkeypatch.setattr(
        ssl, "get_default_verify_paths", lambda: SimpleNamespace(cafile=None, capath=None)
    )
    monkeypatch.setattr(certificates, "_system_has_some", lambda: True)
    monkeypatch.setattr("truststore._openssl._CA_FILE_CANDIDATES", [str(authority.file)])


def by_nobody(_authority: Authority, _monkeypatch: pytest.MonkeyPatch) -> None:
    pass


async def asked_here(authority: Authority, name: str = "localhost") -> Outcome:
    """What a server on this computer answers, whom an authority vouches for by a name."""
    async with answering(chat("secure"), authority.server_side(name)) as port:
        return await ask(f"https://localhost:{port}")


async def asked_elsewhere(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """The same of a server on the internet: another pool of connections."""
    server_side = authority.server_side(NAME)
    async with answering(chat("secure"), server_side) as port, proxying(port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        outcome = await ask(f"https://{NAME}/v1")
        assert KEY.encode() not in proxy.seen
        return outcome


@pytest.mark.parametrize("make_known", [by_a_file, by_a_folder, by_the_system])
async def test_who_is_known_to_the_system_is_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make_known: MakeKnown
) -> None:
    authority = Authority(tmp_path)
    make_known(authority, monkeypatch)
    for outcome in (await asked_here(authority), await asked_elsewhere(authority, monkeypatch)):
        assert (outcome.text, outcome.error) == ("secure", None)


@pytest.mark.parametrize("make_known", [by_a_file, by_nobody])
async def test_who_is_not_known_is_told_neither_key_nor_question(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make_known: MakeKnown
) -> None:
    for name in ("known", "unknown"):
        (tmp_path / name).mkdir()
    make_known(Authority(tmp_path / "known"), monkeypatch)
    unknown = Authority(tmp_path / "unknown")
    here = await asked_here(unknown)
    for outcome in (here, await asked_elsewhere(unknown, monkeypatch)):
        assert outcome.text == ""
        assert isinstance(outcome.error, Unreachable)
        assert "isn't valid" in str(outcome.error)
        assert "Nothing was sent" in str(outcome.error)
        assert KEY not in str(outcome.error)


async def test_a_certificate_for_another_name_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    by_a_file(authority, monkeypatch)
    outcome = await asked_here(authority, "elsewhere.test")
    assert isinstance(outcome.error, Unreachable)
    assert "isn't valid" in str(outcome.error)


def test_a_system_without_any_is_helped_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "_system_has_some", lambda: False)
    assert certificates.trusting_context().cert_store_stats()["x509_ca"] > 50


def test_the_systems_own_store_is_used_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import truststore

    monkeypatch.setattr(certificates, "_system_has_some", lambda: True)
    assert isinstance(certificates.trusting_context(), truststore.SSLContext)


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="they are never without")
@pytest.mark.parametrize(("name", "some"), [("0a1b2c3d.0", True), ("README", False)])
def test_a_folder_may_be_all_that_a_system_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, some: bool
) -> None:
    (tmp_path / name).touch()
    only = SimpleNamespace(cafile=None, capath=str(tmp_path))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: only)
    monkeypatch.setattr(certificates, "_is_file", lambda _path: False)
    assert certificates._system_has_some() is some
