"""Signing in at OpenRouter with the browser (OAuth PKCE), and the limits of the new key.

Sources: OpenRouter's guide to OAuth PKCE and its API description; RFC 7636 for verifier and
challenge, RFC 8252 for callbacks on loopback. OpenRouter documents no `state`; a random part of
the callback's path replaces it.
"""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from hmac import compare_digest
from urllib.parse import parse_qs, urlencode, urlsplit

from app.api.failures.provider import Failures, shortened
from app.api.http.client import Client
from app.api.http.transport import JsonRequest
from app.domain.errors import AddressError, InputError, InvalidKey, NotAnApi, Refused
from app.domain.providers.addresses import is_loopback
from app.domain.providers.api_keys import clean_key
from app.domain.providers.key_limits import KeyFacts, read_key_facts
from app.domain.providers.providers import ProviderKind
from app.domain.text.translation import _

#: The name of the new key in OpenRouter's list of keys, if the code is pasted.
KEY_LABEL = "Loquat"
METHOD = "S256"
MAX_ERROR_WORDS = 200

_CODE = re.compile(r"[!-~]{1,1024}", re.ASCII)

_STATUSES = {
    400: _("{host} no longer supports signing in. Paste a key in Settings instead."),
    403: _("{host} rejected the code: it is wrong, used or expired. Try again."),
    404: _("{host} doesn't support signing in. Paste a key in Settings instead."),
    405: _("{host} gives keys over https only. Correct its address in Settings."),
}
_OWN_END = _("{host} had an error. Try again later, or paste a key in Settings.")


@dataclass(frozen=True, slots=True)
class Returned:
    """The result with which the browser comes back: a code, or an error in its place."""

    code: str = field(default="", repr=False)
    error: str = ""


def new_verifier() -> str:
    """Return a random code verifier (RFC 7636), without which a code can't be exchanged."""
    return secrets.token_urlsafe(64)


def new_path() -> str:
    """Return a random path for the callback, which nobody can guess."""
    return f"/callback/{secrets.token_urlsafe(24)}"


def challenge_of(verifier: str) -> str:
    """Return the code challenge of a verifier: its SHA-256 as base64url without padding."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def sign_in_address(base_url: str, verifier: str, callback: str | None = None) -> str:
    """Return the address to open in a browser, which then comes back to the URL `callback`.

    Without a callback, the page shows a code to be pasted. Raises AddressError unless the address
    is https or on this computer.
    """
    query = {"code_challenge": challenge_of(verifier), "code_challenge_method": METHOD}
    query |= {"key_label": KEY_LABEL} if callback is None else {"callback_url": callback}
    parts = urlsplit(_secure(base_url))
    return f"{parts.scheme}://{parts.netloc}/auth?{urlencode(query)}"


def read_callback(target: str, path: str) -> Returned | None:
    """Parse the target of an HTTP request: the code, or the error, with which the browser returns.

    None if it isn't the callback at `path`, or has neither an error nor exactly one valid code.
    """
    asked, _mark, query = target.partition("?")
    if not compare_digest(asked.encode("utf-8", "replace"), path.encode()):
        return None
    try:
        values = parse_qs(query, max_num_fields=20)
    except ValueError:
        return None
    if error := values.get("error", [])[:1]:
        return Returned(error=" ".join([*error, *values.get("error_description", [])[:1]]))
    codes = values.get("code", [])
    # A second code means that somebody tampered with the address.
    return Returned(code=codes[0]) if len(codes) == 1 and _CODE.fullmatch(codes[0]) else None


def read_pasted(text: str) -> str:
    """Return the code in a pasted text, which may be the whole address from the browser.

    Raises InputError, whose sentence doesn't quote the text.
    """
    code = text.strip()
    if "code=" in code:
        code = parse_qs(code.partition("?")[2] or code).get("code", [""])[0]
    if code.startswith("sk-"):
        raise InputError(_("This is a key, not a code. Paste it in Settings under Key."))
    if _CODE.fullmatch(code) is None:
        raise InputError(_("This isn't a code. Copy it again from the browser."))
    return code


def refusal(base_url: str, words: str) -> Refused:
    """Return the exception for an error that the browser came back with."""
    host = _host(base_url)
    words = shortened(Failures(host).redacted(words), MAX_ERROR_WORDS)
    if words.startswith("access_denied"):
        sentence = _("Access to {host} was declined. Try again if that was a mistake.")
    else:
        sentence = _("{host} didn't create a key. Message from the server: “{words}”. Try again.")
    return Refused(sentence.format(host=host, words=words), f"{host}: callback with an error")


async def exchange(client: Client, base_url: str, code: str, verifier: str) -> str:
    """Exchange a code for a key and return the key. A code works once, for ten minutes.

    Raises ProviderError, which contains neither code nor key, and AddressError unless the address
    is https or on this computer.
    """
    url = f"{_secure(base_url).rstrip('/')}/auth/keys"
    body = {"code": code, "code_verifier": verifier, "code_challenge_method": METHOD}
    host = _host(base_url)
    try:
        told = await client.fetch(
            JsonRequest(url, None, ProviderKind.OPENROUTER, body=body, secrets=(code, verifier))
        )
    except Refused as error:
        sentence = _STATUSES.get(error.status or 0, _OWN_END if (error.status or 0) >= 500 else "")
        raise type(error)(
            sentence.format(host=host) or str(error),
            error.detail,
            status=error.status,
            retry_after=error.retry_after,
        ) from error
    key = told.get("key") if isinstance(told, dict) else None
    try:
        return clean_key(key if isinstance(key, str) else "")
    except InvalidKey as error:
        raise NotAnApi(
            _("{host} answered without a key. Try again, or paste a key in Settings.").format(
                host=host
            ),
            f"{host}: no key",
        ) from error


async def key_facts(client: Client, base_url: str, key: str) -> KeyFacts:
    """Return the spending limits of a key. Raises ProviderError, InvalidKey."""
    url = f"{base_url.rstrip('/')}/key"
    request = JsonRequest(url, key, ProviderKind.OPENROUTER)
    return read_key_facts(await client.fetch(request), key)


def _secure(base_url: str) -> str:
    if urlsplit(base_url).scheme != "https" and not is_loopback(base_url):
        raise AddressError(
            _("Keys are fetched over https only. Correct the provider's address, then try again.")
        )
    return base_url


def _host(base_url: str) -> str:
    return urlsplit(base_url).netloc
