"""Translates httpx's exceptions into the program's error tree.

httpx names the phase (connecting, reading); the reason is in the operating system's error that
the exception wraps.
"""

import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from app.api.failures.provider import Failures
from app.domain.errors import Interrupted, NotAnApi, ProviderError, Redirected, Unreachable
from app.domain.text.translation import _


def no_transport(error: Exception) -> Unreachable:
    """Return the error for an exception raised while the HTTP client was created.

    ImportError: the system asks for a SOCKS proxy. OSError: the certificates can't be read. Any
    other: the system's proxy setting is not an address.
    """
    if isinstance(error, ImportError):
        sentence = _(
            "The system is set to a SOCKS proxy, which Loquat doesn't support. "
            "Set an HTTP proxy instead, or unset ALL_PROXY."
        )
    elif isinstance(error, OSError):
        sentence = _(
            "The certificates named by SSL_CERT_FILE or SSL_CERT_DIR can't be read. "
            "Correct that variable, or unset it."
        )
    else:
        sentence = _(
            "The system's proxy setting isn't a valid address. Correct HTTP_PROXY, HTTPS_PROXY or "
            "ALL_PROXY, or unset it."
        )
    return Unreachable(sentence, f"{type(error).__name__}")


def not_connected(
    error: httpx.HTTPError | httpx.InvalidURL, failures: Failures, proxy: str | None = None
) -> ProviderError:
    """Return the error for a request that got no answer, from its server or from a proxy."""
    host = failures.host
    if isinstance(error, httpx.ProxyError) and proxy is not None and str(error).startswith("407"):
        return proxy_wants_password(proxy, failures)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
        sentence = _certificate(error, host, proxy) or (
            _connecting(error, host) if proxy is None else _through(error, host, proxy)
        )
        return Unreachable(sentence, _detail(error, failures))
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        sentence = _("The address of {host} isn't valid. Check it in Settings.")
        return Unreachable(sentence.format(host=host), _detail(error, failures))
    if isinstance(error, httpx.TimeoutException):
        sentence = _("{host} accepted the request but sent no answer. Try again.")
    elif isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        sentence = _("{host} isn't an HTTP server. Check the address.")
        return NotAnApi(sentence.format(host=host), _detail(error, failures))
    else:
        sentence = _("{host} closed the connection without an answer. Try again.")
    return Interrupted(sentence.format(host=host), _detail(error, failures))


def broken_off(error: httpx.HTTPError, failures: Failures) -> Interrupted:
    """Return the error for an answer whose connection broke before its end."""
    sentence = _("The connection to {host} was lost. The answer so far is kept.")
    if isinstance(error, httpx.TimeoutException):
        return fell_silent(failures)
    return Interrupted(sentence.format(host=failures.host), _detail(error, failures))


def fell_silent(failures: Failures) -> Interrupted:
    """Return the error for an answer that stopped coming while the connection stayed open."""
    sentence = _("{host} stopped sending. The answer so far is kept. Try again.")
    return Interrupted(sentence.format(host=failures.host), "silence")


def redirected(response: httpx.Response, failures: Failures) -> Redirected:
    """Return the error for a redirect. It is not followed, so the key and the prompt stay here."""
    try:
        target = urlsplit(str(response.url.join(response.headers.get("location", "")))).netloc
    except (ValueError, httpx.InvalidURL):
        target = ""
    target = failures.redacted(target.rpartition("@")[2])[:200] or _("another address")
    return Redirected(
        _(
            "{host} redirects to {target}. Loquat doesn't follow, so that your key and text go "
            "nowhere else. If the new address is right, enter it in Settings."
        ).format(host=failures.host, target=target),
        f"{failures.host}: {response.status_code}",
    )


def proxy_wants_password(proxy: str, failures: Failures) -> Unreachable:
    """Return the error for a proxy that asks for a user name and a password (status 407)."""
    sentence = _(
        "The proxy {proxy} needs a user name and password. Set HTTPS_PROXY with both "
        "in the system, and choose “System proxy” in Settings → General."
    )
    return Unreachable(sentence.format(proxy=proxy), f"{failures.host}: 407")


def _certificate(error: httpx.HTTPError, host: str, proxy: str | None) -> str:
    """Return a sentence about a TLS error; empty if the error is another one."""
    reason = next((cause for cause in _reasons(error) if isinstance(cause, ssl.SSLError)), None)
    if reason is None:
        return ""
    if proxy is not None and proxy.startswith("https:"):
        # The proxy has a certificate too, and the error doesn't say whose is wrong.
        host = _("{host} or the proxy {proxy}").format(host=host, proxy=proxy)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return _(
            "The certificate of {host} isn't valid: {reason}. Nothing was sent. Check the address, "
            "the computer's clock, and any proxy."
        ).format(host=host, reason=reason.verify_message.rstrip("."))
    return _("Can't make a secure connection to {host}. Check the address.").format(host=host)


def _through(error: httpx.HTTPError, host: str, proxy: str) -> str:
    if isinstance(error, httpx.ProxyError):
        sentence = _(
            "The proxy {proxy} doesn't allow connections to {host}. Check its settings, or choose "
            "another proxy in Settings → General."
        )
    else:
        sentence = _(
            "Can't reach the proxy {proxy} on the way to {host}. Check the connection, or the "
            "proxy in Settings → General."
        )
    return sentence.format(host=host, proxy=proxy)


def _connecting(error: httpx.HTTPError, host: str) -> str:
    reasons = list(_reasons(error))
    if isinstance(error, httpx.ConnectTimeout):
        return _("{host} didn't answer in time. Check the connection and try again.").format(
            host=host
        )
    if any(isinstance(cause, socket.gaierror) for cause in reasons):
        return _("Can't find {host}. Check the address and the internet connection.").format(
            host=host
        )
    if any(isinstance(cause, ConnectionRefusedError) for cause in reasons):
        return _("No server is running at {host}. Start it, or check the address.").format(
            host=host
        )
    return _("Can't reach {host}. Check the connection and try again.").format(host=host)


def _reasons(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, all its causes, and the members of exception groups."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__]
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions


def _detail(error: Exception, failures: Failures) -> str:
    """Return the types and the errno of the causes, for the log.

    Without messages, because httpx quotes unreadable data, which may contain the question.
    """
    kinds = dict.fromkeys(_kind(cause) for cause in _reasons(error))
    return f"{failures.host}: {', '.join(kinds)}"


def _kind(cause: BaseException) -> str:
    number = f" {cause.errno}" if isinstance(cause, OSError) and cause.errno else ""
    return f"{type(cause).__name__}{number}"
