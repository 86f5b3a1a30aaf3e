"""Which proxy the internet is reached through, as the person chooses it."""

from urllib.parse import urlsplit

from app.domain.errors import AddressError
from app.domain.texts import _

#: As the environment's variables say, which is what the desktop sets.
SYSTEM = "system"
NONE = "none"
_SCHEMES = {"http", "https"}


def normal_proxy(text: str) -> str:
    """Read a proxy as chosen or typed: SYSTEM, NONE, or an address, in its normal form.

    Raises AddressError.
    """
    text = text.strip()
    if text in {SYSTEM, NONE}:
        return text
    address = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise AddressError(_("That is not the address of a proxy.")) from error
    if parts.scheme.startswith("socks"):
        raise AddressError(_("Loquat cannot use a SOCKS proxy. Give the address of an HTTP one."))
    if parts.scheme not in _SCHEMES or not parts.hostname or port == 0:
        raise AddressError(_("A proxy's address is such as http://proxy.example:3128."))
    if parts.username is not None:
        # It would lie in the library, which is not encrypted.
        raise AddressError(
            _("Loquat keeps no proxy's password. Set HTTPS_PROXY in the system instead.")
        )
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise AddressError(_("A proxy's address ends with its port."))
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")
