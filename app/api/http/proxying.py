"""Which way a request goes: straight to its server, or through a proxy, and through which."""

import ssl
from ipaddress import ip_address, ip_network
from urllib.request import getproxies

import httpx

from app.domain.providers.proxies import NONE, SYSTEM


class ProxyTransport(httpx.AsyncBaseTransport):
    """Connections straight to servers, and through the proxies that the person or the system names.

    httpx could read the environment itself. But it would believe a proxy's own certificate by
    OpenSSL's default and a list that it brings (httpcore 1.0, `default_ssl_context`), not as the
    system does; it fails over an ALL_PROXY that no request would take; it knows no networks in
    NO_PROXY; and it doesn't say which proxy a request took.
    """

    def __init__(self, proxy: str, context: ssl.SSLContext, limits: httpx.Limits) -> None:
        """`proxy` is one of `proxies`.

        Raises ImportError for a SOCKS proxy, ValueError or httpx.InvalidURL for what is none.
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
                one = _proxy(address, context)
                transport = httpx.AsyncHTTPTransport(
                    verify=context, trust_env=False, limits=limits, proxy=one
                )
                self._through[scheme] = (str(one.url), transport)

    def proxy_for(self, url: httpx.URL) -> str | None:
        """The proxy that a request goes through: scheme, host and port, never a password."""
        return self._through[url.scheme][0] if self._is_proxied(url) else None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request on its way, as httpx asks for it."""
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
        # Desktops write the first; httpx speaks none of them, whatever else is installed.
        raise ImportError(scheme)
    return httpx.Proxy(address, ssl_context=context if scheme == "https" else None)


def _names(text: str) -> list[str]:
    """The entries of NO_PROXY, which has no specification; this is what curl and Go make of it."""
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
    return any(one == name or one.endswith(f".{name}") for one in (host, f"{host}:{port}"))
