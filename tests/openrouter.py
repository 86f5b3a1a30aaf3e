"""A stand-in for OpenRouter's signing in, and a browser that goes there and comes back."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from app.domain.providers.providers import Provider, ProviderKind
from tests.servers import Connection, Server

CODE = "canary-code-7f3a"
KEY = "sk-or-v1-canary0123456789abcdef0123456789"
FACTS = {"label": "Loquat", "limit": 10, "limit_remaining": 4.2, "usage": 5.8}


class OpenRouter:
    """A script for `serving`: makes a code at /auth, and a key where the verifier fits."""

    def __init__(
        self,
        *,
        returned: Mapping[str, str] | None = None,
        status: int = 200,
        facts: Any = None,
    ) -> None:
        """`returned` is what the browser brings back instead of a code; `status` is what the
        exchange answers."""
        self._returned = returned or {"code": CODE}
        self._status = status
        self._facts = FACTS if facts is None else facts
        self._challenge = ""

    def __call__(self, connection: Connection) -> None:
        """Answer one request."""
        path = urlsplit(connection.request.path).path
        match (connection.request.method, path):
            case ("GET", "/auth"):
                self._let_in(connection)
            case ("POST", "/api/v1/auth/keys"):
                self._give_key(connection)
            case ("GET", "/api/v1/key"):
                assert connection.request.headers["authorization"] == f"Bearer {KEY}"
                _say(connection, 200, {"data": self._facts})
            case _:
                _say(connection, 404, {})

    def _let_in(self, connection: Connection) -> None:
        asked = parse_qs(urlsplit(connection.request.path).query)
        assert asked["code_challenge_method"] == ["S256"]
        self._challenge = asked["code_challenge"][0]
        if "callback_url" in asked:
            target = f"{asked['callback_url'][0]}?{urlencode(self._returned)}"
            connection.head(302, "text/html", {"Location": target})
        else:
            assert asked["key_label"] == ["Loquat"]
            connection.head(200, "text/plain")
            connection.send(self._returned["code"].encode())

    def _give_key(self, connection: Connection) -> None:
        body = connection.request.json
        digest = hashlib.sha256(body["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        fits = body["code"] == CODE and challenge == self._challenge
        if self._status == 200 and fits:
            _say(connection, 200, {"key": KEY, "user_id": "user"})
        else:
            status = 403 if self._status == 200 else self._status
            _say(connection, status, {"error": {"message": f"No {body}", "code": status}})


def _say(connection: Connection, status: int, value: Any) -> None:
    connection.head(status, "application/json")
    connection.send(json.dumps(value).encode())


def provider_of(server: Server) -> Provider:
    """The provider that stands in for OpenRouter."""
    base_url = f"{server.url}/api/v1"
    return Provider("openrouter", "OpenRouter", ProviderKind.OPENROUTER, base_url, "m")


async def browse(address: str) -> httpx.Response:
    """Open an address as a browser does: follow where it leads, cookies and all."""
    headers = {"User-Agent": "Mozilla/5.0", "Accept": "text/html", "Cookie": "other=" + "x" * 4000}
    async with httpx.AsyncClient(
        follow_redirects=True, trust_env=False, headers=headers
    ) as browser:
        return await browser.get(address)
