"""Signing in: what is shown to the browser, what comes back, and a code becomes a key."""

import base64
import hashlib
import json
import logging
import re
import traceback
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.api.endpoints.openrouter_sign_in import (
    Returned,
    challenge_of,
    exchange,
    key_facts,
    new_path,
    new_verifier,
    read_callback,
    read_pasted,
    refusal,
    sign_in_address,
)
from app.api.http.client import Client
from app.domain.errors import (
    AddressError,
    Forbidden,
    InputError,
    KeyRefused,
    LoquatError,
    NotAnApi,
    ProviderError,
    ProviderFailed,
    Refused,
    RequestRejected,
)
from app.domain.providers.key_limits import KeyFacts
from tests.servers import Connection, Script, Server, answer, serving

BASE = "https://openrouter.ai/api/v1"
VERIFIER = new_verifier()
# Shorter than what a log takes for a key by itself.
CODE = "canary-code"
KEY = "sk-or-v1-canary0123456789abcdef"
PATH = "/callback/word"


def gives(value: Any, status: int = 200) -> Script:
    return answer(json.dumps(value), status=status, content_type="application/json")


async def exchanged(server: Server) -> str:
    client = Client()
    try:
        return await exchange(client, f"{server.url}/api/v1", CODE, VERIFIER)
    finally:
        await client.aclose()


def everything(error: BaseException, caplog: pytest.LogCaptureFixture) -> str:
    """All that a failure may end up as in a log or on the screen."""
    detail = error.detail if isinstance(error, LoquatError) else ""
    return "".join(traceback.format_exception(error)) + repr(error) + detail + caplog.text


def test_a_verifier_is_one_that_nobody_guesses() -> None:
    # RFC 7636, section 4.1.
    assert re.fullmatch(r"[-._~A-Za-z0-9]{43,128}", VERIFIER)
    assert new_verifier() != VERIFIER
    assert new_path() != new_path()


def test_the_challenge_is_the_specifications() -> None:
    # RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_address_names_callback_and_challenge_and_not_the_verifier() -> None:
    address = sign_in_address(BASE, VERIFIER, f"http://localhost:4711{PATH}")
    assert address.startswith("https://openrouter.ai/auth?")
    assert parse_qs(urlsplit(address).query) == {
        "callback_url": [f"http://localhost:4711{PATH}"],
        "code_challenge": [challenge_of(VERIFIER)],
        "code_challenge_method": ["S256"],
    }
    assert VERIFIER not in address


def test_without_a_listener_the_address_names_the_program() -> None:
    asked = parse_qs(urlsplit(sign_in_address(BASE, VERIFIER)).query)
    assert asked == {
        "key_label": ["Loquat"],
        "code_challenge": [challenge_of(VERIFIER)],
        "code_challenge_method": ["S256"],
    }


@pytest.mark.parametrize("base_url", ["http://openrouter.ai/api/v1", "http://192.0.2.1/v1"])
async def test_a_key_is_not_fetched_where_it_can_be_overheard(base_url: str) -> None:
    with pytest.raises(AddressError, match="https"):
        sign_in_address(base_url, VERIFIER)
    with pytest.raises(AddressError, match="https"):
        await exchange(Client(), base_url, CODE, VERIFIER)


@pytest.mark.parametrize(
    ("target", "returned"),
    [
        (f"{PATH}?code=abc%2Bd", Returned(code="abc+d")),
        (f"{PATH}?x=1&code=abc&y=", Returned(code="abc")),
        (f"{PATH}?error=access_denied", Returned(error="access_denied")),
        (f"{PATH}?code=abc&error=no&error_description=Not+now", Returned(error="no Not now")),
        (PATH, None),
        (f"{PATH}?", None),
        (f"{PATH}?code=", None),
        (f"{PATH}?code=a&code=b", None),
        (f"{PATH}?code=a%20b", None),
        (f"{PATH}?code=a%0d%0ab", None),
        (f"{PATH}?code=%ff", None),
        (f"{PATH}?code={'a' * 1025}", None),
        (f"{PATH}?{'&' * 50}code=a", None),
        (f"{PATH}/?code=abc", None),
        (f"{PATH[:-1]}?code=abc", None),
        ("/callback/?code=abc", None),
        (f"http://localhost{PATH}?code=abc", None),
        ("/\udcff?code=abc", None),
        ("", None),
    ],
)
def test_only_the_browser_that_comes_back_is_read(target: str, returned: Returned | None) -> None:
    assert read_callback(target, PATH) == returned


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        f"  {CODE}\n",
        f"http://localhost:4711{PATH}?code={CODE}",
        f"localhost:4711{PATH}?x=1&code={CODE}",
        f"code={CODE}",
    ],
)
def test_a_code_is_found_in_what_was_pasted(text: str) -> None:
    assert read_pasted(text) == CODE


