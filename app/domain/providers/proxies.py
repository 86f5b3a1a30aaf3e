"""The proxy setting: the system's proxy, none, or an address."""

import re
from urllib.parse import urlsplit

from app.domain.errors import AddressError
from app.domain.text.translation import _

#: Use the environment variables, which the desktop sets.
SYSTEM = "system"
#: Use no proxy.
NONE = "none"
_SCHEMES = {"http", "https"}
#: Host names (RFC 1123, with underscores) and dotted numbers.
_NAME = re.compile(r"(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,253}")
_NUMBER = re.compile(r"[0-9.]+")


def normal_proxy(text: str) -> str:
    """Return the normal form of a proxy as chosen or typed: SYSTEM, NONE, or an address such as
    `http://proxy.example:3128` (http if no scheme was typed).

    Raises AddressError if it is none of these, has a user name or a path, or is a SOCKS proxy.
    """
    text = text.strip()
    if text in {SYSTEM, NONE}:
        return text
    address = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise AddressError(_("This isn't the address of a proxy.")) from error
    if parts.scheme.startswith("socks"):
        raise AddressError(
            _("Loquat doesn't support SOCKS proxies. Enter the address of an HTTP proxy.")
        )
    host = parts.hostname or ""
    if parts.scheme not in _SCHEMES or not _is_host(host) or port == 0:
        raise AddressError(_("Enter an address such as http://proxy.example:3128."))
    if parts.username is not None:
        # The library, which would hold the password, is not encrypted.
        raise AddressError(
            _("Loquat doesn't store proxy passwords. Set HTTPS_PROXY in the system instead.")
        )
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise AddressError(_("Add the port to the end of the address."))
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def _is_host(text: str) -> bool:
    if ":" not in text and not _NUMBER.fullmatch(text):
        return _NAME.fullmatch(text) is not None
    # Imported late, since hardly anybody has a proxy's number and the first frame would wait.
    from ipaddress import ip_address

    try:
        # A zone (fe80::1%eth0) has a meaning on one computer only.
        return "%" not in text and bool(ip_address(text))
    except ValueError:
        return False
