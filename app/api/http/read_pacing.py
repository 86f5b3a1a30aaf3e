"""Limits how often a stream is read, because each read costs 0.5 ms and a fast model sends 200
pieces a second. Between two reads, data waits in the socket's buffer."""

import asyncio
from typing import Any

import httpx

#: Seconds between two reads of the same connection.
PACE = 0.02


def pace(response: httpx.Response) -> None:
    """Limit reads of the rest of a response to one in `PACE` seconds, except after a full read."""
    stream = response.extensions.get("network_stream")
    if stream is None or isinstance(getattr(stream, "read", None), _PacedRead):
        return
    stream.read = _PacedRead(stream.read)


class _PacedRead:
    """A replacement for the `read` method of an httpcore network stream."""

    def __init__(self, read: Any) -> None:
        self._read = read
        self._next = 0.0

    async def __call__(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's name
        loop = asyncio.get_running_loop()
        if (early := self._next - loop.time()) > 0:
            await asyncio.sleep(early)
        data: bytes = await self._read(max_bytes, timeout=timeout)
        # After a full read more data is waiting.
        self._next = loop.time() + PACE if len(data) < max_bytes else 0.0
        return data
