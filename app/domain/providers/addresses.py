"""Addresses of servers: their normal form, their origin, and whether they are on this computer."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from app.domain.errors import AddressError
from app.domain.text.translation import _

_DEFAULT_PORTS = {"http": 80, "https": 443}


def normal_address(text: str) -> str:
    """Return a typed server address in its normal form: with a scheme, http if none was typed,
    and without trailing slashes and `/chat/completions`.

    Raises AddressError unless it is an http or https address with a host and without user name,
    query, fragment, spaces or invisible characters.
    """
    address = text.strip()
    if "://" not in address:
        address = f"http://{address}"
    address = address.rstrip("/").removesuffix("/chat/completions")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise AddressError(
            _("“{address}” isn't a valid address.").format(address=text[:200])
        ) from error
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or port == 0:
        raise AddressError(
            _("“{address}” isn't an http or https address.").format(address=text[:200])
        )
    if parts.username is not None or parts.query or parts.fragment:
        raise AddressError(_("The address can't contain a user name, “?” or “#”."))
    if any(character.isspace() or not character.isprintable() for character in address):
        raise AddressError(_("The address has a space or an invisible character. Remove it."))
    return address


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL, the port always written.

    A key is bound to this origin (`Provider.origin`, `store/keys.py`).
    """
    parts = urlsplit(url)
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


def is_loopback(url: str) -> bool:
    """Return whether a URL names this computer. Such a request never goes through a proxy."""
    host = (urlsplit(url).hostname or "").lower()
    try:
        return ip_address(host).is_loopback
    except ValueError:
        # Only the exact name: 127.0.0.1.example.com may belong to anybody.
        return host == "localhost"
