"""A small HTTP server on loopback that waits for the browser to come back from signing in.

Other programs that connect to the port get no information. They can't exhaust it: the size of a
request, the number of connections and their duration are limited.
"""

import asyncio
import contextlib
import errno
import html
import socket
from collections.abc import Callable, Sequence

from app.api.endpoints.openrouter_sign_in import Returned
from app.domain.text.translation import _
from app.services.tasks import Tasks

#: Addresses to listen on. All use the port of the first if possible, because a browser may resolve
#: `localhost` to either.
LOOPBACK = ("127.0.0.1", "::1")
#: Largest request head in bytes. It may have cookies from other programs on this computer.
MOST_HEAD = 32 * 2**10
#: Concurrent connections. Browsers open several ahead and use one.
MOST_VISITORS = 16
#: Seconds for a connection to send its request and receive the response.
VISIT = 10.0
#: Number of ports to try until one is free on all addresses.
TRIES = 5


class CallbackListener:
    """HTTP server on loopback for one return from signing in. It listens until closed.

    `came` is called once with the code or error, after the browser has got its page.
    """

    def __init__(
        self,
        read: Callable[[str], Returned | None],
        came: Callable[[Returned], None],
        *,
        hosts: Sequence[str] = LOOPBACK,
        visit: float = VISIT,
    ) -> None:
        """`read` parses a request's target; None if the request is not the browser's callback."""
        self._read = read
        self._came = came
        self._hosts = hosts
        self._visit = visit
        self._servers: list[asyncio.Server] = []
        self._visitors: list[asyncio.StreamWriter] = []
        self._tasks = Tasks()
        self._taken = self._closed = False
        #: None while not listening.
        self.port: int | None = None

    async def open(self) -> bool:
        """Listen; return False if no port is free, or after `close`."""
        if self._closed:
            return False
        sockets = _sockets(self._hosts)
        if sockets:
            self.port = sockets[0].getsockname()[1]
        for bound in sockets:
            # start_serving=False: this doesn't wait, so a cancellation can't lose a server.
            server = await asyncio.start_server(
                self._admit, sock=bound, limit=MOST_HEAD, start_serving=False
            )
            self._servers.append(server)
        for server in self._servers:
            await server.start_serving()
        return bool(sockets)

    async def close(self) -> None:
        """Stop listening and close all connections."""
        self._closed, self.port = True, None
        servers, self._servers = self._servers, []
        for server in servers:
            server.close()
        await self._tasks.close()

    def _admit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._closed:
            writer.transport.abort()
            return
        if len(self._visitors) == MOST_VISITORS:
            self._visitors.pop(0).transport.abort()
        self._visitors.append(writer)
        self._tasks.spawn(self._serve(reader, writer), "sign-in: visitor")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        returned = None
        try:
            async with asyncio.timeout(self._visit):
                returned = await self._asked(reader)
                self._taken = self._taken or returned is not None
                writer.write(_answer(returned))
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        except (OSError, EOFError, TimeoutError):
            # The connection was closed early; its request has been read, or never comes.
            pass
        finally:
            writer.transport.abort()
            if writer in self._visitors:
                self._visitors.remove(writer)
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        if returned is not None:
            self._came(returned)

    async def _asked(self, reader: asyncio.StreamReader) -> Returned | None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            return None
        method, _space, rest = head.partition(b"\r\n")[0].decode("latin-1").partition(" ")
        target, _space, version = rest.partition(" ")
        if method != "GET" or not version.startswith("HTTP/1.") or self._taken:
            return None
        return self._read(target)


def _sockets(hosts: Sequence[str]) -> list[socket.socket]:
    """Return listening sockets with the same port on all hosts; none if the first host fails."""
    made: list[socket.socket] = []
    for _try in range(TRIES):
        for bound in made:
            bound.close()
        made, taken = [], False
        for host in hosts:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            port = made[0].getsockname()[1] if made else 0
            try:
                made.append(socket.create_server((host, port), family=family))
            except OSError as error:
                if not made:
                    return []
                taken = taken or error.errno == errno.EADDRINUSE
        if not taken:
            break
    return made


def _answer(returned: Returned | None) -> bytes:
    """Return a whole HTTP response: a page without scripts, styles or links."""
    if returned is None:
        status, words = "404 Not Found", _("Page not found.")
    elif returned.error:
        status, words = (
            "200 OK",
            _("No key was created. You can close this page and return to Loquat."),
        )
    else:
        status, words = "200 OK", _("Signed in. You can close this page and return to Loquat.")
    page = (
        '<!doctype html>\n<html><head><meta charset="utf-8"><title>Loquat</title></head>'
        f"<body><h1>Loquat</h1><p>{html.escape(words)}</p></body></html>\n"
    ).encode()
    head = (
        f"HTTP/1.1 {status}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(page)}",
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
        "Referrer-Policy: no-referrer",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
    )
    return "\r\n".join([*head, "", ""]).encode("ascii") + page
