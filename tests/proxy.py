"""A real proxy on 127.0.0.1 that keeps every byte it sees, and leads everywhere to one server."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from tests.servers import PATIENCE


class Proxy:
    """`asked` has the first line of each request, `seen` all that clients sent, in tunnels too."""

    def __init__(self, target: int) -> None:
        self._target = target
        self.asked: list[str] = []
        self.seen = bytearray()
        self.port = 0

    async def lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Lead one client to the server: by a tunnel where it asks for one."""
        head = await reader.readuntil(b"\r\n\r\n")
        self.seen += head
        self.asked.append(head.split(b"\r\n")[0].decode())
        back, onward = await asyncio.open_connection("127.0.0.1", self._target)
        if head.startswith(b"CONNECT "):
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            onward.write(head)
        ways = [
            asyncio.create_task(self._copy(reader, onward, keep=True)),
            asyncio.create_task(self._copy(back, writer, keep=False)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.wait(ways)
            await _closed(onward)

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, keep: bool
    ) -> None:
        with suppress(OSError):
            while piece := await reader.read(65536):
                if keep:
                    self.seen += piece
                writer.write(piece)
                await writer.drain()


@asynccontextmanager
async def proxying(target: int, secure: ssl.SSLContext | None = None) -> AsyncIterator[Proxy]:
    """Run a proxy that leads to a port of this computer, whatever it is asked for."""
    proxy = Proxy(target)
    async with _listening(proxy.lead, "127.0.0.1", secure) as proxy.port:
        yield proxy


@asynccontextmanager
async def answering(
    data: bytes, secure: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[int]:
    """Run a server that gives one answer to everything; give its port."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + data)
        await writer.drain()

    async with _listening(say, host, secure) as port:
        yield port


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def _listening(serve: Serve, host: str, secure: ssl.SSLContext | None) -> AsyncIterator[int]:
    under_way: set[asyncio.Task[None] | None] = set()

    async def bounded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way.add(asyncio.current_task())
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await serve(reader, writer)
        await _closed(writer)

    server = await asyncio.start_server(bounded, host, 0, ssl=secure)
    async with server:
        yield server.sockets[0].getsockname()[1]
    await asyncio.gather(*(task for task in under_way if task is not None))


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
