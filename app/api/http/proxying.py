"""An httpx transport that sends each request directly or through the configured proxy."""

import ssl
from ipaddress import ip_address, ip_network
from urllib.request import getproxies

import httpx

from app.domain.providers.proxies import NONE, SYSTEM


class ProxyTransport(httpx.AsyncBaseTransport):
    """Two kinds of connections: direct ones, and those through the person's or system's proxies.

    httpx can read the proxy environment itself, but: it checks a proxy's certificate with OpenSSL's
    default and certifi's list (httpcore 1.0, `default_ssl_context`) instead of the system's; it
    fails on an ALL_PROXY that no request would use; it ignores networks in NO_PROXY; and it doesn't
    tell which proxy a request used.
    """

    def __init__(self, proxy: str, context: ssl.SSLContext, limits: httpx.Limits) -> None:
        """`proxy` is SYSTEM, NONE or an address, see `domain.providers.proxies`.

        Raises ImportError for a SOCKS proxy, ValueError or httpx.InvalidURL for a wrong address.
        """
        self._straight = httpx.AsyncHTTPTransport(verify=context, trust_env=False, limits=limits)
        found = {"all": proxy}
        if proxy == SYSTEM:
            found = getproxies()
        elif proxy == NONE:
            found = {}
        self._excepted = _names(found.get("no", ""))
        #: Scheme → the proxy's address without its password, and the connections through it.
        self._through: dict[str, tuple[str, httpx.AsyncHTTPTransport]] = {}
        for scheme in ("http", "https"):
            if address := found.get(scheme) or found.get("all"):
                via = _proxy(address, context)
                transport = httpx.AsyncHTTPTransport(
                    verify=context, trust_env=False, limits=limits, proxy=via
                )
                self._through[scheme] = (str(via.url), transport)

    def proxy_for(self, url: httpx.URL) -> str | None:
        """Return a URL's proxy as scheme, host and port, without password; None for no proxy."""
        return self._through[url.scheme][0] if self._is_proxied(url) else None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request directly or through its proxy (httpx's interface of a transport)."""
        proxied = self._is_proxied(request.url)
        transport = self._through[request.url.scheme][1] if proxied else self._straight
        return await transport.handle_async_request(request)

    async def aclose(self) -> None:
        """Close every connection."""
        for _address, transport in self._through.values():
            await transport.aclose()
        await self._straight.aclose()

    def _is_proxied(self, url: httpx.URL) -> bool:
        if url.scheme not in self._through:
            return False
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        return not any(_concerns(name, url.host, port) for name in self._excepted)


def _proxy(address: str, context: ssl.SSLContext) -> httpx.Proxy:
    address = address if "://" in address else f"http://{address}"
    scheme = address.partition("://")[0].lower()
    if scheme in {"socks", "socks4", "socks4a"}:
        # Desktop settings write "socks"; httpx supports none of these schemes.
        raise ImportError(scheme)
    return httpx.Proxy(address, ssl_context=context if scheme == "https" else None)


def _names(text: str) -> list[str]:
    """Return the entries of NO_PROXY, read as curl and Go do; there is no specification."""
    names = (entry.strip().lower().rpartition("://")[2] for entry in text.split(","))
    return [name if name == "*" else name.lstrip("*.").strip("[]") for name in names if name]


def _concerns(name: str, host: str, port: int) -> bool:
    if name == "*":
        return True
    if "/" in name:
        try:
            return ip_address(host) in ip_network(name, strict=False)
        except ValueError:
            return False
    return any(
        address == name or address.endswith(f".{name}") for address in (host, f"{host}:{port}")
    )