@pytest.mark.parametrize("text", ["", " ", "two words", "a\nb", "ä", "x" * 10**6, "?code=", KEY])
def test_what_is_no_code_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(InputError) as refused:
        read_pasted(text)
    assert len(str(refused.value)) < 100
    assert "sk-" not in str(refused.value)


@pytest.mark.parametrize("words", ["server_error \x1b[0mIt\nfell", "<b>x</b>" * 1000, KEY])
def test_an_error_in_the_callback_is_told_in_one_short_line(words: str) -> None:
    told = str(refusal(BASE, words))
    assert told.startswith("openrouter.ai didn't create a key. Message from the server: “")
    assert told.isprintable()
    assert len(told) < 300
    assert KEY not in told


def test_somebody_who_said_no_is_not_told_of_an_error() -> None:
    assert "was declined" in str(refusal(BASE, "access_denied Not now"))


async def test_a_code_becomes_a_key() -> None:
    with serving(gives({"key": KEY, "user_id": "u"})) as server:
        assert await exchanged(server) == KEY
    request = server.requests[0]
    assert (request.method, request.path) == ("POST", "/api/v1/auth/keys")
    assert request.headers["content-type"] == "application/json"
    assert "authorization" not in request.headers
    assert request.json == {
        "code": CODE,
        "code_verifier": VERIFIER,
        "code_challenge_method": "S256",
    }
    digest = hashlib.sha256(request.json["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge_of(VERIFIER)


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, RequestRejected, "Paste a key in Settings"),
        (403, Forbidden, "expired. Try again"),
        (404, Refused, "doesn't support signing in"),
        (405, RequestRejected, "https only"),
        (500, ProviderFailed, "Try again later"),
        (429, Refused, "Wait a moment, then try again"),
    ],
)
async def test_each_refusal_is_a_sentence_with_a_next_step(
    status: int, kind: type[Refused], words: str
) -> None:
    refused = gives({"error": {"message": "Invalid code", "code": status}}, status)
    with serving(refused) as server, pytest.raises(kind, match=words) as failure:
        await exchanged(server)
    assert failure.value.status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "value",
    [{}, [], "text", None, {"key": None}, {"key": 7}, {"key": ""}, {"key": f"{KEY}\r\nX: y"}],
)
async def test_an_answer_without_a_key_is_said(
    value: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(gives(value)) as server, pytest.raises(NotAnApi, match="without a key") as failure:
        await exchanged(server)
    assert KEY not in everything(failure.value, caplog)


def repeats(connection: Connection, status: int = 403) -> None:
    """Say everything back that came, and a key."""
    words = f"{connection.request.json} {KEY} {CODE}{VERIFIER}"
    connection.head(status, "application/json", {"X-Code": CODE, "Location": f"//{CODE}.invalid"})
    connection.send(json.dumps({"error": {"message": words, "type": CODE}}).encode())


@pytest.mark.parametrize(
    "script",
    [
        repeats,
        lambda connection: repeats(connection, 500),
        lambda connection: repeats(connection, 302),
        lambda connection: repeats(connection, 201),
        answer(f"{CODE} {VERIFIER} {KEY}", content_type=f"text/{CODE}"),
        gives({"key": f"{KEY} {CODE}"}),
        answer(b"", headers={"Content-Encoding": CODE}),
        lambda connection: connection.send(f"HTTP/1.1 403 {CODE} {VERIFIER}\r\n\r\n".encode()),
        lambda _connection: None,
    ],
)
async def test_code_verifier_and_key_are_in_no_error_and_no_log(
    script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(script) as server, pytest.raises(ProviderError) as failure:
        await exchanged(server)
    shown = everything(failure.value, caplog)
    assert server.requests
    assert CODE not in shown
    assert VERIFIER not in shown
    assert KEY not in shown


def test_what_came_back_does_not_show_its_code() -> None:
    assert CODE not in repr(Returned(code=CODE))


async def test_a_key_is_asked_for_what_it_may_spend() -> None:
    client = Client()
    with serving(gives({"data": {"label": KEY, "usage": 1}}), gives({}, 401)) as server:
        facts = await key_facts(client, f"{server.url}/api/v1/", KEY)
        with pytest.raises(KeyRefused):
            await key_facts(client, f"{server.url}/api/v1", KEY)
    await client.aclose()
    assert facts == KeyFacts(label="•••", usage=facts.usage)
    assert (server.requests[0].method, server.requests[0].path) == ("GET", "/api/v1/key")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
